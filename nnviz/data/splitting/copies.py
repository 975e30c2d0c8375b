"""Rows that stand more than once: how many there are, how many of them fall into two parts, how many of these chance makes, and
which belong together.

A copy is equal to another row in every input that is used and in the target. Cells are compared as the table holds them:
numbers by their value, texts by their trimmed letters, images by their pixels."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nnviz.data.column_names import count_of
from nnviz.data.columns import cells
from nnviz.data.columns.reading_rules import NEWEST, Rules

Numbers = NDArray[np.int64]
Keys = NDArray[np.uint64]
Chances = NDArray[np.float64]
NOTABLE_SHARE = 0.01
"""From this share of a part's rows on it is a warning that they stand in training too, ..."""
CHANCE_SHARE = 0.2
"""... and from this one where they are about as many as chance makes."""
NOTABLE_ROWS = 2
AT_ONCE = 1024
"""Images that are read at once, where they lie on the disk."""
MOST_CLASSES = 50
"""Up to so many different targets, values are counted within each."""
COARSE = 0.1
"""Where the rows' inputs differ in fewer ways than this share of the rows, rows repeat by their nature."""
NEGLIGIBLE = 0.01
"""Pairs of equal rows that chance makes: below, further columns need not be looked at."""


@dataclass(frozen=True, kw_only=True)
class Copies:
    """`same` (n,): a number for each row, equal for rows that are equal in inputs and target. `alike` (n,): the same for the
    inputs alone."""

    same: Numbers
    alike: Numbers

    @property
    def count(self) -> int:
        """How many rows repeat one above them."""
        return len(self.same) - _distinct(self.same)

    @property
    def contradictory(self) -> int:
        """How many rows have the inputs of another row and another target than that one."""
        first = ~pd.Series(self.same).duplicated().to_numpy()
        targets = np.bincount(self.alike[first])
        return int((targets > 1)[self.alike].sum())

    @property
    def twins(self) -> int:
        """How many rows have the inputs of another row."""
        return int((np.bincount(self.alike) > 1)[self.alike].sum())

    def crossing(self, parts: Mapping[str, Numbers]) -> dict[str, int]:
        """Of validation and test: how many of their rows stand in training too."""
        trained = np.zeros(int(self.same.max(initial=-1)) + 1, dtype=bool)
        trained[self.same[parts["train"]]] = True
        return {part: int(trained[self.same[rows]].sum()) for part, rows in parts.items() if part != "train"}


@dataclass(frozen=True, kw_only=True)
class ByChance:
    """How likely another row is equal to each by chance: in inputs and target (`same`), in the inputs alone (`alike`);
    float64 (n,)."""

    same: Chances
    alike: Chances

    @property
    def count(self) -> float:
        """How many rows would repeat one above them."""
        return float((1 - np.exp(-np.arange(len(self.same)) * self.same)).sum())

    @property
    def twins(self) -> float:
        return float((1 - np.exp(-(len(self.alike) - 1) * self.alike)).sum())

    def crossing(self, parts: Mapping[str, Numbers]) -> dict[str, float]:
        """Of validation and test: how many of their rows would stand in training too."""
        return {
            part: float((1 - np.exp(-len(parts["train"]) * self.same[rows])).sum())
            for part, rows in parts.items()
            if part != "train"
        }


def of_table(frame: Any, inputs: Sequence[str], targets: Sequence[str], *, rules: Rules = NEWEST) -> Copies:
    """The copies among the rows of a table, by its columns; those of a table on the disk are read one after another."""
    alike = np.zeros(len(frame), dtype=np.uint64)
    for place, name in enumerate(inputs):
        alike = _mixed(alike, _column(frame[name], rules), place)
    return _copies(alike, [_column(frame[name], rules) for name in targets])


def of_images(x: Any, frame: pd.DataFrame, targets: Sequence[str], *, rules: Rules = NEWEST) -> Copies:
    """The copies among images (n, ...), by the bytes of each."""
    hashed = b"".join(
        hashlib.blake2b(image.tobytes(), digest_size=8).digest()
        for start in range(0, len(x), AT_ONCE)
        for image in x[start : start + AT_ONCE]
    )
    return _copies(np.frombuffer(hashed, dtype=np.uint64), [_column(frame[name], rules) for name in targets])


