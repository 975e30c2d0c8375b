"""From a run in the store to the evidence that it is judged by."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnviz.doctor import Change, DataFacts, Evidence, LayerFacts, Moment, Points
from nnviz.engine import State
from nnviz.engine.views.layer_learning import layer_learning
from nnviz.errors import NnvizError
from nnviz.jobs.worker.doctor.data_facts import data_facts
from nnviz.jobs.worker.doctor.input_facts import input_facts
from nnviz.jobs.worker.doctor.label_facts import label_facts
from nnviz.jobs.worker.doctor.last_moments import MOMENTS as MOMENTS_AT_END, SHARE, last_moments
from nnviz.jobs.worker.history.recorded import Net, Past, spread
from nnviz.store import Curve, Run, Store

MOMENTS = 8
"""At which layers are looked at: the first and the last, and between them more of the early ones, where most happens."""
ANSWERED, ANSWERED_FROM = 4, 0.25
"""Moments at which rows are asked for their class, and from which share of the steps on: before it answers are chance."""
MOST_WORK = 3e9
"""Rows times parameters of a moment: of larger networks only the series are judged, since a judgement is to take seconds."""


def from_series(store: Store, run: Run, *, data: DataFacts | None = None) -> Evidence:
    """What the numbers of a run say, and what else is at hand. Raises SpecError for a run whose spec cannot be read."""
    calendar = run.info.get("calendar") or [[0, 0, 1]]
    names = [name for name in store.series.names(run.id) if name.startswith("batch_")]
    return Evidence(
        spec=run.spec,
        status=run.status,
        step=run.step,
        epoch=run.epoch,
        series={name: _by_step(store.series.curve(run.id, name), calendar) for name in names},
        epochs={name: Points(curve.step, curve.epoch, curve.value) for name, curve in _by_epoch(store, run.id).items()},
        data=data,
        changes=tuple(
            Change(event.step, event.data["name"], event.data.get("before"), float(event.data["after"]))
            for event in store.runs.changed(run.id)
        ),
        recorded=tuple(moment.step for moment in store.snapshots.of_run(run.id) if not moment.damaged),
    )


def gather(past: Past, run: Run, *, between: Callable[[], None] = lambda: None) -> Evidence:
    """All evidence. What cannot be had any more (rows that were moved away, states that were thinned out) is left out.
    `between`: called between two moments, may use the network for something else."""
    try:
        net = past.net(run.id)
        data = data_facts(net.prepared, net.session.network.cost)
        inputs = input_facts(net.prepared, net.session.network)
        rows = len(net.prepared.parts["train"].y)
    except NnvizError:
        return from_series(past.store, run)
    parameters = net.session.network.count_params()
    evidence = replace(from_series(past.store, run, data=data), inputs=inputs, parameters=parameters)
    if min(rows, 500) * parameters > MOST_WORK:
        return evidence
    evidence = replace(evidence, moments=tuple(moments(past, net, run, between)))
    if not run.is_ended:
        return evidence  # what is asked of the end costs as much again, and every look takes from the training
    return replace(
        evidence,
        labels=label_facts(net, _states(past, net, spread(_since(evidence, ANSWERED_FROM), ANSWERED))),
        last=last_moments(net, _states(past, net, spread(_since(evidence, 1 - SHARE), MOMENTS_AT_END))),
    )


def _since(evidence: Evidence, share: float) -> list[int]:
    """The recorded steps from this share of all on."""
    return [step for step in evidence.recorded if share * evidence.step <= step <= evidence.step]


def _states(past: Past, net: Net, steps: Sequence[int]) -> list[State]:
    """Those of the steps whose state is still there."""
    states = []
    for step in steps:
        try:
            states.append(past.state(net, step))
        except NnvizError:
            continue
    return states


def moments(past: Past, net: Net, run: Run, between: Callable[[], None] = lambda: None) -> list[Moment]:
    """A handful, rising; of a run that went astray those before. What was looked at before is not computed again."""
    kept_at = {moment.step: moment.created for moment in past.store.snapshots.of_run(run.id) if not moment.damaged}
    # a branch begins with the weights of another run, which its own spec does not give
    first = [] if run.spec.branch is not None else [0]
    known = {step for step, created in net.looked_at if kept_at.get(step, 0.0) == created}
    looked_at = []
    for step in spread_early([*first, *kept_at], MOMENTS, known=known):
        key = (step, kept_at.get(step, 0.0))
        try:
            if key not in net.looked_at:
                between()
                net.looked_at[key] = moment_of(layer_learning(net.training(past.state(net, step)), step))
        except NnvizError:
            continue  # numbers that are none, or a state that is gone
        looked_at.append(net.looked_at[key])
    return looked_at


def moment_of(body: dict[str, Any]) -> Moment:
    """From what the view `layers` shows."""
    return Moment(
        step=body["step"],
        epoch=float(body["epoch"]),
        loss=body["loss"],
        penalty=body["penalty"],
        layers=tuple(
            LayerFacts(
                path=layer["path"],
                title=layer["title"],
                activation=layer["activation"],
                count=layer["count"],
                weights=layer["weights"]["norm"] if layer["weights"] else 0.0,
                gradient=layer["gradient"]["norm"] if layer["gradient"] else None,
                update=layer["update"]["norm"] if layer["update"] else None,
                units=layer["units"],
                dead=None if layer["dead"] is None or not layer["units"] else layer["dead"] / layer["units"],
                saturated=layer["saturated"],
            )
            for layer in body["layers"]
        ),
    )


def spread_early(steps: Sequence[int], most: int, *, known: Collection[int] = ()) -> list[int]:
    """Up to `most` of the rising `steps`, the first and the last among them, evenly on a scale between that of steps and that of
    their logarithms. Of two that do nearly as well the one that is `known` is taken."""
    if len(steps) <= most:
        return list(steps)
    scale = np.sqrt(np.array(steps, dtype=np.float64))
    wanted = np.linspace(scale[0], scale[-1], most)
    distance = np.abs(scale[None, :] - wanted[:, None])
    near = (wanted[1] - wanted[0]) / 2
    distance[1:-1] -= near * ((distance[1:-1] < near) & np.isin(steps, list(known)))
    return [steps[place] for place in np.unique(distance.argmin(axis=1))]


def _by_step(curve: Curve, calendar: Sequence[Sequence[float]]) -> Points:
    first, epoch, each = (np.array(column, dtype=np.float64) for column in zip(*calendar, strict=True))
    part = np.maximum(np.searchsorted(first, curve.step, side="right") - 1, 0)
    return Points(curve.step, epoch[part] + (curve.step - first[part]) / np.maximum(each[part], 1), curve.value)


def _by_epoch(store: Store, run_id: str) -> dict[str, Curve]:
    return store.series.epoch_curves(run_id, points=4_000)
