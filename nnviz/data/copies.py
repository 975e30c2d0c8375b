"""Rows that stand more than once: how many there are, how many of them fall into two parts, and which belong together.

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

from nnviz.data import cells
from nnviz.data.names import count_of
from nnviz.data.rules import NEWEST, Rules

Numbers = NDArray[np.int64]
Keys = NDArray[np.uint64]
NOTABLE_SHARE = 0.01
"""From this share of a part's rows on it is a warning that they stand in training too, ..."""
NATURAL_SHARE = 0.2
"""... and from this one where rows repeat by their nature (see `Copies.natural`)."""
NOTABLE_ROWS = 2
AT_ONCE = 1024
"""Images that are read at once, where they lie on the disk."""
ROOM = 10
"""Rows repeat by their nature where the inputs' different values can be combined in fewer than so many ways a row, ..."""
COARSE, COARSE_SHARE = 20, 0.1
"""... none of them having more different values than this number, or than this share of the rows."""


@dataclass(frozen=True, kw_only=True)
class Copies:
    """`same` (n,): a number for each row, equal for rows that are equal in inputs and target. `alike` (n,): the same for the
    inputs alone. `natural`: whether there are so few possible rows that equal ones are to be expected."""

    same: Numbers
    alike: Numbers
    natural: bool
    combinations: int = 0

    @property
    def count(self) -> int:
        """How many rows repeat one above them."""
        return len(self.same) - _different(self.same)

    @property
    def contradictory(self) -> int:
        """How many rows have the inputs of another row and another target than that one."""
        first = ~pd.Series(self.same).duplicated().to_numpy()
        targets = np.bincount(self.alike[first])
        return int((targets > 1)[self.alike].sum())

    def crossing(self, parts: Mapping[str, Numbers]) -> dict[str, int]:
        """Of validation and test: how many of their rows stand in training too."""
        trained = np.zeros(int(self.same.max(initial=-1)) + 1, dtype=bool)
        trained[self.same[parts["train"]]] = True
        return {part: int(trained[self.same[rows]].sum()) for part, rows in parts.items() if part != "train"}


def of_table(frame: Any, inputs: Sequence[str], targets: Sequence[str], *, rules: Rules = NEWEST) -> Copies:
    """The copies among the rows of a table, by its columns; those of a table on the disk are read one after another."""
    alike = np.zeros(len(frame), dtype=np.uint64)
    combinations, natural = 1, True
    for place, name in enumerate(inputs):
        key = _column(frame[name], rules)
        if natural:
            different = _different(key)
            combinations *= different
            natural = different <= max(COARSE, COARSE_SHARE * len(frame)) and combinations < ROOM * len(frame)
        alike = _mixed(alike, key, place)
    return _copies(alike, [_column(frame[name], rules) for name in targets], natural, combinations)


def of_images(x: Any, frame: pd.DataFrame, targets: Sequence[str], *, rules: Rules = NEWEST) -> Copies:
    """The copies among images (n, ...), by the bytes of each."""
    hashed = b"".join(hashlib.blake2b(image.tobytes(), digest_size=8).digest()
                      for start in range(0, len(x), AT_ONCE) for image in x[start:start + AT_ONCE])
    return _copies(np.frombuffer(hashed, dtype=np.uint64), [_column(frame[name], rules) for name in targets], False, 0)


def joined(*groups: Numbers) -> Numbers:
    """Numbers (n,) of the groups that hold together what any of the given groups holds together."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    rows = len(groups[0])
    starts = np.cumsum([rows, *(int(group.max(initial=-1)) + 1 for group in groups)])
    ends = np.concatenate([group + start for group, start in zip(groups, starts, strict=False)])
    edges = (np.ones(len(ends), dtype=np.int8), (np.tile(np.arange(rows), len(groups)), ends))
    return np.asarray(connected_components(coo_matrix(edges, shape=(starts[-1], starts[-1])))[1][:rows], dtype=np.int64)


def words(copies: Copies, parts: Mapping[str, Numbers] | None, *, noun: str = "row", together: bool = False,
          of_classes: bool = True) -> list[str]:
    """What is worth a warning: copies that cross from training into another part in a notable share, and equal inputs with
    different classes (numbers differ by their noise: nothing is wrong with that). `parts`: rows of each; None: not known
    yet, then the copies themselves are said. `together`: whether copies were to be kept in one part."""
    found = []
    share = NATURAL_SHARE if copies.natural else NOTABLE_SHARE
    equal = "equal in every pixel and in the target" if noun == "image" else "equal in every input and in the target"
    if parts is None and copies.count >= max(NOTABLE_ROWS, share * len(copies.same)) and not copies.natural:
        found.append(f"{copies.count:,} of {count_of(len(copies.same), noun)} repeat another one ({equal})")
    for part, crossing in (copies.crossing(parts) if parts is not None else {}).items():
        assert parts is not None
        rows = len(parts[part])
        if crossing < max(NOTABLE_ROWS, share * rows):
            continue
        said = f"{crossing:,} of {count_of(rows, noun)} of the {part} part stand in training too ({equal})"
        if copies.natural:
            said += (f": the inputs can differ in {copies.combinations:,} ways only, so rows repeat by their nature; the "
                     f"{part} part shows how well known combinations are predicted, not new ones")
        elif together:
            said += ": the data itself says which rows these are, so copies cannot be kept together"
        else:
            said += (f": its numbers are better than those of new {noun}s will be. Remove the copies, or keep them together: "
                     'split.duplicates "together"')
        found.append(said)
    contradictory = copies.contradictory
    if of_classes and contradictory >= max(NOTABLE_ROWS, NOTABLE_SHARE * len(copies.same)) and not copies.natural:
        what = "the pixels" if noun == "image" else "the inputs"
        found.append(f"{count_of(contradictory, noun)} {'has' if contradictory == 1 else 'have'} {what} of another {noun} but "
                     "another target: no network can get all of them right")
    return found


def record(copies: Copies | None, parts: Mapping[str, Numbers] | None) -> dict[str, Any]:
    """For the report, JSON-able: `counted`; `rows` that repeat one above them, `crossing` by part, `contradictory`,
    `natural`."""
    if copies is None:
        return {"counted": False}
    return {"counted": True, "rows": copies.count, "contradictory": copies.contradictory, "natural": copies.natural,
            "crossing": copies.crossing(parts) if parts is not None else {}}


def _copies(alike: Keys, targets: Sequence[Keys], natural: bool, combinations: int) -> Copies:
    same = alike
    for place, key in enumerate(targets):
        same = _mixed(same, key, -1 - place)
    return Copies(same=_numbered(same), alike=_numbered(alike), natural=natural, combinations=combinations)


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


def _different(keys: NDArray[Any]) -> int:
    return len(pd.unique(keys))
