"""What recurrent layers hold after each step of a sequence, and what attention looks at."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from nnviz.engine.network.attention import SelfAttention

Floats = NDArray[np.float32]


def directions_of(layer: keras.layers.Layer) -> list[keras.layers.Layer]:
    """The recurrent layers that read a sequence: one, or of a layer that reads both ways the one ahead and the one back."""
    return [layer.forward_layer, layer.backward_layer] if isinstance(layer, keras.layers.Bidirectional) else [layer]


def states(layer: keras.layers.Layer, x: Any) -> Floats:
    """What a recurrent layer holds after it has read each step of `x` (1, steps, values): float32 (states, steps, units), of an
    LSTM two states, its output and its memory, of others the output. Each stands at the step that was read, also where the layer
    reads from the last one to the first."""
    count = int(x.shape[1])
    order = range(count - 1, -1, -1) if layer.go_backwards else range(count)
    held = layer.get_initial_state(batch_size=1)
    by_step: list[Any] = [None] * count
    for step in order:
        _, held = layer.cell(x[:, step], held)
        by_step[step] = [np.asarray(state)[0] for state in held]
    return np.ascontiguousarray(np.array(by_step, np.float32).transpose(1, 0, 2))


def attention(layer: SelfAttention, x: Any) -> Floats:
    """How much each step (query) of `x` (1, steps, values) takes of each step (key): float32 (heads, steps, steps), each row sums
    to 1: softmax of the queries' products with the keys over the root of their width (Vaswani et al. 2017, section 3.2)."""
    _, weights = layer.attention(x, x, use_causal_mask=layer.causal, return_attention_scores=True)
    return np.asarray(weights, np.float32)[0]
