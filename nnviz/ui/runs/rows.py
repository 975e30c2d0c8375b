"""What the table of runs shows of each one, and which runs match a search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from nnviz.jobs.endings import early_words, weights_words
from nnviz.store import Run, Store
from nnviz.ui.common.run_format import (
    UNREADABLE,
    busy_seconds,
    data_name,
    duration_text,
    failure_text,
    kept_metrics,
    optimizer_name,
    task_of,
)

CURVE_POINTS = 60


@dataclass(frozen=True)
class RunRow:
    """What one row shows. `best` and `last`: validation metrics at the best epoch and at the last; nan where none."""

    id: str
    status: str
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
    """What the run is called within its group."""
    size: int = 0
    """Bytes on the disk."""
    is_pinned: bool = False
    weights: str = ""
    """Which epoch's weights it keeps."""
    ending: str = ""
    """Why it ended before its last epoch, where early stopping did that."""


def row_of(run: Run, curve: Sequence[float], *, size: int = 0) -> RunRow:
    """Test results are left out: they are shown where they are asked for."""
    return RunRow(
        id=run.id,
        status=UNREADABLE if run.broken else run.status,
        name=run.name,
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
        size=size,
        is_pinned=run.is_pinned,
        weights=weights_words(run).removeprefix("weights of "),
        ending=early_words(run),
    )


def matches(run: Run, text: str) -> bool:
    """Whether every word of `text` stands in the run's name, tags, note, data, network, cost, optimizer or settings."""
    spec = run.spec_json
    settings = [
        f"{key}={value}" for block in ("optimizer", "training", "data", "cost") for key, value in spec.get(block, {}).items()
    ]
    haystack = " ".join(
        [
            run.id,
            run.group,
            run.name,
            *run.tags,
            run.note,
            data_name(spec),
            str(run.info.get("network", "")),
            optimizer_name(spec),
            str(spec.get("cost", {}).get("kind", "")),
            *settings,
        ]
    ).lower()
    return all(word in haystack for word in text.lower().split())


def loss_curve(store: Store, run: Run) -> tuple[float, ...]:
    """The training loss by epoch (validation where that is all there is), at most CURVE_POINTS of it."""
    return _loss_curve(store, run.id, run.revision)


@st.cache_data(max_entries=4000, show_spinner=False)
def _loss_curve(_store: Store, run_id: str, revision: int) -> tuple[float, ...]:
    curves = _store.series.epoch_curves(run_id, points=CURVE_POINTS)
    curve = curves.get("loss") or curves.get("val_loss")
    values = curve.value.tolist() if curve else []
    if len(values) <= CURVE_POINTS:
        return tuple(values)
    return tuple(values[round(place * (len(values) - 1) / (CURVE_POINTS - 1))] for place in range(CURVE_POINTS))


def tasks_of(runs: Sequence[Run]) -> dict[str, str]:
    """The task of each run, by its id."""
    return {run.id: task_of(run) for run in runs}


def _validation(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name.removeprefix("val_"): value for name, value in metrics.items() if name.startswith("val_")}
