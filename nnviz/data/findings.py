"""What a report says of a data set beyond its columns: inputs that give the target away, rows that are none, categories that
are cut, and the range of the target with what the cost makes of it. Nothing is changed for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnviz.catalog.domain import outside, target_range, undefined
from nnviz.data.cleaned import Cleaned
from nnviz.data.columns import cells
from nnviz.data.columns.column import Column
from nnviz.data.columns.cut_categories import cut_categories
from nnviz.data.columns.infer import infer_column
from nnviz.data.columns.leakage import find_leaks
from nnviz.data.odd_rows import odd_rows
from nnviz.data.prepared import Prepared
from nnviz.spec import FileData

_USABLE = ("number", "category", "boolean", "date")


def with_findings(cleaned: Cleaned, options: Any) -> Cleaned:
    """The same with them in its report. `options`: the spec's data block."""
    report = replace(cleaned.report, target_ranges=_ranges(cleaned))
    if report.shape:
        return replace(cleaned, report=report)
    frame, target, rules = cleaned.frame, cleaned.targets[0], cleaned.rules
    # columns that were left out by hand are looked at, too: the page says why they are
    left_out = _left_out_by_hand(cleaned, options)
    leaks = find_leaks(
        frame, [*cleaned.inputs, *left_out], target, task=cleaned.task, rules=rules, value_words=cleaned.value_words
    )
    used = {column.name for column in cleaned.inputs}
    columns = [*cleaned.inputs, *_targets(cleaned)]
    return replace(
        cleaned,
        report=replace(
            report,
            leaks=tuple({"column": leak.column, "said": leak.how, "used": leak.column in used} for leak in leaks),
            warnings=(
                *odd_rows(frame, columns, cleaned.rows, rules=rules),
                *(leak.sentence for leak in leaks if leak.column in used),
                *report.warnings,
                *cut_categories(frame, cleaned.inputs, rules=rules),
            ),
        ),
    )


def with_cost(prepared: Prepared, kind: str, params: Mapping[str, Any]) -> Prepared:
    """The same with warnings of rows whose target lies outside the domain of the cost `kind`."""
    if prepared.task != "regression":
        return prepared
    warnings = list(outside(kind, prepared.report.target_ranges))
    undefined_warning = undefined(kind, params, np.concatenate([part.y for part in prepared.parts.values()]).astype(np.float64))
    warnings += [undefined_warning] if undefined_warning else []
    if not warnings:
        return prepared
    return replace(prepared, report=replace(prepared.report, warnings=(*warnings, *prepared.report.warnings)))


def _ranges(cleaned: Cleaned) -> tuple[dict[str, Any], ...]:
    if cleaned.task != "regression":
        return ()
    return tuple(target_range(name, cells.numbers(cleaned.frame[name], rules=cleaned.rules)) for name in cleaned.targets)


def _targets(cleaned: Cleaned) -> Sequence[Column]:
    if cleaned.task != "regression":
        return ()
    return [infer_column(name, cleaned.frame[name], rules=cleaned.rules) for name in cleaned.targets]


def _left_out_by_hand(cleaned: Cleaned, options: Any) -> Sequence[Column]:
    column_specs = options.columns if isinstance(options, FileData) else {}
    names = [
        name
        for name, column in column_specs.items()
        if column.use is False and name not in cleaned.targets and name in cleaned.frame.columns
    ]
    columns = [infer_column(name, cleaned.frame[name], rules=cleaned.rules) for name in names]
    return [column for column in columns if column.type in _USABLE]
