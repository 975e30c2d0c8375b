"""Numbers as people write them: 463,540 and not 4.6354e+05, all of one picture or column with the same decimals."""

import math
from collections.abc import Callable, Iterable

STEPS = 3
"""A thousandth of the spread can still be told apart."""
MOST_DECIMALS = 12
LARGE, SMALL = 1e15, 1e-4
"""From the one on, and below the other, numbers are written with a power of ten."""


def decimals(values: Iterable[float]) -> int | None:
    """Decimals with which these numbers can be told apart; None where a power of ten is shorter."""
    known = [float(value) for value in values if math.isfinite(value)]
    if not known:
        return 0
    largest, spread = max(map(abs, known)), max(known) - min(known)
    if largest >= LARGE or 0 < largest < SMALL:
        return None
    if all(value.is_integer() for value in known):
        return 0
    # a float64 has no more than some 16 digits to show
    most = 15 - math.ceil(math.log10(largest)) if largest else MOST_DECIMALS
    return max(0, min(STEPS - math.floor(math.log10(spread or largest)), most, MOST_DECIMALS))


def one_format(values: Iterable[float]) -> Callable[[float | None], str]:
    """Writes each of these numbers with the same decimals; what is no number as a dash."""
    places = decimals(values)

    def written(value: float | None) -> str:
        if value is None or math.isnan(value):
            return "–"
        if math.isinf(value):
            return "∞" if value > 0 else "-∞"
        return f"{value:.4g}" if places is None else f"{value:,.{places}f}"

    return written


def axis_format(values: Iterable[float]) -> str:
    """The same for Plotly (d3): for the ticks of an axis and what the cursor shows."""
    places = decimals(values)
    return ".4~g" if places is None else f",.{places}~f"


def in_unit(value: float, scale: float) -> str:
    """One number of a quantity that spreads by `scale`."""
    return one_format([value, value + scale if scale > 0 else value])(value)
