"""The table "Results": metrics by rows, runs by columns. The best is marked among the finished, by validation only,
where the numbers can be compared and one row more or less right would not change it; a test result is shown once somebody has
asked for it."""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from nnviz.catalog import METRICS
from nnviz.catalog.metrics import FINAL_METRICS, TASK_METRICS
from nnviz.store import Run, Store
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import (
    ABSENT,
    best_epoch_words,
    busy_seconds,
    data_name,
    doctor_words,
    duration_text,
    epoch_text,
    measure,
    metric_title,
)
from nnviz.verdict.entrants import kept_metrics, task_of, validates_on

REVEALED = "revealed"
ROW_SHARES = ("val_accuracy",)
"""Metrics of which one validation row makes one n-th."""


@dataclass(frozen=True)
class Cell:
    """One value as text; `is_best` in bold; `so_far` of a run that goes on; `reveal` names the run whose test result
    waits behind this cell's button; `is_odd` differs from most others in its row; `help` is its tooltip."""

    text: str
    is_best: bool = False
    so_far: bool = False
    reveal: str = ""
    is_odd: bool = False
    help: str = ""


@dataclass(frozen=True)
class Row:
    """One line of a table: its label, a cell for each run, and the tooltip of the label."""

    label: str
    cells: tuple[Cell, ...]
    help: str = ""


@dataclass(frozen=True)
class Comparable:
    """What may be ranked: `metrics` (the runs validate on the same rows of the same task) and `loss` (and by the same
    cost). `notes` say in words what may not."""

    metrics: bool
    loss: bool
    notes: tuple[str, ...]


def comparable(runs: Sequence[Run]) -> Comparable:
    """What of these runs may be ranked against each other."""
    tasks = {task_of(run) for run in runs}
    rows = {validates_on(run) for run in runs}
    costs = {
        repr(run.spec_json.get("cost", {}).get("kind")) + str(run.spec_json.get("cost", {}).get("expression", "")) for run in runs
    }
    weights = {repr(run.spec_json.get("cost", {}).get("class_weight")) for run in runs}
    notes = []
    if len(tasks) > 1:
        notes.append(_("Classification beside regression: their metrics have nothing in common, so none is marked best."))
    elif len({data_name(run.spec_json) for run in runs}) > 1:
        notes.append(_("These runs learn from different data: their metrics cannot be ranked, so none is marked best."))
    elif len(rows) > 1:
        notes.append(
            _(
                "These runs validate on different rows (another split or other settings of the data): "
                "small differences may be chance, so none is marked best."
            )
        )
    same_rows = len(tasks) == 1 and len(rows) == 1
    same_cost = len(costs) == 1 and len(weights) == 1
    if same_rows and not same_cost:
        notes.append(_("The losses come from different costs and cannot be compared with each other; the other metrics can."))
    elif len(costs) > 1:
        notes.append(_("The losses come from different costs and cannot be compared with each other."))
    return Comparable(metrics=same_rows, loss=same_rows and same_cost, notes=tuple(notes))


def result_rows(runs: Sequence[Run], *, revealed: Set[str] = frozenset()) -> list[Row]:
    """The rows of the table. `revealed`: ids of the runs whose test result was asked for."""
    ranking = comparable(runs)
    metrics = {run.id: kept_metrics(run) if run.is_ended else run.metrics for run in runs}
    tasks = list(dict.fromkeys(task_of(run) for run in runs))
    names = list(dict.fromkeys(name for task in tasks for name in [*_metrics(task), "loss"]))
    rows = []
    for name in names:
        values = [metrics[run.id].get(f"val_{name}") for run in runs]
        if any(value is not None for value in values):
            ranked = ranking.loss if name == "loss" else ranking.metrics
            rows.append(_marked(metric_title(f"val_{name}"), f"val_{name}", values, runs, ranked=ranked))
    rows.append(
        Row(
            _("Training loss"),
            tuple(_value(measure("loss", metrics[run.id].get("loss")), run) for run in runs),
            help=_("On all training rows; during training, on a fixed sample if there are many."),
        )
    )
    rows.append(Row(_("Parameters"), tuple(Cell(_count(run.info.get("parameters"))) for run in runs)))
    rows.append(
        Row(
            _("Best epoch"),
            tuple(_value(_number(run.best.get("epoch")), run) for run in runs),
            help=_("The epoch with the lowest validation loss."),
        )
    )
    rows.append(Row(_("Epochs done"), tuple(_value(_number(run.epoch if run.epoch else None), run) for run in runs)))
    rows.append(
        Row(
            _("Training time"),
            tuple(_value(duration_text(_trained_seconds(run)), run) for run in runs),
            help=_("From the first step to the last, at the pace that was set."),
        )
    )
    rows.append(
        Row(
            _("Doctor"),
            tuple(Cell(doctor_words(run) or ABSENT) for run in runs),
            help=_("What the training doctor says of it; the run itself shows why, and what to do."),
        )
    )
    for name in [*(name for task in tasks for name in _metrics(task)), "loss"]:
        rows.append(_test_row(f"test_{name}", metrics, runs, revealed, is_first=name == TASK_METRICS[tasks[0]][1]))
    return [row for row in rows if any(cell.text != ABSENT or cell.reveal for cell in row.cells)]


