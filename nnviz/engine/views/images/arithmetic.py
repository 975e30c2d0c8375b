"""How one value of a feature map comes about: patch of the input, kernel, their products summed by channel, bias, activation."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from nnviz.engine.views.images.windows import Floats, window_at
from nnviz.engine.views.trace import Step

MOST_TERMS = 4
"""Channels of the input that are written out, the largest sums first."""
MOST_PATCH = 15 * 15
"""Numbers of a patch and of a kernel that are sent."""


class Part(NamedTuple):
    """What one channel of the input adds: the sum of the products of patch and kernel, times `weight` where each channel is
    summed by itself and then mixed."""

    channel: int
    kernel: Floats
    weight: float | None = None


def arithmetic(step: Step, channel: int, at: tuple[int, int]) -> dict[str, Any]:
    """Of the value at row and column `at` of one channel of a step's output, for its first picture.

    kind: convolution, largest or mean; value: as the network computed it; size: of the window [height, width]; rows, columns: of
      the input, that the window meets (-1: padding, which is 0 for a convolution and left out of a pooling); inside: how many
      values of the input are in it.
    terms: of the up to 4 channels of the input with the largest sums {channel, patch, kernel (bytes float32, row by row; empty
      for large windows), sum, weight}: sum is that of the products, without `weight` (None: 1); others: {count, sum} of the
      rest, with their weights.
    bias: None without one; raw: before the activation. A pooling has one term without a kernel."""
    x, y = np.asarray(step.x[0]), np.asarray(step.y[0])
    window = window_at(step.layer, (x.shape[0], x.shape[1]), at)
    patch = window.patch(x)
    body: dict[str, Any] = {
        "at": list(at),
        "value": float(y[(*at, channel)]),
        "size": list(patch.shape[:2]),
        "rows": window.rows.tolist(),
        "columns": window.columns.tolist(),
        "inside": int(window.is_inside.sum()),
        "bias": None,
    }
    if not step.is_convolution:
        kind = "largest" if isinstance(step.layer, keras.layers.MaxPooling2D) else "mean"
        sum_ = float(patch[..., channel].sum(dtype=np.float64))
        term = {"channel": channel, "patch": _sent(patch[..., channel]), "kernel": b"", "sum": sum_, "weight": None}
        return body | {"kind": kind, "terms": [term], "others": {"count": 0, "sum": 0.0}, "raw": body["value"]}
    parts = list(parts_of(step.layer, channel, x.shape[-1]))
    sums = np.array([(patch[..., part.channel].astype(np.float64) * part.kernel).sum() for part in parts])
    shares = sums * [1.0 if part.weight is None else part.weight for part in parts]
    bias = None if step.layer.bias is None else float(np.asarray(step.layer.bias)[channel])
    order = np.argsort(-np.abs(shares), kind="stable")
    terms = [
        {
            "channel": parts[i].channel,
            "patch": _sent(patch[..., parts[i].channel]),
            "kernel": _sent(parts[i].kernel),
            "sum": float(sums[i]),
            "weight": parts[i].weight,
        }
        for i in order[:MOST_TERMS]
    ]
    others = {"count": max(0, len(parts) - MOST_TERMS), "sum": float(shares[order[MOST_TERMS:]].sum())}
    return body | {
        "kind": "convolution",
        "terms": terms,
        "others": others,
        "bias": bias,
        "raw": float(shares.sum() + (bias or 0.0)),
    }


def parts_of(layer: keras.layers.Layer, channel: int, channels: int) -> Iterator[Part]:
    """The kernels (height, width) that make a channel of a convolution's output from an input of so many channels."""
    if isinstance(layer, keras.layers.SeparableConv2D):
        apart, mixed = np.asarray(layer.depthwise_kernel), np.asarray(layer.pointwise_kernel)
        for source in range(channels):
            for number in range(layer.depth_multiplier):
                weight = float(mixed[0, 0, source * layer.depth_multiplier + number, channel])
                yield Part(source, apart[:, :, source, number], weight)
    elif isinstance(layer, keras.layers.DepthwiseConv2D):
        source, number = divmod(channel, layer.depth_multiplier)
        yield Part(source, np.asarray(layer.kernel)[:, :, source, number])
    elif isinstance(layer, keras.layers.Conv2DTranspose):
        kernel = np.asarray(layer.kernel)
        yield from (Part(source, kernel[:, :, channel, source]) for source in range(channels))
    else:
        kernel = np.asarray(layer.kernel)
        yield from (Part(source, kernel[:, :, source, channel]) for source in range(channels))


def _sent(values: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(values, "<f4").tobytes() if values.size <= MOST_PATCH else b""