def by_chance(copies: Copies, frame: Any, inputs: Sequence[str], targets: Sequence[str], *, rules: Rules = NEWEST) -> ByChance:
    """As if the columns of a table were independent of one another, within each class where there are few. A value is as likely
    as it is among the rows that are not equal to the one in question: its copies say nothing of how often it comes by chance.

    Where each combination of values comes in ten rows and more, as of a single column of words, or of a town and its country, all
    are taken to come by chance: as often as they do."""
    rows = len(frame)
    every = np.bincount(copies.same)[copies.same], np.bincount(copies.alike)[copies.alike]
    if _distinct(copies.alike) <= COARSE * rows:
        return ByChance(same=(every[0] - 1) / max(1, rows - 1), alike=(every[1] - 1) / max(1, rows - 1))
    known = [_numbered(_column(frame[name], rules)) for name in targets]
    group = known[0] if len(known) == 1 and _distinct(known[0]) <= MOST_CLASSES else np.zeros(rows, dtype=np.int64)
    same, alike = np.ones(rows), np.ones(rows)
    for target in known:
        same *= _chance_of_value(target, np.zeros_like(group), every[0])
    for name in inputs:
        if rows * max(same.sum(), alike.sum()) < NEGLIGIBLE:
            break
        codes = _numbered(_column(frame[name], rules))
        same *= _chance_of_value(codes, group, every[0])
        alike *= _chance_of_value(codes, np.zeros_like(group), every[1])
    return ByChance(same=same, alike=alike)


def _chance_of_value(codes: Numbers, group: Numbers, own: Numbers) -> Chances:
    """How likely each row's value is within its group, its `own` copies and itself left out."""
    groups = int(group.max(initial=0)) + 1
    different = int(codes.max(initial=0)) + 1
    if groups * different > 4 * len(codes):
        group, groups = np.zeros_like(group), 1
    pair = codes * groups + group
    others = np.bincount(group)[group] - own
    return np.where(others > 0, (np.bincount(pair)[pair] - own) / np.maximum(others, 1), 0.0)


