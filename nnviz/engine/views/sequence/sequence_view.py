"""What layers that read a row step by step make of it: the state by step, or which step looks at which."""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.catalog.views import ATTENTION, RECURRENT
from nnviz.engine.network.attention import SelfAttention
from nnviz.engine.views.images.rows import Rows
from nnviz.engine.views.placed_layers import number_of, title_of
from nnviz.engine.views.sequence.steps import Floats, attention, directions_of, states
from nnviz.engine.views.trace import Step, Trace
from nnviz.engine.views.view_request import ViewRequest
from nnviz.errors import RequestError

MOST_STEPS = 200
MOST_UNITS = 64
STATES = ("output", "memory")


def sequence_view(asked: ViewRequest) -> dict[str, Any]:
    """The body of the frame `sequence`.

    choice: `row` and `order` (see `Rows.chosen`), `layer`, `direction` (of a layer that reads both ways: 0 ahead, 1 back),
    `state` (of an LSTM: 0 its output, 1 its memory), `head`.

    {part, in_all, row, number (of the row in the data), and what `Rows.chosen` says of the others; truth and answer: class or
    first target in its own unit; share: the answer's probability, None for values; unit; layers: [{title, number, copies, kind:
    `states` or `attention`}]; layer; steps_in_all; steps: [{name, text}] of those that are drawn, the column and what stands in
    it, empty where steps are no columns. Of states: directions (how many), direction, states: names of what can be chosen, state,
    units_in_all, units: the numbers of those drawn, of many those that change most; values: float32 (units, steps). Of attention:
    heads (how many), head, causal, values: float32 (queries, keys)}.

    Raises RequestError for a choice that is none, and for numbers that are none."""
    network, prepared = asked.network, asked.prepared
    rows = Rows(network, prepared)
    row, others = rows.chosen(asked)
    x = rows.picture(row)
    trace = Trace(network, asked.layers, tf.constant(x), wanted=_is_by_step)
    if not trace.steps:
        raise RequestError("this network has no recurrent layer and no attention, so nothing is read step by step")
    layer = asked.index("layer", of=len(trace.steps))
    step = trace.steps[layer]
    body = {
        "part": rows.name,
        "in_all": rows.count,
        "row": row,
        "number": int(rows.part.rows[row]),
        **others,
        **rows.truth(row),
        **_answer(asked, np.asarray(network.cost.logits(trace.features))),
        "layers": [_named(one) for one in trace.steps],
        "layer": layer,
        "steps_in_all": int(step.x.shape[1]),
        "steps": _steps(asked, x, int(step.x.shape[1])),
        **(_attention(asked, step) if _looks(step) else _states(asked, step)),
    }
    if not np.isfinite(body["values"]).all():
        raise RequestError("what this layer holds are no numbers at this moment", remedy="Choose an earlier moment.")
    return body | {"values": np.ascontiguousarray(body["values"], "<f4").tobytes()}


def _is_by_step(step: Step) -> bool:
    return step.place.layer.kind in (*RECURRENT, *ATTENTION)


def _looks(step: Step) -> bool:
    return isinstance(step.layer, SelfAttention)


def _named(step: Step) -> dict[str, Any]:
    return {
        "title": title_of(step.place),
        "number": number_of(step.place),
        "copies": [[copy, times] for _, copy, times in step.place.copies],
        "kind": "attention" if _looks(step) else "states",
    }


def _states(asked: ViewRequest, step: Step) -> dict[str, Any]:
    directions = directions_of(step.layer)
    direction = asked.index("direction", of=len(directions)) if len(directions) > 1 else 0
    held = states(directions[direction], step.x)
    state = asked.index("state", of=len(held)) if len(held) > 1 else 0
    values = held[state]
    changes = np.abs(np.diff(values, axis=0, prepend=0)).sum(axis=0)
    units = np.sort(np.argsort(-changes, kind="stable")[:MOST_UNITS])
    return {
        "directions": len(directions),
        "direction": direction,
        "states": list(STATES[: len(held)]),
        "state": state,
        "units_in_all": values.shape[1],
        "units": units.tolist(),
        "values": values[:MOST_STEPS, units].T,
    }


def _attention(asked: ViewRequest, step: Step) -> dict[str, Any]:
    weights = attention(step.layer, step.x)
    head = asked.index("head", of=len(weights)) if len(weights) > 1 else 0
    values: Floats = weights[head, :MOST_STEPS, :MOST_STEPS]
    return {"heads": len(weights), "head": head, "causal": step.layer.causal, "values": values}


def _steps(asked: ViewRequest, x: NDArray[np.float32], count: int) -> list[dict[str, str]]:
    """What a step is: a column of the table and what stands in it, where each column is one step."""
    columns = asked.prepared.file_columns
    if len(columns) != count or any(column.end - column.first != 1 for column in columns):
        return [{"name": "", "text": ""} for _ in range(min(count, MOST_STEPS))]
    return [{"name": column.name, "text": column.texts(x)[0]} for column in columns[:MOST_STEPS]]


def _answer(asked: ViewRequest, logits: NDArray[np.float32]) -> dict[str, Any]:
    network, prepared = asked.network, asked.prepared
    raw = tf.constant(logits)
    outputs = np.asarray(network.outputs_of(raw), np.float64)[0]
    if prepared.task == "regression":
        own = outputs * prepared.target_scale + prepared.target_mean
        return {"answer": float(own[0]), "share": None, "unit": prepared.target_unit}
    picked = int(np.asarray(network.cost.picked(raw))[0])
    is_share = network.cost.transform_name in ("softmax", "sigmoid")
    return {"answer": picked, "share": float(outputs[picked]) if is_share else None, "unit": ""}
