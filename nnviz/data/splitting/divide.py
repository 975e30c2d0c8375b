"""Cleaned rows divided into parts as a spec's `split` says, with what is to be said of rows that stand in two of them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.data.cleaned import Cleaned
from nnviz.data.columns import cells
from nnviz.data.columns.report import Report
from nnviz.data.out_of_core.parquet_columns import LargeFrame
from nnviz.data.out_of_core.stored_rows import StoredImages
from nnviz.data.splitting import copies, folds, ordering, parts as split
from nnviz.data.splitting.copies import Copies
from nnviz.errors import DataError
from nnviz.spec import SplitSpec

Parts = dict[str, NDArray[np.int64]]


@dataclass(frozen=True)
class Divided:
    """`rows`: positions among the cleaned rows, by part. `report`: with the copies, and what is to be said of the split."""

    rows: Parts
    report: Report


def divide(cleaned: Cleaned, said: SplitSpec, *, type_said: str | None = None) -> Divided:
    """By the column that says so, by the files that rows came from, or cut as `said`. `type_said`: see `ordering.order`.
    Raises DataError."""
    keep = said.duplicates == "together"
    found = copies_of(cleaned, wanted=keep)
    if said.column is not None:
        parts = split.by_column(cells.labels(cleaned.frame[said.column], rules=cleaned.rules).tolist(), column=said.column)
        return Divided(parts, with_copies(cleaned, found, parts))
    order = ordering.order(cleaned, type_said=type_said)
    if order.moments is not None and (said.repeats > 1 or said.test_seed not in (None, said.seed)):
        raise DataError(
            "cut along time, every repeat of the split would be the same",
            where="split.repeats",
            remedy="Leave it out, or repeat the training: training.repeats.",
        )
    same = found.same if keep and found is not None and found.count else None
    groups = order.groups
    if groups is not None and same is not None:
        groups, same = copies.joined(groups, same), None
    parts = _cut(cleaned, said, groups, order.moments, same)
    if keep and order.moments is not None and found is not None and any(found.crossing(parts).values()):
        raise DataError(
            "cut along time, copies cannot be kept together: some stand before the cut and after it",
            where="split.duplicates",
            remedy="Leave out split.duplicates or split.by, or remove the copies.",
        )
    return Divided(parts, with_copies(cleaned, found, parts, together=keep, notes=order.notes))


def copies_of(cleaned: Cleaned, *, wanted: bool = False) -> Copies | None:
    """The copies among the rows; None for rows on the disk, which are read for it only where they are `wanted`."""
    frame: Any = cleaned.frame
    if not wanted and (isinstance(frame, LargeFrame) or isinstance(cleaned.x, StoredImages)):
        return None
    if cleaned.inputs:
        return copies.of_table(cleaned.frame, [column.name for column in cleaned.inputs], cleaned.targets, rules=cleaned.rules)
    return copies.of_images(cleaned.x, cleaned.frame, cleaned.targets, rules=cleaned.rules)


def with_copies(
    cleaned: Cleaned, found: Copies | None, parts: Parts | None, *, together: bool = False, notes: tuple[str, ...] = ()
) -> Report:
    """The report with the copies counted, and warnings of those that matter."""
    chance = None
    if found is not None and cleaned.inputs and copies.are_notable(found, parts):
        chance = copies.by_chance(
            found, cleaned.frame, [column.name for column in cleaned.inputs], cleaned.targets, rules=cleaned.rules
        )
    words = (
        copies.words(
            found,
            parts,
            chance,
            noun="image" if not cleaned.inputs else "row",
            together=together,
            of_classes=cleaned.task == "classification",
        )
        if found
        else []
    )
    report = cleaned.report
    return replace(report, warnings=(*notes, *words, *report.warnings), copies=copies.record(found, parts, chance))


def _cut(
    cleaned: Cleaned,
    said: SplitSpec,
    groups: NDArray[np.int64] | None,
    moments: NDArray[np.int64] | None,
    same: NDArray[np.int64] | None,
) -> Parts:
    given, labels = cleaned.given_parts, cleaned.labels
    if given is None:
        return folds.cut(len(cleaned.frame), said, labels=labels, groups=groups, moments=moments, copies=same)
    main = np.flatnonzero(given == "train")
    fixed = {part: np.flatnonzero(given == part) for part in ("validation", "test") if (given == part).any()}
    if said.folds is not None and "validation" in fixed:
        raise DataError(
            "the data brings validation rows of its own, and the folds would supply others",
            where="split.folds",
            remedy="Leave out one of the two.",
        )

    def of_main(numbers: Any) -> Any:
        return None if numbers is None else numbers[main]

    cut = folds.cut(
        len(main),
        said.model_copy(update=dict.fromkeys(fixed, 0.0)),
        labels=of_main(labels),
        groups=of_main(groups),
        moments=of_main(moments),
        copies=of_main(same),
    )
    return {part: main[rows] for part, rows in cut.items()} | fixed
