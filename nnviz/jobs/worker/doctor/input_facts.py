"""In which range the numbers lie that a network really learns from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.data import Prepared
from nnviz.doctor import InputFacts
from nnviz.engine.network.blocks import Block
from nnviz.engine.network.network import Network

MOST_VALUES = 20_000_000
"""That are looked at, all rows where there are fewer: a rare category is no constant."""
MOST_THROUGH = 2_000
"""Rows, where layers come first that change them."""
_SAME = ("Flatten", "Reshape", "Dropout", "SpatialDropout2D", "SpatialDropout1D", "GaussianNoise")
"""Layers that leave numbers as they are in prediction."""


def input_facts(prepared: Prepared, network: Network) -> InputFacts | None:
    """None where the first layer with weights takes numbers of words, or there is none."""
    leading, first = _leading(network)
    if first is None or _takes_words(first):
        return None
    changing = [layer for layer in leading if type(layer).__name__ not in _SAME]
    is_image = len(prepared.shape) > 1
    parts = {}
    for name in ("train", "validation"):
        if name in prepared.parts and len(prepared.parts[name].y):
            x = _rows(prepared.parts[name].x, MOST_THROUGH if changing else MOST_VALUES // max(1, int(np.prod(prepared.shape))))
            parts[name] = np.asarray(network.through(changing, x)) if changing else x
    rows = len(parts["train"])
    columns = {name: x.reshape(-1, 1 if is_image else x.shape[-1]) for name, x in parts.items()}
    train = columns["train"]
    median = np.median(train, axis=0)
    return InputFacts(
        rows=rows,
        into="" if first is network.cost else type(first).__name__,
        mean=train.mean(axis=0, dtype=np.float64),
        scale=train.std(axis=0, dtype=np.float64),
        middle=np.median(np.abs(train - median), axis=0).astype(np.float64),
        largest=np.abs(train).max(axis=0).astype(np.float64),
        held_out=np.abs(columns["validation"]).max(axis=0).astype(np.float64) if "validation" in columns else np.empty(0),
        names=() if is_image or changing else prepared.columns,
    )


def _leading(network: Network) -> tuple[Sequence[Any], Any]:
    """The layers before the first one with weights, and that one, which may be the cost or a block."""
    for place, layer in enumerate(network.stack):
        if isinstance(layer, Block) or layer.weights:
            return network.stack[:place], layer
    return network.stack, network.cost if network.cost.weights else None


def _takes_words(layer: Any) -> bool:
    inner = [one for layers in layer.lists for one in layers] if isinstance(layer, Block) else [layer]
    return any(type(one).__name__ == "Embedding" for one in inner)


def _rows(x: Any, most: int) -> NDArray[np.float32]:
    if len(x) <= most:
        return np.asarray(x[:], np.float32)
    return np.asarray(x[np.unique(np.linspace(0, len(x) - 1, max(1, most)).astype(np.int64))], np.float32)
