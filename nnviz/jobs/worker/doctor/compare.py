"""Whether the run that was to mend another one did: both networks asked for the same rows."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.doctor.outcome import Outcome, outcome
from nnviz.doctor.signals import noise
from nnviz.engine import State
from nnviz.engine.views.view_request import rows_of
from nnviz.errors import NnvizError, RequestError
from nnviz.jobs import remedies
from nnviz.jobs.worker.history.recorded import Net, Past
from nnviz.jobs.worker.predictions.trained import Trained
from nnviz.store import Run, Store

ROWS = 5_000
"""That are compared, at most."""
LAST = 10
"""Epochs by which the swing of a run is told."""
NO_LOSS = ("kernel_", "bias_", "use_bias")
"""Settings of the cost's own layer, by how their names begin: they change what is learned, not what an answer costs."""


def compare(past: Past, child: Run) -> None:
    """Says in both runs what came of a remedy, once; nothing for a run that is to mend none. Where runs cannot be compared, since
    rows or states are gone, that is said."""
    link = remedies.mended(past.store, child)
    if link is None or any(event.kind == "outcome" for event in past.store.runs.events(child.id)):
        return
    parent, rule = link
    try:
        result = outcome_of(past, parent, child)
        text, data = result.text, result.to_json()
        if rule == "leakage":
            # a worse loss is what it is for
            text = f"Without what gave the answer away: {result.numbers}, which is nearer to what new rows will cost"
            data["kind"] = "cannot tell"
    except NnvizError as error:
        text, data = f"Whether it helped cannot be told: {error.what}", {"kind": "cannot tell"}
    past.store.runs.add_event(parent.id, "outcome", f"{text} (in {child.name})", data=data | {"rule": rule, "run": child.id})
    past.store.runs.add_event(
        child.id, "outcome", f"{text} (before: {parent.name})", data=data | {"rule": rule, "run": parent.id}
    )


def outcome_of(past: Past, parent: Run, child: Run) -> Outcome:
    """The child as it ended against the parent after as many steps. Raises NnvizError."""
    measure, is_loss, by_class = "validation loss", _loss(parent) == _loss(child), _weights(parent) != _weights(child)
    nets = past.net(parent.id), past.net(child.id)
    parts = [rows_of(net.prepared) for net in nets]
    if not np.array_equal(*(rows.rows[:ROWS] for _, rows in parts)):
        raise RequestError("the two runs are judged by other rows, so their losses do not compare")
    part = parts[0][0]
    if not is_loss:
        is_classes = nets[0].prepared.task == "classification"
        measure = "share of wrong rows" if is_classes else "squared error"
        measure = "share of wrong rows, each class alike," if is_classes and by_class else measure
    measure = measure if part == "validation" else measure.replace("validation", "training")
    states = _state(past, nets[0], parent, at=child.step), _final(past, nets[1], child)
    before, after = (_costs(net, state, part, is_loss) for net, state in zip(nets, states, strict=True))
    if by_class and not is_loss and nets[0].prepared.task == "classification":
        share = _class_weights(nets[0], part)
        before, after = before * share, after * share
    return outcome(measure, before, after, swing=_swing(past.store, (parent, child)) if is_loss else 0.0)


def _loss(run: Run) -> dict[str, Any]:
    """The settings by which answers have a cost."""
    cost = run.spec.to_json()["cost"]
    return {name: value for name, value in cost.items() if not name.startswith(NO_LOSS)}


def _weights(run: Run) -> Any:
    return _loss(run).get("class_weight")


def _class_weights(net: Net, part: str) -> NDArray[np.float64]:
    """(n,) for each row one over its class's number of rows, times the mean such number: with these each class counts alike."""
    y = np.asarray(net.prepared.parts[part].y[:ROWS], np.int64)
    counts = np.bincount(y)
    weights: NDArray[np.float64] = len(y) / (counts > 0).sum() / counts[y]
    return weights


def _state(past: Past, net: Net, run: Run, *, at: int) -> State | None:
    """The last recorded state not past a step; None for a run that went astray before it."""
    if run.status == "diverged" and run.step <= at:
        return None
    newest = past.store.snapshots.newest(run.id, at=at)
    return past.state(net, newest.step if newest else 0)


def _final(past: Past, net: Net, run: Run) -> State | None:
    """With the weights that were kept at the end, which need not be the last ones."""
    last = _state(past, net, run, at=run.step)
    if last is not None and run.weights is not None:
        return replace(last, weights=Trained.load(past.store, run).network.values)
    return last


def _costs(net: Net, state: State | None, part: str, is_loss: bool) -> NDArray[np.float64]:
    rows = net.prepared.parts[part]
    x, y = np.asarray(rows.x[:ROWS], np.float32), rows.y[:ROWS]
    if state is None:
        return np.full(len(y), np.nan)
    network = net.put(state).network
    raw: Any = network.raw(x)
    if is_loss:
        return np.asarray(network.cost.calculate(y, raw, reduction="none"), np.float64)
    if net.prepared.task == "classification":
        return np.asarray(np.asarray(network.cost.picked(raw)) != np.asarray(y), np.float64)
    answers = np.asarray(network.outputs_of(raw), np.float64)
    # in the target's own unit: another cost may have it standardised otherwise
    errors = (answers - np.asarray(y, np.float64).reshape(answers.shape)) * net.prepared.target_scale
    wrong: NDArray[np.float64] = (errors**2).mean(axis=1)
    return wrong


def _swing(store: Store, runs: tuple[Run, ...]) -> float:
    """How far the losses of both go to and fro from one epoch to the next, at the end; 0 where the worst of the one is better
    than the best of the other, which no swing explains."""
    curves = [store.series.epoch_curves(run.id, points=4_000).get("val_loss") for run in runs]
    ends = [end[np.isfinite(end)] for curve in curves if curve is not None and len(end := curve.value[-LAST:]) > 2]
    if len(ends) < len(runs) or not all(map(len, ends)):
        return 0.0
    (low, high), (low_after, high_after) = ((end.min(), end.max()) for end in ends)
    return 0.0 if low > high_after or low_after > high else math.hypot(*map(noise, ends))
