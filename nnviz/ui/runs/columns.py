"""The columns of the table of runs: what stands in them, and how they are shown."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from nnviz.catalog import METRICS
from nnviz.plain_text import LINE, visible
from nnviz.store import EARLY, PRUNED
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import UNREADABLE, best_title, short_title, status_word
from nnviz.ui.runs.rows import RunRow
from nnviz.verdict.entrants import main_metric

MAX_NAME, MAX_WIDTH = 220, 400
LETTER = 6.2
"""Pixels of a letter of the grid's font, on average."""
COLOURS = {
    "queued": "#8a6500",
    "paused": "#8a6500",
    "running": "#1d5fd0",
    "finished": "#2f7d4f",
    EARLY: "#2f7d4f",
    "stopped": "#5f6b7c",
    PRUNED: "#5f6b7c",
    "failed": "#c22f35",
    "diverged": "#c22f35",
    UNREADABLE: "#c22f35",
}
"""Behind white words."""
INNER = "\N{DOWNWARDS ARROW WITH TIP RIGHTWARDS} "
"""Before the name of a run below its group."""
UNFOLD = "runs.unfold"
"""The key of the buttons that show a group's runs."""


def table_frame(rows: Sequence[RunRow], tasks: Mapping[str, str], *, chosen: frozenset[str] = frozenset()) -> pd.DataFrame:
    """One row a run, its id as index; the types of the columns do not depend on the values, so that the widget keeps
    selection and scroll when these change. The first columns are those that a phone shows without scrolling: which run, how good,
    and whether it is done."""
    kinds = {main_metric(task) for task in tasks.values()} or {"accuracy"}
    measures = [name for name in ("accuracy", "r2") if name in kinds]
    columns: dict[str, Any] = {
        "chosen": pd.array([is_chosen(row, chosen) for row in rows], dtype="bool"),
        "name": [(INNER if row.is_inner else "") + visible(row.name, limit=LINE) for row in rows],
        **({"group": [row.unfold or None for row in rows]} if any(row.unfold for row in rows) else {}),
        **{name: _measures(rows, name, "last") for name in measures},
        **({"spread": [row.spread for row in rows]} if any(row.spread for row in rows) else {}),
        # a list of one: its label's colour costs nothing, while a Styler took longer than all else
        "status": pd.array([[status_word(row.outcome)] for row in rows], dtype=pd.ArrowDtype(pa.list_(pa.string()))),
        "curve": pd.array([list(row.curve) for row in rows], dtype=pd.ArrowDtype(pa.list_(pa.float64()))),
        **({"doctor": [row.doctor for row in rows]} if any(row.doctor for row in rows) else {}),
        **({"pinned": ["\N{NEUTER}" if row.is_pinned else "" for row in rows]} if any(row.is_pinned for row in rows) else {}),
        **({"label": [visible(row.label) for row in rows]} if any(row.label for row in rows) else {}),
        "data": [row.data for row in rows],
        "network": [visible(row.network) for row in rows],
        "optimizer": [row.optimizer for row in rows],
        "loss": _measures(rows, "loss", "last"),
        **{f"{name}.best": _measures(rows, name, "best") for name in (*measures, "loss")},
        "age": pd.DatetimeIndex([datetime.fromtimestamp(row.created, UTC) for row in rows]).as_unit("ms"),
        "duration": [row.duration for row in rows],
        "weights": [row.weights for row in rows],
        **({"ending": [row.ending for row in rows]} if any(row.ending for row in rows) else {}),
        "size": pd.array([row.size for row in rows], dtype="Int64"),
        "tags": pd.array([list(map(visible, row.tags)) for row in rows], dtype=pd.ArrowDtype(pa.list_(pa.string()))),
        "note": [visible(row.note, limit=10_000, lines=True) for row in rows],
        "cost": [visible(row.cost) for row in rows],
        "created": pd.DatetimeIndex([datetime.fromtimestamp(row.created, UTC) for row in rows]).as_unit("ms"),
    }
    return pd.DataFrame(columns, index=pd.Index([row.id for row in rows], name="run", dtype="object"))


def _measures(rows: Sequence[RunRow], name: str, which: str) -> Any:
    scale = 100.0 if METRICS[name].percent else 1.0
    return pd.array([getattr(row, which).get(name, float("nan")) * scale for row in rows], dtype="float64")


