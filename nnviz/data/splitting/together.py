"""Cuts that divide no set of equal rows. Of very many sets, most of one row, in the time that sorting them takes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnviz.data.splitting.parts import PARTS, Rows
from nnviz.errors import DataError

_REMEDY = 'Ask for fewer parts or folds, or leave out split.duplicates "together".'


def split_rows(
    sets: Rows, *, validation: float, test: float, seed: int, labels: Sequence[str] | NDArray[np.object_] | None = None
) -> dict[str, Rows]:
    """As `split.split_rows`, for rows whose set is numbered in `sets` (n,): the rows of a set, which have one class, are in
    one part. Sizes and class shares are met as nearly as whole sets allow; a class of fewer sets than there are parts trains.
    Raises DataError where there are fewer sets than parts."""
    asked = {part: share for part, share in (("test", test), ("validation", validation)) if share > 0}
    groups = _Sets(sets, labels)
    if len(groups.sizes) <= len(asked):
        raise DataError(
            f"{len(groups.sizes)} different rows are too few for {len(asked) + 1} parts", where="split", remedy=_REMEDY
        )
    order = np.argsort(groups.positions(seed, len(asked) + 1), kind="stable")
    edges = np.cumsum(groups.sizes[order])
    part_of = np.zeros(len(order), dtype=np.int64)
    start = wanted = 0
    for number, share in enumerate(asked.values(), start=1):
        wanted += max(1, round(len(sets) * share))
        last = len(order) - 1 - (len(asked) - number)
        stop = min(max(int(np.argmin(np.abs(edges - wanted))) + 1, start + 1), last)
        part_of[order[start:stop]] = number
        start = stop
    _every_class_trains(groups, part_of)
    numbers = {"train": 0, **{part: number for number, part in enumerate(asked, start=1)}}
    row_part = part_of[groups.of_row]
    return {part: np.flatnonzero(row_part == numbers[part]) for part in PARTS if part in numbers}


def fold_rows(sets: Rows, *, folds: int, seed: int, labels: Sequence[str] | NDArray[np.object_] | None = None) -> list[Rows]:
    """The validation rows (sorted) of each fold, each row in one of them and no set divided. Raises DataError where there are
    fewer sets than folds."""
    groups = _Sets(sets, labels)
    if len(groups.sizes) < folds:
        raise DataError(f"{len(groups.sizes)} different rows are too few for {folds} folds", where="split.folds", remedy=_REMEDY)
    position = groups.positions(seed, 1)
    order = np.argsort(position, kind="stable")
    middle = np.cumsum(groups.sizes[order]) - groups.sizes[order] / 2
    fold_of = np.empty(len(order), dtype=np.int64)
    fold_of[order] = np.minimum((middle * folds / len(sets)).astype(np.int64), folds - 1)
    for fold in range(folds):
        # a set larger than a fold may leave one empty
        if not (fold_of == fold).any():
            fullest = np.argmax(np.bincount(fold_of, minlength=folds))
            fold_of[np.flatnonzero(fold_of == fullest)[0]] = fold
    return [np.flatnonzero(fold_of[groups.of_row] == fold) for fold in range(folds)]


class _Sets:
    """`of_row` (n,): each row's set, from 0; `sizes` and `codes` of each set: its rows, its class."""

    def __init__(self, sets: Rows, labels: Sequence[str] | NDArray[np.object_] | None) -> None:
        _, first, self.of_row, self.sizes = np.unique(sets, return_index=True, return_inverse=True, return_counts=True)
        codes = (
            np.zeros(len(sets), dtype=np.int64)
            if labels is None
            else np.unique(np.asarray(labels, dtype=str), return_inverse=True)[1]
        )
        self.codes = codes[first]

    def positions(self, seed: int, parts: int) -> NDArray[np.float64]:
        """A place in [0, 1) for each set, those of each class evenly over its rows: cutting them cuts every class alike. 1 for
        the sets of a class that has fewer of them than parts."""
        rng = np.random.default_rng(seed)
        chance = rng.permutation(len(self.sizes))
        order = np.lexsort((chance, self.codes))
        codes, sizes = self.codes[order], self.sizes[order]
        before = np.cumsum(sizes) - sizes
        starts = np.flatnonzero(np.diff(codes, prepend=-1))
        lengths = np.diff([*starts, len(codes)])
        rows = np.add.reduceat(sizes, starts)
        within = before - np.repeat(before[starts], lengths)
        shift = np.repeat(rng.uniform(size=len(starts)), lengths)
        place = (within + shift * sizes) / np.repeat(rows, lengths)
        place[np.repeat(lengths < parts, lengths)] = 1.0
        position = np.empty(len(order))
        position[order] = place
        return position


def _every_class_trains(groups: _Sets, part_of: Rows) -> None:
    """Moves one set of each class without a training row there, from a part that has others."""
    trains = np.bincount(groups.codes[part_of == 0], minlength=int(groups.codes.max()) + 1)
    for code in np.flatnonzero(trains == 0):
        for place in np.flatnonzero(groups.codes == code):
            if (part_of == part_of[place]).sum() > 1:
                part_of[place] = 0
                break
