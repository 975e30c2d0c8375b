"""Cards of runs, and tables with a run a column."""

from collections.abc import Mapping, Sequence
from typing import Any

from nnviz.plain_text import visible
from nnviz.store import Run
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import (
    ABSENT,
    age_text,
    data_name,
    exact_time,
    kept_metrics,
    main_metric,
    measure,
    status_word,
    task_of,
)
from nnviz.ui.compare.elements import draw
from nnviz.ui.compare.results import Row

HEAD = 48
"""Characters of a run's name over a column."""


def run_cards(
    runs: Sequence[Run],
    names: Mapping[str, str],
    *,
    colours: Mapping[str, int] | None = None,
    hidden: Sequence[str] = (),
    key: str,
) -> tuple[str, str]:
    """Draw a card for each run, with its name of `names`. With `colours` (run id to its place in the scale) each has its
    colour, and buttons to hide and remove it; without, a card offers its run to be added. Gives what was pressed, (`toggle`,
    `remove` or `add`, run id), or two empty strings."""
    cards = [_card(run, names[run.id]) | {"colour": (colours or {}).get(run.id, 0), "isHidden": run.id in hidden} for run in runs]
    return draw({"kind": "offer" if colours is None else "cards", "runs": cards}, key=key)


def run_columns(
    runs: Sequence[Run], rows: Sequence[Row], names: Mapping[str, str], *, colours: Mapping[str, int], key: str
) -> str:
    """Draw a table, one column a run. Gives the id of the run whose test result is asked for, or an empty string."""
    heads = [{"name": visible(names[run.id], limit=HEAD), "colour": colours[run.id]} for run in runs]
    return draw(
        {"kind": "table", "runs": heads, "rows": [vars(row) | {"cells": list(map(vars, row.cells))} for row in rows]}, key=key
    )[1]


def _card(run: Run, title: str) -> dict[str, Any]:
    task = task_of(run)
    metrics = kept_metrics(run) if run.is_ended else run.metrics
    name = next((name for name in (f"val_{main_metric(task)}", "val_loss", "loss") if name in metrics), "")
    value = measure(name, metrics.get(name)) if name else ABSENT
    titled = f"R² {value}" if name == "val_r2" else _("loss {value}").format(value=value) if name.endswith("loss") else value
    label = "" if title.endswith(run.label) else visible(run.label)
    return {
        "id": run.id,
        "name": visible(title),
        "status": run.status,
        "exact": exact_time(run.created),
        "value": titled,
        "about": " · ".join(
            part for part in (label, data_name(run.spec_json), status_word(run.status), age_text(run.created)) if part
        ),
        "soFar": bool(name) and not run.is_ended,
    }