def joined(*groups: Numbers) -> Numbers:
    """Numbers (n,) of the groups that hold together what any of the given groups holds together."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    rows = len(groups[0])
    starts = np.cumsum([rows, *(int(group.max(initial=-1)) + 1 for group in groups)])
    ends = np.concatenate([group + start for group, start in zip(groups, starts, strict=False)])
    edges = (np.ones(len(ends), dtype=np.int8), (np.tile(np.arange(rows), len(groups)), ends))
    return np.asarray(connected_components(coo_matrix(edges, shape=(starts[-1], starts[-1])))[1][:rows], dtype=np.int64)


def are_notable(copies: Copies, parts: Mapping[str, Numbers] | None) -> bool:
    """Whether there are enough of them, or of contradictions, that it matters how many chance makes."""
    rows = len(copies.same)
    if copies.contradictory >= _notable_count(rows):
        return True
    if parts is None:
        return copies.count >= _notable_count(rows)
    return any(crossing >= _notable_count(len(parts[part])) for part, crossing in copies.crossing(parts).items())


def warnings_about(
    copies: Copies,
    parts: Mapping[str, Numbers] | None,
    chance: ByChance | None = None,
    *,
    noun: str = "row",
    together: bool = False,
    of_classes: bool = True,
) -> list[str]:
    """What is worth a warning: copies that cross from training into another part in a notable share, well above what `chance`
    makes, or so many that the part shows little else; and equal inputs with different classes (numbers differ by their noise:
    nothing is wrong with that). `parts`: rows of each; None: not known yet, then the copies themselves are counted. `together`:
    whether copies were to be kept in one part."""
    warnings = []
    equal = "equal in every pixel and in the target" if noun == "image" else "equal in every input and in the target"
    every = len(copies.same)
    if parts is None and copies.count >= _notable_count(every) and _exceeds_chance(copies.count, chance.count if chance else 0.0):
        warnings.append(f"{copies.count:,} of {count_of(every, noun)} repeat another one ({equal})")
    expected = chance.crossing(parts) if parts is not None and chance is not None else {}
    for part, crossing in (copies.crossing(parts) if parts is not None else {}).items():
        assert parts is not None
        rows = len(parts[part])
        exceeds_chance = _exceeds_chance(crossing, expected.get(part, 0.0))
        if crossing < (_notable_count(rows) if exceeds_chance else max(NOTABLE_ROWS, CHANCE_SHARE * rows)):
            continue
        warning = f"{crossing:,} of {count_of(rows, noun)} of the {part} part stand in training too ({equal})"
        if not exceeds_chance:
            warning += (
                f": chance alone makes about {max(1, round(expected[part])):,}, since the inputs have few different values; "
                f"the {part} part shows how well known combinations are predicted, not new ones"
            )
        elif together:
            warning += ": the data itself says which rows these are, so copies cannot be kept together"
        else:
            warning += (
                f": its numbers are better than those of new {noun}s will be. Remove the copies, or keep them together: "
                'split.duplicates "together"'
            )
        warnings.append(warning)
    contradictory = copies.contradictory
    if of_classes and contradictory >= _notable_count(every) and _exceeds_chance(copies.twins, chance.twins if chance else 0.0):
        what = "the pixels" if noun == "image" else "the inputs"
        warnings.append(
            f"{count_of(contradictory, noun)} {'has' if contradictory == 1 else 'have'} {what} of another {noun} but "
            "another target: no network can get all of them right"
        )
    return warnings


def record(copies: Copies | None, parts: Mapping[str, Numbers] | None, chance: ByChance | None = None) -> dict[str, Any]:
    """For the report, JSON-able: `counted`; `rows` that repeat one above them, `crossing` by part and how many of these chance
    makes (`expected`, where there are enough for a warning), `contradictory`."""
    if copies is None:
        return {"counted": False}
    expected = chance.crossing(parts) if parts is not None and chance is not None else {}
    return {
        "counted": True,
        "rows": copies.count,
        "contradictory": copies.contradictory,
        "crossing": copies.crossing(parts) if parts is not None else {},
        "expected": {part: round(count, 1) for part, count in expected.items()},
    }


def _notable_count(rows: int) -> float:
    return max(NOTABLE_ROWS, NOTABLE_SHARE * rows)


def _exceeds_chance(count: int, expected: float) -> bool:
    """Whether there are clearly more than chance makes: twice as many, and three standard deviations of a Poisson count more."""
    return count > 2 * expected + 3 * expected**0.5


def _copies(alike: Keys, targets: Sequence[Keys]) -> Copies:
    same = alike
    for place, key in enumerate(targets):
        same = _mixed(same, key, -1 - place)
    return Copies(same=_numbered(same), alike=_numbered(alike))


def _column(column: pd.Series, rules: Rules) -> Keys:
    """A number (n,) for each cell, equal for equal cells of this column; of missing ones all the same."""
    kind = column.dtype
    if pd.api.types.is_datetime64_any_dtype(kind):
        return np.asarray(column.astype("int64").to_numpy(), dtype=np.int64).view(np.uint64)
    if pd.api.types.is_numeric_dtype(kind):
        values = np.array(column.to_numpy(dtype=np.float64, na_value=np.nan))
        values[np.isnan(values)] = np.nan
        # -0.0 is 0
        return np.asarray(values + 0.0).view(np.uint64)
    codes = pc.dictionary_encode(cells.text(column, rules=rules), null_encoding="encode")
    codes = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
    return np.asarray(codes.indices.to_numpy(zero_copy_only=False), dtype=np.int64).view(np.uint64)


def _mixed(keys: Keys, column: Keys, place: int) -> Keys:
    """Keys of the rows so far and one more column: a 64-bit mix (splitmix64's, by Steele, Lea and Flood, 2014), so that of a
    million rows two different ones are taken for equal once in 30 million tables."""
    with np.errstate(over="ignore"):
        mixed = column * np.uint64(0x9E3779B97F4A7C15) + np.uint64((0xD1B54A32D192ED03 * (2 * place + 1)) % 2**64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed ^= mixed >> np.uint64(shift)
            mixed *= np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
        mixed ^= keys * np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(33)
        mixed *= np.uint64(0xC4CEB9FE1A85EC53)
    return np.asarray(mixed)


def _numbered(keys: Keys) -> Numbers:
    return np.asarray(pd.factorize(keys)[0], dtype=np.int64)


def _distinct(keys: NDArray[Any]) -> int:
    return len(pd.unique(keys))
