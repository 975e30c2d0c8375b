"""Cards of runs and groups, and tables with one of them a column."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nnviz.jobs.endings import weights_epoch
from nnviz.plain_text import visible
from nnviz.store import Run, is_whole
from nnviz.ui.common.i18n import _, counted
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
    spread_text,
    status_word,
    summary,
)
from nnviz.ui.common.run_names import name_help
from nnviz.ui.compare.elements import draw
from nnviz.ui.compare.entries import Entry
from nnviz.ui.compare.results import Row
from nnviz.verdict.entrants import kept_metrics, main_metric, task_of

HEAD = 48
"""Characters of a run's name over a column."""


def entry_cards(
    entries: Sequence[Entry],
    *,
    colours: Mapping[str, int] | None = None,
    hidden: Collection[str] = (),
    unfolded: Collection[str] = (),
    key: str,
) -> tuple[str, str]:
    """Draw a card for each run or group. With `colours` (its id to its place in the scale) each has its colour, and buttons to
    hide and remove it, and of a group to show its single runs; without, a card offers its run to be added. Gives what was
    pressed, (`toggle`, `remove`, `unfold` or `add`, id), or two empty strings."""
    cards = [
        (_group_card(entry) if entry.is_group else _card(entry.runs[0], entry.name))
        | {
            "colour": (colours or {}).get(entry.id, 0),
            "isHidden": entry.id in hidden,
            "isGroup": entry.is_group,
            "isUnfolded": entry.id in unfolded,
        }
        for entry in entries
    ]
    return draw({"kind": "offer" if colours is None else "cards", "runs": cards}, key=key)


def entry_columns(entries: Sequence[Entry], rows: Sequence[Row], *, colours: Mapping[str, int], key: str) -> str:
    """Draw a table, one column a run or group. Gives the id of the one whose test result is asked for, or an empty string."""
    heads = [
        {
            "name": visible(entry.name, limit=HEAD),
            "help": entry.name if entry.is_group else name_help(entry.runs[0]),
            "colour": colours[entry.id],
        }
        for entry in entries
    ]
    return draw(
        {"kind": "table", "runs": heads, "rows": [vars(row) | {"cells": list(map(vars, row.cells))} for row in rows]}, key=key
    )[1]


def _group_card(entry: Entry) -> dict[str, Any]:
    runs, first = entry.runs, entry.runs[0]
    together = summary(runs)
    name = next((name for name in (f"val_{main_metric(task_of(first))}", "val_loss", "loss") if name in together), "")
    value = spread_text(name, together[name]) if name else ABSENT
    titled = f"R² {value}" if name == "val_r2" else _("loss {value}").format(value=value) if name.endswith("loss") else value
    whole, is_open = sum(map(is_whole, runs)), any(not run.is_ended for run in runs)
    data = data_name(first.spec_json)
    counts = (
        counted("{n} run", "{n} runs", len(runs)) if whole == len(runs) else _("{n} of {m} runs").format(n=whole, m=len(runs))
    )
    help_text = _("{metric}: mean ± standard deviation over the {n} finished runs.").format(metric=metric_title(name), n=whole)
    return {
        "id": entry.id,
        "name": entry.name,
        "help": entry.name,
        "status": next((run.status for run in runs if not run.is_ended), "finished" if whole else first.status),
        "exact": exact_time(first.created),
        "value": titled,
        "valueHelp": help_text if name else "",
        "about": " · ".join(part for part in (counts, "" if data in entry.name else data, age_text(first.created)) if part),
        "soFar": bool(name) and is_open,
    }


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
