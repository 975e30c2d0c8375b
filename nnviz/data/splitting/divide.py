"""Divides cleaned rows into the parts of a spec's `split`, with warnings of rows that stand in two of them."""

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
    """`rows`: positions among the cleaned rows, by part. `report`: with the copies, and warnings about the split."""

    rows: Parts
    report: Report


def divide(cleaned: Cleaned, split_spec: SplitSpec, *, type_said: str | None = None) -> Divided:
    """By the column that says so, by the files that rows came from, or cut as `said`. `type_said`: see `ordering.order`.
    Raises DataError."""
    keep = split_spec.duplicates == "together"
    duplicates = copies_of(cleaned, wanted=keep)
    if split_spec.column is not None:
        parts = split.by_column(
            cells.labels(cleaned.frame[split_spec.column], rules=cleaned.rules).tolist(), column=split_spec.column
        )
        return Divided(parts, with_copies(cleaned, duplicates, parts))
    order = ordering.order(cleaned, type_said=type_said)
    if order.moments is not None and (split_spec.repeats > 1 or split_spec.test_seed not in (None, split_spec.seed)):
        raise DataError(
            "cut along time, every repeat of the split would be the same",
            where="split.repeats",
            remedy="Leave it out, or repeat the training: training.repeats.",
        )
    same = duplicates.same if keep and duplicates is not None and duplicates.count else None
    groups = order.groups
    if groups is not None and same is not None:
        groups, same = copies.joined(groups, same), None
    parts = _cut(cleaned, split_spec, groups, order.moments, same)
    if keep and order.moments is not None and duplicates is not None and any(duplicates.crossing(parts).values()):
        raise DataError(
            "cut along time, copies cannot be kept together: some stand before the cut and after it",
            where="split.duplicates",
            remedy="Leave out split.duplicates or split.by, or remove the copies.",
        )
    return Divided(parts, with_copies(cleaned, duplicates, parts, together=keep, notes=order.notes))


def copies_of(cleaned: Cleaned, *, wanted: bool = False) -> Copies | None:
    """The copies among the rows; None for rows on the disk, which are read for it only where they are `wanted`."""
    frame: Any = cleaned.frame
    if not wanted and (isinstance(frame, LargeFrame) or isinstance(cleaned.x, StoredImages)):
        return None
    if cleaned.inputs:
        return copies.of_table(cleaned.frame, [column.name for column in cleaned.inputs], cleaned.targets, rules=cleaned.rules)
    return copies.of_images(cleaned.x, cleaned.frame, cleaned.targets, rules=cleaned.rules)


def with_copies(
    cleaned: Cleaned, duplicates: Copies | None, parts: Parts | None, *, together: bool = False, notes: tuple[str, ...] = ()
) -> Report:
    """The report with the copies counted, and warnings of those that matter."""
    chance = None
    if duplicates is not None and cleaned.inputs and copies.are_notable(duplicates, parts):
        chance = copies.by_chance(
            duplicates, cleaned.frame, [column.name for column in cleaned.inputs], cleaned.targets, rules=cleaned.rules
        )
    warnings = (
        copies.warnings_about(
            duplicates,
            parts,
            chance,
            noun="image" if not cleaned.inputs else "row",
            together=together,
            of_classes=cleaned.task == "classification",
        )
        if duplicates
        else []
    )
    report = cleaned.report
    return replace(report, warnings=(*notes, *warnings, *report.warnings), copies=copies.record(duplicates, parts, chance))


def _cut(
    cleaned: Cleaned,
    split_spec: SplitSpec,
    groups: NDArray[np.int64] | None,
    moments: NDArray[np.int64] | None,
    same: NDArray[np.int64] | None,
) -> Parts:
    assigned, labels = cleaned.given_parts, cleaned.labels
    if assigned is None:
        return folds.cut(len(cleaned.frame), split_spec, labels=labels, groups=groups, moments=moments, copies=same)
    main = np.flatnonzero(assigned == "train")
    fixed = {part: np.flatnonzero(assigned == part) for part in ("validation", "test") if (assigned == part).any()}
    if split_spec.folds is not None and "validation" in fixed:
        raise DataError(
            "the data brings validation rows of its own, and the folds would supply others",
            where="split.folds",
            remedy="Leave out one of the two.",
        )

    def of_main(numbers: Any) -> Any:
        return None if numbers is None else numbers[main]

    cut = folds.cut(
        len(main),
        split_spec.model_copy(update=dict.fromkeys(fixed, 0.0)),
        labels=of_main(labels),
        groups=of_main(groups),
        moments=of_main(moments),
        copies=of_main(same),
    )
    return {part: main[rows] for part, rows in cut.items()} | fixed
