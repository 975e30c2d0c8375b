"""Categories of more values than become inputs: which share of the rows is left without any."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from nnviz.data.column_names import short
from nnviz.data.columns import cells
from nnviz.data.columns.column import Column
from nnviz.data.columns.column_code import MAX_CATEGORIES
from nnviz.data.columns.reading_rules import NEWEST, Rules


def cut_categories(frame: pd.DataFrame, inputs: Sequence[Column], *, rules: Rules = NEWEST) -> tuple[str, ...]:
    """A sentence for each input whose rarer values become no input: how many there are, and the share of the rows (of those
    with a value, training rows or not) that fall into no category."""
    sentences = []
    for column in inputs:
        if column.type != "category" or column.unique <= MAX_CATEGORIES:
            continue
        counted = pc.value_counts(cells.text(frame[column.name], rules=cells.sparing(rules, column.spared)).drop_null())
        counts = np.sort(counted.field("counts").to_numpy(zero_copy_only=False))[::-1]
        if len(counts) <= MAX_CATEGORIES:
            continue
        share = counts[MAX_CATEGORIES:].sum() / counts.sum()
        sentences.append(
            f"column {short(column.name)!r} has {len(counts):,} different values, and the {MAX_CATEGORIES} most frequent become "
            f"inputs: {share:.1%} of its rows fall into no category. Join its values to fewer, give what they stand for as "
            "numbers or a date, or leave the column out"
        )
    return tuple(sentences)