def _metrics(task: str) -> tuple[str, ...]:
    return (*TASK_METRICS[task][1:], *FINAL_METRICS[task])


def revealed_ids(runs: Sequence[Run], *, store: Store) -> frozenset[str]:
    """The runs whose test result somebody has asked for before."""
    return store.listing.with_event([run.id for run in runs if _has_test(run)], REVEALED)


def reveal(run: Run, *, store: Store) -> None:
    """Record that the test result of a run was looked at; a second time changes nothing."""
    if _has_test(run) and run.id not in revealed_ids([run], store=store):
        store.runs.add_event(run.id, REVEALED, _("Test result revealed"), data={"page": "compare"})


def _has_test(run: Run) -> bool:
    return run.is_ended and any(name.startswith("test_") for name in run.metrics)


def _test_row(
    name: str, metrics: Mapping[str, Mapping[str, float]], runs: Sequence[Run], revealed: Set[str], *, is_first: bool
) -> Row:
    cells = []
    for run in runs:
        if name not in metrics[run.id] or not _has_test(run):
            cells.append(Cell(ABSENT))
        elif run.id in revealed:
            cells.append(Cell(measure(name, metrics[run.id][name])))
        else:
            cells.append(Cell(_("Reveal"), reveal=run.id) if is_first else Cell(ABSENT))
    return Row(
        metric_title(name),
        tuple(cells),
        help=" ".join(
            (
                _(METRICS[name.removeprefix("test_")].help),
                _("On rows held back until the end. Choosing a run by this number would bias it, so each look is recorded."),
            )
        ),
    )


def best_of(name: str, values: Sequence[float | None], runs: Sequence[Run]) -> float | None:
    """The best of the finished runs' values of a validation metric; None where it is ahead of the next by no more than one
    validation row can make. Of a share of rows that is 1/n; what one row can make of a loss, or of an error in the target's
    unit, has no bound, so of these none is called best."""
    rows = [_validation_rows(run) for run in runs]
    if name not in ROW_SHARES or not all(rows):
        return None
    finished = sorted(
        (
            value
            for value, run in zip(values, runs, strict=True)
            if run.status == "finished" and value is not None and _is_number(value)
        ),
        reverse=METRICS[name.removeprefix("val_")].better == "higher",
    )
    if len(finished) < 2 or abs(finished[0] - finished[1]) <= 1 / min(rows) + 1e-9:
        return None
    return finished[0]


def bold_note(rows: Sequence[Row], runs: Sequence[Run]) -> str:
    """What bold means in `rows`; empty where nothing is."""
    if not any(cell.is_best for row in rows for cell in row.cells):
        return ""
    return _("Bold: better than the next by more than one of the {n} validation rows can make.").format(
        n=f"{min(map(_validation_rows, runs)):,}"
    )


def _marked(label: str, name: str, values: Sequence[float | None], runs: Sequence[Run], *, ranked: bool) -> Row:
    best = best_of(name, values, runs) if ranked else None
    cells = tuple(
        replace(
            _value(measure(name, value), run),
            is_best=best is not None and run.status == "finished" and value == best,
            help=best_epoch_words(run, name) if value is not None else "",
        )
        for value, run in zip(values, runs, strict=True)
    )
    what = _(METRICS[name.removeprefix("val_")].help)
    return Row(label, cells, help=f"{what} {_('Of the weights that a run keeps; while it trains, of those it has.')}")


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _validation_rows(run: Run) -> int:
    """How many there are; 0 where that is not known."""
    rows = run.info.get("rows")
    count = rows.get("validation", 0) if isinstance(rows, Mapping) else 0
    return count if isinstance(count, int) else 0


def _value(text: str, run: Run) -> Cell:
    return Cell(text, so_far=not run.is_ended and text != ABSENT)


def _trained_seconds(run: Run) -> float | None:
    return run.seconds or (busy_seconds(run) if run.is_ended else None)


def _count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else ABSENT


def _number(value: float | None) -> str:
    return ABSENT if value is None else epoch_text(value)
