"""The cuts of a `split` block: hold-out or folds, stratified, with groups or copies kept together, or along time.

Whatever is asked, the test part is cut first, by a seed of its own where one is given, so that it is the same in every
fold and repeat. Folds of rows and groups are scikit-learn's.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.data.splitting import together
from nnviz.data.splitting.parts import Rows, split_rows
from nnviz.errors import DataError
from nnviz.spec import SplitSpec

DRAWS = 20
"""Of so many draws of whole groups the one is taken whose sizes and class shares are nearest to what was asked."""

Labels = NDArray[np.object_]


def cut(
    rows: int,
    spec: SplitSpec,
    *,
    labels: Labels | None = None,
    groups: Rows | None = None,
    moments: Rows | None = None,
    copies: Rows | None = None,
) -> dict[str, Rows]:
    """Row numbers (sorted) of each part: train, and validation and test where asked for; of `spec.folds` the fold
    `spec.fold`, the first where none is named.

    `labels` (n,): classes, for stratification. `groups` (n,): a number for each group, none of which is divided.
    `moments` (n,): times as numbers; then no training row is as late as a validation row, and none of these as a test
    row; in fold i of k the first i of k + 1 stretches train and the next one validates (an expanding window).
    `copies` (n,): a number for each set of equal rows, none of which is divided; rows of one set have one class. With
    `groups` the caller joins them to those; `moments` leave no choice, so with them copies are not looked at.
    Raises DataError when rows, groups or moments are too few."""
    if moments is not None:
        return _along_time(moments, spec)
    test_seed = spec.seed if spec.test_seed is None else spec.test_seed
    hold_out = _hold_out(labels, groups, copies)
    if spec.folds is None:
        parts = hold_out(np.arange(rows), spec.validation, spec.test, test_seed)
        if test_seed == spec.seed or "validation" not in parts:
            return parts
        rest = np.sort(np.concatenate([parts["train"], parts["validation"]]))
        return hold_out(rest, len(parts["validation"]) / len(rest), 0.0, spec.seed) | {
            part: part_rows for part, part_rows in parts.items() if part == "test"
        }
    parts = hold_out(np.arange(rows), 0.0, spec.test, test_seed)
    rest = parts["train"]
    every = fold_rows(
        len(rest),
        folds=spec.folds,
        seed=spec.seed,
        labels=None if labels is None else labels[rest],
        groups=None if groups is None else groups[rest],
        copies=None if copies is None else copies[rest],
    )
    validation = every[(spec.fold or 1) - 1]
    return parts | {"train": np.delete(rest, validation), "validation": rest[validation]}


def fold_rows(
    rows: int, *, folds: int, seed: int, labels: Labels | None = None, groups: Rows | None = None, copies: Rows | None = None
) -> list[Rows]:
    """The validation rows (sorted) of each fold: each row in exactly one of them, each class within one row of its share
    (as near as whole groups allow, with `groups` or `copies`). The same seed gives the same folds. Raises DataError."""
    if copies is not None:
        return together.fold_rows(copies, folds=folds, seed=seed, labels=labels)
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

    have = rows if groups is None else len(np.unique(groups))
    if have < folds:
        raise DataError(
            f"{have} {'rows' if groups is None else 'groups'} are too few for {folds} folds",
            where="split.folds",
            remedy="Ask for fewer folds, or for a smaller test part.",
        )
    shuffled: dict[str, Any] = {"n_splits": folds, "shuffle": True, "random_state": seed}
    codes = None if labels is None else np.unique(np.asarray(labels, dtype=str), return_inverse=True)[1]
    # scikit-learn refuses to stratify where no class has a row for each fold, and warns where one has too few
    is_stratified = codes is not None and np.bincount(codes).max() >= folds
    if groups is None:
        splitter = StratifiedKFold(**shuffled) if is_stratified else KFold(**shuffled)
    else:
        splitter = StratifiedGroupKFold(**shuffled) if is_stratified else GroupKFold(**shuffled)
    blank = np.zeros(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        validations = [validation for _, validation in splitter.split(blank, codes, groups)]
    if groups is not None and not all(len(validation) for validation in validations):
        validations = [validation for _, validation in GroupKFold(**shuffled).split(blank, None, groups)]
    return [np.sort(validation).astype(np.int64) for validation in validations]


def _hold_out(
    labels: Labels | None, groups: Rows | None, copies: Rows | None
) -> Callable[[Rows, float, float, int], dict[str, Rows]]:
    """A function (rows, validation, test, seed) -> parts of those rows."""

    def of_rows(chosen: Rows, validation: float, test: float, seed: int) -> dict[str, Rows]:
        classes = None if labels is None else labels[chosen]
        if copies is not None:
            parts = together.split_rows(copies[chosen], validation=validation, test=test, seed=seed, labels=classes)
        elif groups is None:
            parts = split_rows(len(chosen), validation=validation, test=test, seed=seed, labels=classes)
        else:
            parts = _groups_held_out(groups[chosen], validation=validation, test=test, seed=seed, labels=classes)
        return {part: chosen[part_rows] for part, part_rows in parts.items()}

    return of_rows


def _groups_held_out(groups: Rows, *, validation: float, test: float, seed: int, labels: Labels | None) -> dict[str, Rows]:
    names, member, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    asked = {part: share for part, share in (("test", test), ("validation", validation)) if share > 0}
    if len(names) <= len(asked):
        raise DataError(
            f"{len(names)} groups are too few for {len(asked) + 1} parts",
            where="split.by",
            remedy="Choose another column, or leave out the validation or test part.",
        )
    codes = (
        np.zeros(len(groups), dtype=np.int64)
        if labels is None
        else np.unique(np.asarray(labels, dtype=str), return_inverse=True)[1]
    )
    counts = np.zeros((len(names), codes.max() + 1))
    np.add.at(counts, (member, codes), 1)
    rng = np.random.default_rng(seed)
    draws = [_draw(rng.permutation(len(names)), sizes, asked) for _ in range(DRAWS)]

    def distance(part_of: NDArray[np.int64]) -> float:
        return sum(
            float(np.abs(counts[part_of == number].sum(axis=0) - share * counts.sum(axis=0)).sum())
            for number, share in enumerate(asked.values(), start=1)
        )

    best = min(draws, key=distance)[member]
    return {
        part: np.flatnonzero(best == number)
        for part, number in {"train": 0, **{part: number for number, part in enumerate(asked, start=1)}}.items()
    }


def _draw(order: NDArray[np.int64], sizes: NDArray[np.int64], asked: dict[str, float]) -> NDArray[np.int64]:
    """A part for each group (0: training), filled in this order until it is as near to its size as whole groups allow; every part
    and training have one group at least."""
    part_of = np.zeros(len(sizes), dtype=np.int64)
    waiting, left, rows = order.tolist(), len(order), int(sizes.sum())
    size_of = sizes.tolist()
    for number, share in enumerate(asked.values(), start=1):
        target, have = share * rows, 0
        still_needed = len(asked) - number + 1
        for group in waiting:
            if left <= still_needed:
                break
            if have == 0 or abs(have + size_of[group] - target) < abs(have - target):
                part_of[group], have = number, have + size_of[group]
                left -= 1
        waiting = [group for group in waiting if not part_of[group]]
    return part_of


def _along_time(moments: Rows, spec: SplitSpec) -> dict[str, Rows]:
    order = np.argsort(moments, kind="stable")
    ordered = moments[order]
    edges = np.flatnonzero(ordered[1:] > ordered[:-1]) + 1
    rows, test = len(moments), spec.test
    before_test = rows - max(1, round(rows * test)) if test > 0 else rows
    if spec.folds is None:
        wanted = [before_test - max(1, round(rows * spec.validation))] if spec.validation > 0 else []
    else:
        wanted = [round(before_test * number / (spec.folds + 1)) for number in range(1, spec.folds + 1)]
    places = _snapped([*wanted, *([before_test] if test > 0 else [])], edges)
    end = places.pop() if test > 0 else rows
    bounds = [*places, end]
    fold = 0 if spec.folds is None else (spec.fold or 1) - 1
    parts = {"train": order[: bounds[fold]]}
    if places:
        parts["validation"] = order[bounds[fold] : bounds[fold + 1]]
    if test > 0:
        parts["test"] = order[end:]
    return {part: np.sort(part_rows) for part, part_rows in parts.items()}


def _snapped(wanted: list[int], edges: NDArray[np.int64]) -> list[int]:
    """The nearest places where the time changes, in order, each its own."""
    if len(edges) < len(wanted):
        raise DataError(
            f"{len(edges) + 1} different times are too few to be cut into {len(wanted) + 1} stretches",
            where="split.by",
            remedy="Ask for fewer folds or parts, or choose another column.",
        )
    cuts: list[int] = []
    first = 0
    for number, place in enumerate(wanted):
        allowed = edges[first : len(edges) - (len(wanted) - number - 1)]
        nearest = int(np.argmin(np.abs(allowed - place)))
        cuts.append(int(allowed[nearest]))
        first += nearest + 1
    return cuts
