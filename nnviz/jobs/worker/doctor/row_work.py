"""How much a network computes for one row, since a judgement is to take seconds, whatever the network."""

from typing import Any

import numpy as np

from nnviz.engine.network.blocks import Block
from nnviz.engine.network.network import Network


def row_work(network: Network) -> int:
    """About how many multiplications the answer to one row takes: the weights of each layer times the places where it uses them,
    such as pixels or steps of a sequence."""
    total = network.cost.count_params()

    def counted(layer: Any, x: Any, call: Any) -> Any:
        nonlocal total
        y = call(x)
        if not isinstance(layer, Block):
            total += layer.count_params() * max(_places(x), _places(y))
        return y

    network.features(np.zeros((1, *network.shape), np.float32), around=counted)
    return max(1, int(total))


def _places(values: Any) -> int:
    return int(np.prod(values.shape[1:-1], dtype=np.int64)) if len(values.shape) > 2 else 1
