"""The feature maps of a layer for one picture, the kernels that made them, and the rows that a map answers most."""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.views.images.arithmetic import MOST_PATCH, arithmetic, parts_of
from nnviz.engine.views.images.rows import Rows, drawn
from nnviz.engine.views.trace import Step, Trace
from nnviz.engine.views.unit_pictures import signed_map
from nnviz.engine.views.view_request import ViewRequest
from nnviz.errors import RequestError

MOST_MAPS = 16
MOST_KERNELS = 16
SMALL, LARGE = 32, 96
"""Places of a map's longer side, of all and of the chosen one: of larger ones every n-th place is sent."""
LIKED = 5
MOST_SEARCHED = 300
"""Rows that are searched for those which a map answers most."""
BATCH_VALUES = 100_000
"""Of the rows that go through the network together."""


def feature_maps(step: Step, request: ViewRequest) -> dict[str, Any]:
    """in_all: how many maps the layer has; reach: the largest size of all their values; size: [height, width] of what is sent.

    units: the up to 16 with the largest mean size of their values, by index, the chosen one always among them: {index, values
    (bytes uint8, 128 is 0, 255 is +reach), strength (that mean), kernel (bytes uint8 of kernel_size, likewise, with a reach of
    its own), where one channel of the input alone makes the map}."""
    y = np.asarray(step.y[0])
    in_all = y.shape[-1]
    strengths = np.nan_to_num(np.abs(y.astype(np.float64)).mean(axis=(0, 1)))
    ones = np.argsort(-strengths, kind="stable")[:MOST_MAPS]
    picked = request.choice.get("map")
    if picked is not None and request.index("map", of=in_all) not in ones:
        ones[-1] = picked
    apart = _thinned(y, SMALL)
    reach = float(np.abs(np.nan_to_num(y, posinf=0.0, neginf=0.0)).max(initial=0.0))
    units = []
    for index in np.sort(ones):
        unit = {"index": int(index), "values": _signed(apart[..., index], reach), "strength": float(strengths[index])}
        kernels = _kernels(step, int(index))
        units.append(unit | ({"kernel": kernels[0]} if len(kernels) == 1 else {}))
    return {"in_all": in_all, "reach": reach, "size": list(apart.shape[:2]), "kernel_size": _kernel_size(step), "units": units}


def chosen_map(rows: Rows, request: ViewRequest, step: Step, number: int) -> dict[str, Any] | None:
    """index; values (bytes uint8 of size, 128 is 0, 255 is +reach), every step-th place; places [height, width] of them all; low,
      high.
    kernels: those of the up to 16 channels of the input with the largest {channel, values (bytes uint8 of kernel_size)}, with one
      reach; of kernels_in_all.
    liked: the up to 5 of `searched` rows of the part with the largest value in this map {row, truth, value, at, picture}.
    arithmetic: of the value that is chosen, None without. None where no map is chosen. Raises RequestError."""
    if request.choice.get("map") is None:
        return None
    index = request.index("map", of=int(step.y.shape[-1]))
    values = np.asarray(step.y[0, ..., index])
    sent = _thinned(values, LARGE)
    _, reach = signed_map(values)
    at = request.choice.get("at")
    kernels, reach_of_kernels, in_all = _largest_kernels(step, index)
    return {
        "index": index,
        "values": _signed(sent, reach),
        "size": list(sent.shape),
        "places": list(values.shape),
        "step": -(-max(values.shape) // LARGE),
        "reach": reach,
        "low": float(values.min()),
        "high": float(values.max()),
        "kernels": kernels,
        "kernels_reach": reach_of_kernels,
        "kernels_in_all": in_all,
        "liked": _liked(rows, request, number, index),
        "searched": len(rows.some(MOST_SEARCHED)),
        "arithmetic": None if at is None else arithmetic(step, index, _place(at, values.shape)),
    }


def _place(at: Any, shape: tuple[int, ...]) -> tuple[int, int]:
    height, width = shape
    is_pair = isinstance(at, (list, tuple)) and len(at) == 2 and all(type(value) is int for value in at)
    if not is_pair or not (0 <= at[0] < height and 0 <= at[1] < width):
        raise RequestError(f"a place of this map is a row below {height} and a column below {width}; got {at!r:.40}", where="at")
    return at[0], at[1]


def _liked(rows: Rows, request: ViewRequest, number: int, index: int) -> list[dict[str, Any]]:
    x = rows.some(MOST_SEARCHED)
    peaks: list[NDArray[np.float32]] = []
    spots: list[NDArray[np.int64]] = []

    def see(at: int, step: Step) -> None:
        if at == number:
            values = np.asarray(step.y[..., index]).reshape(len(step.y), -1)
            peaks.append(values.max(axis=1))
            spots.append(values.argmax(axis=1))

    width, batch = 1, max(1, BATCH_VALUES // x[0].size)
    for start in range(0, len(x), batch):
        trace = Trace(request.network, request.layers, tf.constant(x[start : start + batch]), see)
        width = int(trace.steps[number].y.shape[2])
    values, spot = np.concatenate(peaks), np.concatenate(spots)
    return [
        {
            "row": int(row),
            **rows.truth(int(row)),
            "value": float(values[row]),
            "at": [int(part) for part in divmod(int(spot[row]), width)],
            "picture": drawn(x[row], SMALL),
        }
        for row in np.argsort(-values, kind="stable")[:LIKED]
    ]


def _kernel_size(step: Step) -> list[int]:
    return [int(side) for side in step.layer.kernel_size] if step.is_convolution else []


def _kernels(step: Step, index: int) -> list[bytes]:
    """Those of one map; none of a pooling, or larger than what is sent."""
    if not step.is_convolution or int(np.prod(step.layer.kernel_size)) > MOST_PATCH:
        return []
    return [signed_map(part.kernel.ravel())[0] for part in parts_of(step.layer, index, int(step.x.shape[-1]))]


def _largest_kernels(step: Step, index: int) -> tuple[list[dict[str, Any]], float, int]:
    if not step.is_convolution or int(np.prod(step.layer.kernel_size)) > MOST_PATCH:
        return [], 0.0, 0
    parts = list(parts_of(step.layer, index, int(step.x.shape[-1])))
    weighed = [part.kernel * (1.0 if part.weight is None else part.weight) for part in parts]
    norms = np.nan_to_num([np.linalg.norm(kernel) for kernel in weighed])
    largest = np.sort(np.argsort(-norms, kind="stable")[:MOST_KERNELS])
    reach = float(max(np.abs(np.nan_to_num(weighed[i])).max(initial=0.0) for i in largest))
    kernels = [{"channel": parts[i].channel, "values": _signed(weighed[i], reach)} for i in largest]
    return kernels, reach, len(parts)


def _thinned(values: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    step = -(-max(values.shape[:2]) // side)
    return values[::step, ::step]


def _signed(values: NDArray[Any], reach: float) -> bytes:
    """As `signed_map`, with a reach that several maps share."""
    finite = np.nan_to_num(np.asarray(values, np.float64), posinf=0.0, neginf=0.0)
    return np.round(128 + 127 * np.clip(finite / (reach or 1.0), -1, 1)).astype(np.uint8).tobytes()
