"""For which targets a cost is meant, and what is said of rows whose target lies outside."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.catalog.costs import COSTS
from nnviz.catalog.expression import parse

ZERO = 1e-7
"""Up to this distance from 0 a target counts as 0: Keras divides by no less."""
NEAR = 1e-3
"""A share of the median distance from 0: a target nearer to 0 than that rules a cost that divides by it."""
_PREDICTIONS = (0.1, 0.9, 2.0)

Range = Mapping[str, Any]


def target_range(name: str, y: NDArray[np.float64]) -> dict[str, Any]:
    """What a domain is held against, of one target column (n,) of finite numbers in its own unit: how many rows there are, how
    many are 0, so near 0 that dividing by them is no comparison, or negative; the least and the largest. JSON-able."""
    distance = np.abs(y)
    zero = distance <= ZERO
    near = ~zero & (distance < NEAR * float(np.median(distance))) if len(y) else zero
    return {
        "name": name,
        "rows": len(y),
        "zero": int(zero.sum()),
        "near": int(near.sum()),
        "negative": int((y < 0).sum()),
        "least": float(y.min()) if len(y) else 0.0,
        "most": float(y.max()) if len(y) else 0.0,
    }


def outside(kind: str, ranges: Sequence[Range]) -> tuple[str, ...]:
    """A sentence for each target column that has rows outside the domain of the cost `kind`: how many, and what to do."""
    entry = COSTS.get(kind)
    if entry is None or entry.domain is None:
        return ()
    sentences = []
    for of in ranges:
        parts = []
        if entry.domain == "nonzero":
            parts += [_rows(of["zero"], of["rows"], "0")] if of["zero"] else []
            parts += [_rows(of["near"], of["rows"], "next to 0")] if of["near"] else []
        elif of["negative"]:
            parts.append(_rows(of["negative"], of["rows"], f"negative (the least: {figure(of['least'])})"))
        if parts:
            sentences.append(f"{kind} {entry.domain_why}: in column {of['name']!r} {' and '.join(parts)}. {entry.domain_remedy}")
    return tuple(sentences)


def figure(value: float) -> str:
    """A number in a sentence: 3,000,000 and 0.25, and 1e+30 only where it would be long."""
    return f"{value:,.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:,.6g}"


def undefined(kind: str, params: Mapping[str, Any], y: NDArray[np.float64]) -> str:
    """Of a typed formula or a custom cost, over `y` (n, t) as it is trained on: in how many rows it is no finite number
    whatever is predicted, as a sentence; empty for none. Raises nothing: what cannot be worked out is not judged."""
    entry = COSTS.get(kind)
    if entry is None or not (kind == "Expression" or entry.source) or not len(y):
        return ""
    numbers = {param.name: params.get(param.name, param.default) for param in entry.params if param.name != "expression"}
    text = entry.formula_for(entry.transform.get("regression", "identity")) or params.get("expression", "")
    bad = np.ones(len(y), dtype=bool)
    try:
        formula = parse(text, names=("y_true", "y_pred", *numbers))
        for y_pred in (y, *(np.full_like(y, value) for value in _PREDICTIONS)):
            with np.errstate(all="ignore"):
                cost = np.broadcast_to(np.asarray(formula.evaluate({"y_true": y, "y_pred": y_pred, **numbers}), float), y.shape)
            bad &= ~np.isfinite(cost).all(axis=1)
    except Exception:  # the formula's own mistakes are said where it is checked
        return ""
    if not bad.any():
        return ""
    unit = "the scaled target" if entry.target_scaling else "the target"
    return (
        f"{kind}: the formula is no finite number in {int(bad.sum()):,} of {len(y):,} rows, whatever is predicted (the first "
        f"has {_numbers(y[int(bad.argmax())])} as {unit}). Change the formula so that it holds for every target."
    )


def _rows(count: int, rows: int, what: str) -> str:
    return f"{count:,} of {rows:,} rows {'is' if count == 1 else 'are'} {what}"


def _numbers(values: NDArray[np.float64]) -> str:
    return ", ".join(f"{value:.6g}" for value in values)
