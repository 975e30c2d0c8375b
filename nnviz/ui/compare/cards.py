"""Cards of runs, and tables with a run a column."""

from collections.abc import Mapping, Sequence
from typing import Any

from nnviz.jobs.endings import weights_epoch
from nnviz.plain_text import visible
from nnviz.store import Run
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import (
    ABSENT,
    age_text,
    best_epoch_words,
    data_name,
    epoch_text,
    exact_time,
    measure,
    metric_title,
    outcome_of,
    status_word,
)
from nnviz.ui.common.run_names import name_help
from nnviz.ui.compare.elements import draw
from nnviz.ui.compare.results import Row
from nnviz.verdict.entrants import kept_metrics, main_metric, task_of

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
    heads = [{"name": visible(names[run.id], limit=HEAD), "help": name_help(run), "colour": colours[run.id]} for run in runs]
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
    data = data_name(run.spec_json)
    return {
        "id": run.id,
        "name": visible(title),
        "help": name_help(run),
        "status": run.status,
        "exact": exact_time(run.created),
        "value": titled,
        "valueHelp": _value_help(run, name) if name else "",
        "about": " · ".join(
            part for part in (label, "" if data in title else data, status_word(outcome_of(run)), age_text(run.created)) if part
        ),
        "soFar": bool(name) and not run.is_ended,
    }


def _value_help(run: Run, name: str) -> str:
    """What the number on a card is: which metric, of which weights, and what it was at the best epoch."""
    epoch = (weights_epoch(run) if run.is_ended else None) or run.epoch
    after = _("{metric} after epoch {n}.").format(metric=metric_title(name), n=epoch_text(epoch))
    best = best_epoch_words(run, name) if epoch != run.best.get("epoch") else ""
    return f"{after} {best}".strip()
