"""The table "Results": metrics by rows, runs by columns. No run is marked best: of one run each nothing can be concluded. A test
result is shown once somebody has asked for it."""

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
from nnviz.verdict.entrants import costs_on, kept_metrics, task_of, validates_on

REVEALED = "revealed"


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


def notes_on(runs: Sequence[Run]) -> list[str]:
    """What of these runs cannot be compared, in words."""
    notes = []
    if len({task_of(run) for run in runs}) > 1:
        notes.append(_("Classification beside regression: their metrics have nothing in common."))
    elif len({data_name(run.spec_json) for run in runs}) > 1:
        notes.append(_("These runs learn from different data: their metrics cannot be compared."))
    elif len({validates_on(run) for run in runs}) > 1:
        notes.append(
            _("These runs validate on different rows (another split or other settings of the data): differences may be chance.")
        )
    if len({costs_on(run) for run in runs}) > 1:
        notes.append(_("The losses come from different costs and cannot be compared with each other."))
    return notes


def result_rows(runs: Sequence[Run], *, revealed: Set[str] = frozenset()) -> list[Row]:
    """The rows of the table. `revealed`: ids of the runs whose test result was asked for."""
    metrics = {run.id: kept_metrics(run) if run.is_ended else run.metrics for run in runs}
    tasks = list(dict.fromkeys(task_of(run) for run in runs))
    names = list(dict.fromkeys(name for task in tasks for name in [*_metrics(task), "loss"]))
    rows = []
    for name in names:
        values = [metrics[run.id].get(f"val_{name}") for run in runs]
        if any(value is not None for value in values):
            rows.append(_validated(metric_title(f"val_{name}"), f"val_{name}", values, runs))
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


def _validated(label: str, name: str, values: Sequence[float | None], runs: Sequence[Run]) -> Row:
    cells = tuple(
        replace(_value(measure(name, value), run), help=best_epoch_words(run, name) if value is not None else "")
        for value, run in zip(values, runs, strict=True)
    )
    what = _(METRICS[name.removeprefix("val_")].help)
    return Row(label, cells, help=f"{what} {_('Of the weights that a run keeps; while it trains, of those it has.')}")


def _value(text: str, run: Run) -> Cell:
    return Cell(text, so_far=not run.is_ended and text != ABSENT)


def _trained_seconds(run: Run) -> float | None:
    return run.seconds or (busy_seconds(run) if run.is_ended else None)


def _count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else ABSENT


def _number(value: float | None) -> str:
    return ABSENT if value is None else epoch_text(value)