def _width(texts: Sequence[str], *, room: int, least: int, most: int = MAX_WIDTH) -> int:
    """Of a column, in pixels: as wide as the longest of the texts, with so much room around it. The grid draws on a canvas and
    neither wraps a text nor ends it with an ellipsis."""
    return min(most, max(least, room + round(LETTER * max(map(len, texts), default=0))))


def column_config(frame: pd.DataFrame, rows: Sequence[RunRow], on_unfold: Callable[[], None] | None = None) -> dict[str, Any]:
    """How each column of `table_frame` is shown. `on_unfold`: called when the button of a group's row is pressed."""
    config = st.column_config
    tags = sorted({visible(tag) for row in rows for tag in row.tags})
    columns: dict[str, Any] = {
        "chosen": config.CheckboxColumn("", width=38, pinned=True, help=_("Choose runs to compare, tag or delete.")),
        "status": config.MultiselectColumn(
            _("Status"),
            width=_width([status_word(row.outcome) for row in rows], room=32, least=84),
            options=[status_word(status) for status in COLOURS],
            color=list(COLOURS.values()),
        ),
        "doctor": config.TextColumn(
            _("Doctor"),
            width=_width([row.doctor for row in rows], room=18, least=84),
            help=_("What the training doctor says of it; the run itself shows why, and what to do."),
        ),
        "pinned": config.TextColumn("", width=34, help=_("Pinned: kept when many runs are deleted.")),
        "name": config.TextColumn(
            _("Name"),
            width=_width([row.name + INNER * row.is_inner for row in rows], room=18, least=130, most=MAX_NAME),
            max_chars=300,
            help=_("Double-click a name, its tags or its note to edit."),
        ),
        "group": config.ButtonColumn(
            "",
            width=_width([row.unfold for row in rows], room=26, least=80),
            type="tertiary",
            alignment="left",
            key=UNFOLD,
            on_click=on_unfold,
            help=_("Runs that belong together: a press shows each of them."),
        ),
        "spread": config.TextColumn(
            "±",
            width=56,
            help=_(
                "The standard deviation over the finished runs of a group; its row shows their mean, of a race or sweep the best."
            ),
        ),
        "label": config.TextColumn(
            _("In its group"),
            width=_width([row.label for row in rows], room=18, least=92, most=220),
            help=_("Which fold, repeat or variant of its group the run is; of a group, how many of its runs are finished."),
        ),
        "data": config.TextColumn(_("Data"), width=82),
        "network": config.TextColumn(_("Network"), width=96),
        "optimizer": config.TextColumn(_("Optimizer"), width=98),
        "curve": config.LineChartColumn(
            _("Loss curve"), width=88, help=_("Validation loss by epoch; of a run without validation rows its training loss.")
        ),
        "age": config.DatetimeColumn(_("Age"), format="distance", width=122, help=_("The exact time is in the last column.")),
        "duration": config.TextColumn(_("Duration"), width=80, alignment="right"),
        "weights": config.TextColumn(
            _("Weights"),
            width=150,
            help=_(
                "The epoch whose weights the run keeps: test, prediction and export use them. Best: the one with the lowest "
                "validation loss, where that is another."
            ),
        ),
        "ending": config.TextColumn(_("Ended early"), width=180),
        "size": config.NumberColumn(
            _("Size"), format="bytes", width=74, help=_("On the disk: numbers, weights and the data files it alone uses.")
        ),
        "tags": config.MultiselectColumn(_("Tags"), width=128, options=tags, accept_new_options=True, color="auto"),
        "note": config.TextColumn(_("Note"), width=180, max_chars=10_000),
        "cost": config.TextColumn(_("Cost"), width=130),
        "created": config.DatetimeColumn(_("Created"), format="YYYY-MM-DD HH:mm:ss", width=150),
    }
    for name, form in (("accuracy", "%.1f %%"), ("r2", "%.3f"), ("loss", "%.4f")):
        columns[name] = config.NumberColumn(
            short_title(name),
            format=form,
            width=72,
            help=_("On validation rows, of the weights that the run keeps; while it trains, of those it has."),
        )
        columns[f"{name}.best"] = config.NumberColumn(
            best_title(name),
            format=form,
            width=176,
            help=_("On validation rows, at the epoch with the lowest validation loss, which need not be the last one."),
        )
    return {name: column for name, column in columns.items() if name in frame}


def is_chosen(row: RunRow, chosen: Collection[str]) -> bool:
    """Whether all runs of a row are."""
    return all(run in chosen for run in row.runs)
