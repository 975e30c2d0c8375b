"""From arrays of images to rows that can be used: the task is settled, and rows without a label are left out."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data.cleaned import Cleaned, class_words
from nnviz.data.cleaning_notes import word_notes
from nnviz.data.column_names import count_of
from nnviz.data.columns import cells
from nnviz.data.columns.encode import Task
from nnviz.data.columns.infer import infer_column
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.columns.report import Report, column_reports
from nnviz.data.columns.target import MIN_ROWS, find_classes, lonely, pick_task, with_target
from nnviz.data.out_of_core.stored_rows import StoredImages
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError
from nnviz.spec import Data


def clean_images(arrays: Arrays, options: Data) -> Cleaned:
    """Raises DataError with the file and a remedy."""
    if arrays.y is None:
        raise DataError("holds x but no y", where=arrays.name, remedy="Give the labels as y, one for each row of x.")
    y, rules = arrays.y.reshape(len(arrays.y), -1), Rules.of(options)
    names = [arrays.target] if y.shape[1] == 1 else [f"{arrays.target}{index}" for index in range(y.shape[1])]
    table = Table(
        frame=pd.DataFrame({name: pd.Series(y[:, index]) for index, name in enumerate(names)}),
        name=arrays.name,
        parts=arrays.parts,
        read=arrays.read,
        notes=arrays.notes,
        targets=tuple(names),
    )
    if len(table.frame) < MIN_ROWS:
        raise DataError(
            f"only {count_of(len(table.frame), 'image')}",
            where=arrays.name,
            remedy=f"At least {MIN_ROWS} are needed to train, validate and test.",
        )
    # no folder is named for a value that is missing
    of_folders = (
        tuple(sorted({str(label).lower() for label in y[:, 0].tolist()} & set(cells.MISSING)))
        if arrays.is_by_folder and not rules.is_old
        else ()
    )
    columns = [infer_column(name, table.frame[name], rules=cells.sparing(rules, of_folders)) for name in names]
    task: Task = "classification"
    task_why = arrays.classes_why
    if arrays.classes_why:
        if options.task == "regression":
            raise DataError(
                "names of folders cannot be predicted as numbers", where=arrays.name, remedy="Let the task be classification."
            )
    else:
        task, task_why = pick_task(table.frame, options, table.targets, columns, arrays.name, labels=True)
    value_words = of_folders or class_words(columns, names, task)
    of_target = cells.sparing(rules, value_words)
    has_target, rows_dropped, notes = with_target(table.frame, table.targets, task, arrays.name, rules=of_target)
    labels = cells.labels(table.frame[names[0]], rules=of_target)[has_target] if task == "classification" else None
    classes, counts = find_classes(labels, names[0], arrays.name, can_regress=True) if labels is not None else ((), ())
    report = Report(
        rows=len(has_target),
        rows_dropped=rows_dropped,
        columns=column_reports(table.frame, columns, target=names, task=task, rules=of_target if of_folders else rules),
        target=tuple(names),
        target_why=arrays.target_why or arrays.classes_why or "y of the file",
        task=task,
        task_why=task_why,
        classes=classes,
        class_counts=counts,
        warnings=(*arrays.notes, *notes, *lonely(classes, counts, noun="image"), *word_notes(columns, names)),
        read=dict(arrays.read),
        shape=arrays.x.shape[1:],
    )
    x: Any = arrays.x
    return Cleaned(
        frame=table.frame[has_target].reset_index(drop=True),
        rows=_row_numbers(arrays)[has_target],
        inputs=(),
        targets=tuple(names),
        task=task,
        classes=classes,
        labels=labels,
        report=report,
        x=x.taken(np.flatnonzero(has_target)) if isinstance(x, StoredImages) else x[has_target],
        given_parts=arrays.parts[has_target] if arrays.parts is not None else None,
        rules=rules,
        value_words=value_words,
    )


def _row_numbers(arrays: Arrays) -> NDArray[np.int64]:
    """Each row's number within its own part, where the file or files name the parts."""
    numbers = np.arange(len(arrays.x))
    if arrays.parts is not None:
        for part in dict.fromkeys(arrays.parts):
            members = arrays.parts == part
            numbers[members] = np.arange(members.sum())
    return numbers
