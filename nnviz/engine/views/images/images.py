"""What a network sees in one picture: the body of the frame `images`."""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.network.network import Network
from nnviz.engine.views.images.feature_maps import chosen_map, feature_maps
from nnviz.engine.views.images.grad_cam import grad_cam
from nnviz.engine.views.images.rows import Rows, drawn
from nnviz.engine.views.placed_layers import activation_of, number_of, title_of
from nnviz.engine.views.trace import Trace
from nnviz.engine.views.view_request import ViewRequest

MOST_ANSWERS = 5


def images(request: ViewRequest) -> dict[str, Any]:
    """Choice: row (an index into part), order (rows or wrong), target (a class or output) and cam (a layer) of Grad-CAM, layer
    (whose feature maps are drawn), map (one of them), at ([row, column] of one of its values).

    part, in_all; row; number: of the row in the data, from 0; picture {shape, image}; and what `Rows.chosen` says of the others.
    truth; answers: the up to 5 largest {class, value} (for numbers all outputs), of classes_in_all; answer: the class;
      is_share: whether the values are probabilities; unit: of a target that is a number.
    layers: {title, number, activation, is_convolution, size [height, width], maps, copies: [which, of how many] of each Repeat
      around it}: those that keep places.
    cam: {layer, target, size, heat (bytes uint8, 255: its peak), peak}, None without a layer.
    maps: of the layer, see `feature_maps`; map: of the chosen one, see `chosen_map`; None without.
    Raises RequestError for a choice that is none."""
    network, prepared = request.network, request.prepared
    rows = Rows(network, prepared)
    row, others = rows.chosen(request)
    picture = rows.picture(row)
    trace = Trace(network, request.layers, tf.constant(picture))
    answers = _answers(network, np.asarray(network.cost.logits(trace.features)), request)
    body: dict[str, Any] = {
        "part": rows.name,
        "in_all": rows.count,
        "row": row,
        "number": int(rows.part.rows[row]),
        "picture": drawn(picture[0]),
        **others,
        **rows.truth(row),
        **answers,
        "layers": [
            {
                "title": title_of(step.place),
                "number": number_of(step.place),
                "activation": activation_of(step.place),
                "copies": [[copy, times] for _, copy, times in step.place.copies],
                "is_convolution": step.is_convolution,
                "size": [int(side) for side in step.y.shape[1:3]],
                "maps": int(step.y.shape[-1]),
            }
            for step in trace.steps
        ],
        "cam": None,
        "maps": None,
        "map": None,
    }
    if not trace.steps:
        return body
    convolutions = [number for number, step in enumerate(trace.steps) if step.is_convolution]
    last = convolutions[-1] if convolutions else len(trace.steps) - 1
    cam = request.index("cam", of=len(trace.steps), default=last)
    target = request.index("target", of=prepared.outputs, default=answers["answer"])
    heat = grad_cam(network, request.layers, picture, step=cam, target=target)
    layer = request.index("layer", of=len(trace.steps))
    body["cam"] = {"layer": cam, "target": target, **_heat(heat)}
    body["maps"] = {"layer": layer, **feature_maps(trace.steps[layer], request)}
    body["map"] = chosen_map(rows, request, trace.steps[layer], layer)
    return body


def _heat(heat: NDArray[np.float64]) -> dict[str, Any]:
    finite = np.nan_to_num(heat, nan=0.0, posinf=0.0, neginf=0.0)
    peak = float(finite.max(initial=0.0))
    return {
        "size": list(heat.shape),
        "heat": np.round(255 * finite / (peak or 1.0)).astype(np.uint8).tobytes(),
        "peak": peak if np.isfinite(heat).all() else float("nan"),
    }


def _answers(network: Network, logits: NDArray[np.float32], request: ViewRequest) -> dict[str, Any]:
    prepared = request.prepared
    outputs = np.asarray(network.outputs_of(tf.constant(logits)), np.float64)[0]
    if prepared.task == "regression":
        own = outputs * prepared.target_scale + prepared.target_mean
        values = [{"class": number, "value": float(value)} for number, value in enumerate(own[:MOST_ANSWERS])]
        unit = getattr(prepared, "target_unit", "")
        return {"answers": values, "answer": 0, "classes_in_all": len(own), "is_share": False, "unit": unit}
    largest = np.argsort(-outputs, kind="stable")[:MOST_ANSWERS]
    return {
        "answers": [{"class": int(number), "value": float(outputs[number])} for number in largest],
        "answer": int(np.asarray(network.cost.picked(tf.constant(logits)))[0]),
        "classes_in_all": len(outputs),
        "is_share": network.cost.transform_name in ("softmax", "sigmoid"),
    }
