"""What the table of runs shows of each one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from nnviz.jobs.endings import early_words, weights_epoch, weights_words
from nnviz.store import Run, Store
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import (
    busy_seconds,
    data_name,
    doctor_words,
    duration_text,
    epoch_text,
    failure_text,
    optimizer_name,
    outcome_of,
)
from nnviz.verdict.entrants import kept_metrics, task_of

CURVE_POINTS = 60


@dataclass(frozen=True)
class RunRow:
    """What one row shows. `best` and `last`: validation metrics at the best epoch, and of the weights that it keeps or has now;
    nan where none."""

    id: str
    outcome: str
    name: str
    data: str
    network: str
    cost: str
    optimizer: str
    best: Mapping[str, float]
    last: Mapping[str, float]
    curve: tuple[float, ...]
    created: float
    duration: str
    tags: tuple[str, ...]
    note: str
    label: str = ""
    """What the run is called within its group; of a group how many of its runs are finished."""
    size: int | None = 0
    """Bytes on the disk; None while that is not known."""
    is_pinned: bool = False
    weights: str = ""
    """Which epoch's weights it keeps, and the best epoch where that is another."""
    ending: str = ""
    """Why it ended before its last epoch, where early stopping did that."""
    doctor: str = ""
    """What the doctor says of it."""
    members: tuple[str, ...] = ()
    """The runs of a group whose row it is."""
    group: str = ""
    """Its group's id."""
    unfold: str = ""
    """Of a group: what kind it is, on the button that shows its runs below it."""
    spread: str = ""
    """Of a group: the deviation of its main metric, or that this is the best of its runs."""
    is_inner: bool = False
    """Whether it stands below its group's row."""

    @property
    def runs(self) -> tuple[str, ...]:
        """The runs that are chosen with it."""
        return self.members or (self.id,)


def row_of(run: Run, curve: Sequence[float], *, size: int | None = 0, name: str = "", is_inner: bool = False) -> RunRow:
    """`name`: what it is called among the runs listed. Test results are left out: they are shown where they are asked for."""
    return RunRow(
        id=run.id,
        outcome=outcome_of(run),
        name=name or run.name,
        data=data_name(run.spec_json),
        network=failure_text(run) if run.broken else str(run.info.get("network", "")),
        cost=str(run.spec_json.get("cost", {}).get("kind", "")),
        optimizer=optimizer_name(run.spec_json),
        best=_validation(run.best),
        last=_validation(kept_metrics(run) if run.is_ended else run.metrics),
        curve=tuple(curve),
        created=run.created,
        duration=duration_text(busy_seconds(run)),
        tags=run.tags,
        note=run.note,
        label=run.label,
        group=run.group,
        size=size,
        is_pinned=run.is_pinned,
        weights=_weights(run),
        ending=early_words(run),
        doctor=doctor_words(run),
        is_inner=is_inner,
    )


def loss_curves(store: Store, runs: Sequence[Run]) -> dict[str, tuple[float, ...]]:
    """The validation loss by epoch of each run, the training loss where nothing validates, at most CURVE_POINTS of it; none
    for a run that has neither."""
    ended = tuple((run.id, run.revision) for run in runs if run.is_ended)
    return _ended_curves(store, store.url, ended) | _curves(store, [run.id for run in runs if not run.is_ended])


@st.cache_data(max_entries=100, show_spinner=False)
def _ended_curves(_store: Store, url: str, revisions: tuple[tuple[str, int], ...]) -> dict[str, tuple[float, ...]]:
    return _curves(_store, [run_id for run_id, _revision in revisions])


def _curves(store: Store, run_ids: Sequence[str]) -> dict[str, tuple[float, ...]]:
    curves: dict[str, tuple[float, ...]] = {}
    for name in ("val_loss", "loss"):
        missing = [run_id for run_id in run_ids if run_id not in curves]
        thin = store.thin_curves.of_runs(missing, name, points=CURVE_POINTS) if missing else {}
        curves |= {run_id: tuple(curve.value.tolist()) for run_id, curve in thin.items()}
    return curves


def tasks_of(runs: Sequence[Run]) -> dict[str, str]:
    """The task of each run, by its id."""
    return {run.id: task_of(run) for run in runs}


def _weights(run: Run) -> str:
    words, best = weights_words(run).removeprefix("weights of "), run.best.get("epoch")
    if not words or best is None or best == weights_epoch(run):
        return words
    return _("{words} (best {n})").format(words=words, n=epoch_text(best))


def _validation(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name.removeprefix("val_"): value for name, value in metrics.items() if name.startswith("val_")}
