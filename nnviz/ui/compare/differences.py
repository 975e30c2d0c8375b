"""The table "What differs": the settings in which runs differ, in words, and no others."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from nnviz.plain_text import visible
from nnviz.spec import RunSpec, summary as network_and_cost
from nnviz.store import Run
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.run_format import ABSENT
from nnviz.ui.common.setting_words import differing, optimizer_words
from nnviz.ui.common.spec_settings import data_words
from nnviz.ui.compare.results import Cell, Row

LONGEST = 2000


def differing_rows(specs: Sequence[RunSpec]) -> list[Row]:
    """One row a setting in which specs differ, the most telling first; a cell is odd where it is not what most runs have
    (without a majority: not what the first has)."""
    if len(specs) < 2:
        return []
    return [_row(one.label, [ABSENT if text is None else text for text in one.texts]) for one in differing(specs)]


def common_words(specs: Sequence[RunSpec]) -> str:
    """What all of these specs have, of data, network and cost, optimizer, epochs, batch size: `wine · 16-8-CE · Adam 0.01`."""
    parts = [
        {data_words(spec.data).partition(" (")[0] for spec in specs},
        {network_and_cost(spec) for spec in specs},
        {optimizer_words(spec) for spec in specs},
        {counted("{n} epoch", "{n} epochs", spec.training.epochs) for spec in specs},
        {_("batches of {n}").format(n=spec.training.batch_size) for spec in specs},
    ]
    return " \N{MIDDLE DOT} ".join(next(iter(part)) for part in parts if len(part) == 1)


@st.cache_data(max_entries=16, show_spinner=False)
def settings_of_runs(_runs: Sequence[Run], url: str, run_ids: tuple[str, ...]) -> tuple[list[Row], str]:
    """`differing_rows` and `common_words` of the runs of a store that have these ids, worked out once: a run's spec never
    changes."""
    specs = [run.spec for run in _runs]
    return differing_rows(specs), common_words(specs)


def _row(label: str, texts: Sequence[str]) -> Row:
    counts = Counter(texts).most_common()
    usual = counts[0][0] if len(counts) == 1 or counts[0][1] > counts[1][1] else texts[0]
    cells = tuple(Cell(visible(text, limit=LONGEST), is_odd=text != usual) for text in texts)
    return Row(visible(label[:1].upper() + label[1:]), cells)
