"""Compare with groups, or with very many runs: one thin curve each, drawn in one picture, in which one can be picked out."""

import base64
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from nnviz.charts.mean_curves import MeanCurve
from nnviz.store import Curve, Run, Store
from nnviz.ui.common.live import Axis, measures
from nnviz.ui.compare.elements import draw
from nnviz.ui.compare.entries import Entry, mean_curve

MANY = 12
"""More runs than this are drawn here; up to this, with all their points, training and validation."""
POINTS = 150


def many_curves(
    entries: Sequence[Entry],
    colours: Mapping[str, int],
    *,
    hidden: Collection[str],
    unfolded: Collection[str],
    metric: str,
    x: Axis,
    log: bool,
    smoothing: float,
    height: int,
    store: Store,
) -> None:
    """Draw the validation curves of `metric`, the training curve of a run that has no other; of a group the mean, with a band of
    one standard deviation, and its single runs where it is `unfolded`."""
    curves = thin_curves([run for entry in entries for run in entry.runs], metric, store=store)
    sent = [
        line | {"colour": colours[entry.id], "isHidden": entry.id in hidden}
        for entry in entries
        for line in _lines(entry, curves, x, is_unfolded=entry.id in unfolded)
    ]
    settings = {"metric": metric, "x": x, "log": log, "smoothing": smoothing, "height": height, "measures": measures()}
    draw({"kind": "many", "runs": sent, **settings}, key="compare.many")


def _lines(entry: Entry, curves: Mapping[str, tuple[bool, Curve]], x: Axis, *, is_unfolded: bool) -> list[dict[str, Any]]:
    """What is drawn of an entry, as the browser takes it."""
    known = [(run, *curves[run.id]) for run in entry.runs if run.id in curves]
    if not known:
        return []
    single = [
        {
            "id": entry.id,
            "name": f"{entry.name} \N{MIDDLE DOT} {run.label}" if entry.is_group else entry.name,
            "isTraining": is_training,
            "isMember": entry.is_group,
            "x": _packed(getattr(curve, x)),
            "y": _packed(curve.value),
        }
        for run, is_training, curve in known
    ]
    if not entry.is_group:
        return single
    at, mean, deviation = mean_curve([curve for _run, _is_training, curve in known], x)
    if not len(at):
        return single
    together = {
        "id": entry.id,
        "name": entry.name,
        "isTraining": known[0][1],
        "isMember": False,
        "x": _packed(at),
        "y": _packed(mean),
        "deviation": _packed(deviation),
    }
    return [*(single if is_unfolded else []), together]


def entry_curves(entries: Sequence[Entry], colours: Mapping[str, int], metric: str, *, store: Store) -> list[MeanCurve]:
    """The curve of each entry that has one, by epoch: of a run, or the mean of a group with its deviation."""
    known = thin_curves([run for entry in entries for run in entry.runs], metric, store=store)
    curves = []
    for entry in entries:
        own = [known[run.id][1] for run in entry.runs if run.id in known]
        at, mean, deviation = mean_curve(own, "epoch")
        if len(at):
            curves.append(MeanCurve(entry.name, colours[entry.id], at, mean, deviation))
        elif own:
            curves.append(MeanCurve(entry.name, colours[entry.id], own[0].epoch, own[0].value))
    return curves


def thin_curves(runs: Sequence[Run], metric: str, *, store: Store) -> dict[str, tuple[bool, Curve]]:
    """The curve of each run that has one, at most POINTS of it, and whether it is of the training rows."""
    ended = tuple((run.id, run.revision) for run in runs if run.is_ended)
    return _ended(store, store.url, ended, metric) | _read(store, [run.id for run in runs if not run.is_ended], metric)


@st.cache_data(max_entries=16, show_spinner=False)
def _ended(_store: Store, url: str, revisions: tuple[tuple[str, int], ...], metric: str) -> dict[str, tuple[bool, Curve]]:
    return _read(_store, [run_id for run_id, _revision in revisions], metric)


def _read(store: Store, run_ids: Sequence[str], metric: str) -> dict[str, tuple[bool, Curve]]:
    if not run_ids:
        return {}
    validation = store.thin_curves.of_runs(run_ids, f"val_{metric}", points=POINTS)
    curves = {run_id: (False, curve) for run_id, curve in validation.items()}
    missing = [run_id for run_id in run_ids if run_id not in curves]
    training = store.thin_curves.of_runs(missing, metric, points=POINTS) if missing else {}
    return curves | {run_id: (True, curve) for run_id, curve in training.items()}


def _packed(values: np.ndarray) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")
