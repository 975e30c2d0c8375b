"""Compare with very many runs: one thin curve each, drawn in one picture, in which one can be picked out."""

import base64
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import streamlit as st

from nnviz.plain_text import visible
from nnviz.store import Curve, Run, Store
from nnviz.ui.common.live import Axis, measures
from nnviz.ui.compare.elements import draw

MANY = 12
"""More runs than this are drawn here; up to this, with all their points, training and validation."""
POINTS = 150


def many_curves(
    runs: Sequence[Run],
    names: Mapping[str, str],
    colours: Mapping[str, int],
    *,
    hidden: Collection[str],
    metric: str,
    x: Axis,
    log: bool,
    smoothing: float,
    height: int,
    store: Store,
) -> None:
    """Draw the validation curves of `metric`, the training curve of a run that has no other."""
    curves = thin_curves(runs, metric, store=store)
    sent = []
    for run in runs:
        if run.id in curves:
            is_training, curve = curves[run.id]
            sent.append(
                {
                    "id": run.id,
                    "name": visible(names[run.id]),
                    "colour": colours[run.id],
                    "isHidden": run.id in hidden,
                    "isTraining": is_training,
                    "x": _packed(getattr(curve, x)),
                    "y": _packed(curve.value),
                }
            )
    settings = {"metric": metric, "x": x, "log": log, "smoothing": smoothing, "height": height, "measures": measures()}
    draw({"kind": "many", "runs": sent, **settings}, key="compare.many")


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
