"""Which rows train, which validate, which test."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnviz.errors import DataError

Rows = NDArray[np.int64]
PARTS = ("train", "validation", "test")
SAYS = {
    "train": "train",
    "training": "train",
    "fit": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}


def split_rows(
    rows: int, *, validation: float, test: float, seed: int, labels: Sequence[str] | NDArray[np.object_] | None = None
) -> dict[str, Rows]:
    """Row numbers (sorted) of each part that was asked for; a fraction of 0 leaves its part out of the answer.

    Every asked part gets at least one row. With `labels` the parts are stratified: each class gets its share of each
    part, within one row; a class with fewer rows than there are parts goes to training as a whole, and every class
    has at least one training row as far as the rows reach. The same seed gives the same parts.
    Raises DataError when there are fewer rows than parts."""
    asked = {"test": test, "validation": validation}
    sizes = {part: max(1, round(rows * share)) for part, share in asked.items() if share > 0}
    if sum(sizes.values()) >= rows:
        raise DataError(
            f"{rows} rows are too few for {len(sizes) + 1} parts",
            where="split",
            remedy="Give more rows, or leave out the validation or test part.",
        )
    rng = np.random.default_rng(seed)
    position = rng.permutation(rows) / rows
    codes: Rows | None = None
    if labels is not None:
        codes = np.unique(np.asarray(labels, dtype=str), return_inverse=True)[1].astype(np.int64)
        position = _stratified(codes, len(sizes) + 1, position, rng)
    order = np.argsort(position, kind="stable")
    part_of = np.full(rows, "train", dtype=object)
    start = 0
    for part, size in sizes.items():
        part_of[order[start : start + size]] = part
        start += size
    if codes is not None:
        _every_class_trains(codes, part_of)
    return {part: np.flatnonzero(part_of == part).astype(np.int64) for part in PARTS if part == "train" or part in sizes}


def by_column(values: Sequence[object], *, column: str) -> dict[str, Rows]:
    """The parts that a column names (train, validation, test and the usual short forms, in any case)."""
    words = [str(value).strip().casefold() for value in values]
    for row, word in enumerate(words):
        if word not in SAYS:
            raise DataError(
                f"row {row + 1} says {str(values[row])!r}",
                where=f"column {column!r}",
                remedy="A split column may say train, validation or test.",
            )
    assigned = np.array([SAYS[word] for word in words], dtype=object)
    parts = {part: np.flatnonzero(assigned == part).astype(np.int64) for part in PARTS}
    if not len(parts["train"]):
        raise DataError(
            "no row is marked train", where=f"column {column!r}", remedy="Mark the rows to train on with the word train."
        )
    return {part: rows for part, rows in parts.items() if len(rows)}


def _stratified(codes: Rows, parts: int, tie: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """A position in [0, 1) for each row, evenly spread within each class: cutting it cuts every class alike."""
    position = np.empty(len(codes))
    for code in range(codes.max() + 1):
        members = np.flatnonzero(codes == code)
        members = members[np.argsort(tie[members])]
        if len(members) < parts:
            position[members] = 1.0
        else:
            position[members] = (np.arange(len(members)) + rng.uniform()) / len(members)
    return position


def _every_class_trains(codes: Rows, part_of: NDArray[np.object_]) -> None:
    """Exchange rows until every class has one in training, as far as others can spare theirs."""
    counts = np.bincount(codes[part_of == "train"], minlength=codes.max() + 1)
    for code in np.flatnonzero(counts == 0):
        taken = np.flatnonzero(codes == code)[0]
        spare = np.flatnonzero((part_of == "train") & (counts[codes] > 1))
        if len(spare):
            part_of[spare[0]] = part_of[taken]
            part_of[taken] = "train"
            counts[codes[spare[0]]] -= 1
            counts[code] += 1
