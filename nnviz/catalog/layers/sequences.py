"""Layers for sequences (steps x values): recurrent ones, attention, and vectors learned for whole numbers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from nnviz.catalog.entry import LayerEntry, Shape
from nnviz.catalog.layers.building import USE_BIAS, Built, need_sequence, shape_text
from nnviz.catalog.param import Param
from nnviz.catalog.weights import DENSE, constraint, initializer, regularizer
from nnviz.errors import StackError

ACTIVATIONS = ("tanh", "relu", "sigmoid", "hard_sigmoid", "softsign", "elu", "selu", "gelu", "silu", "linear")
"""Inside a recurrent layer: no typed ones, which have constants of their own."""


def _recurrent(kind: str, gates: int) -> Callable[[Shape, Mapping[str, Any]], Built]:
    def build(shape: Shape, params: Mapping[str, Any]) -> Built:
        need_sequence(shape, kind)
        units, (steps, values) = params["units"], shape
        biases = (2 if params.get("reset_after") else 1) if params["use_bias"] else 0
        directions = 2 if params["bidirectional"] else 1
        last = (units * directions,)
        return ((steps, *last) if params["return_sequences"] else last, directions * gates * units * (values + units + biases), 0)

    return build


def _gates(gates: int) -> Callable[[Shape, Mapping[str, Any]], int]:
    """Every gate of every step."""
    return lambda shape, params: shape[0] * gates * params["units"] * (2 if params["bidirectional"] else 1)


def _embedding(shape: Shape, params: Mapping[str, Any]) -> Built:
    if len(shape) != 1:
        raise StackError(
            f"Embedding needs a row of whole numbers: input is {shape_text(shape)}",
            fix="Flatten",
            remedy="Let it be the first layer, or insert a Flatten layer before it.",
        )
    return (shape[0], params["output_dim"]), params["input_dim"] * params["output_dim"], 0


def _attention(shape: Shape, params: Mapping[str, Any]) -> Built:
    need_sequence(shape, "MultiHeadAttention")
    width, bias = params["num_heads"] * params["key_dim"], params["use_bias"]
    return shape, 4 * shape[1] * width + (3 * width + shape[1] if bias else 0), 0


def _looks(shape: Shape, params: Mapping[str, Any]) -> int:
    """Query, key and value of every step, and how much each step looks at each."""
    heads, steps = params["num_heads"], shape[0]
    return heads * steps * (3 * params["key_dim"] + steps)


def _function(name: str, default: str, help: str, *, advanced: bool = False) -> Param:
    return Param(name=name, type="choice", default=default, choices=ACTIVATIONS, advanced=advanced, help=help)


_UNITS = Param(
    name="units",
    type="int",
    required=True,
    default=16,
    minimum=1,
    maximum=4096,
    label="Units",
    help="How many numbers it remembers, and gives.",
)
_ALL = Param(
    name="return_sequences",
    type="bool",
    default=False,
    label="Every step",
    help="On: what it gives after every step, a sequence; off: after the last step, a vector.",
)
_BOTH = Param(
    name="bidirectional",
    type="bool",
    default=False,
    label="Both directions",
    help="Reads the sequence from both ends, with weights of its own for each: twice as many outputs.",
)
_OUTPUT = _function("activation", "tanh", "What the new values go through.")
_GATES = _function("recurrent_activation", "sigmoid", "What the gates go through.", advanced=True)


def _inside(*params: Param) -> tuple[Param, ...]:
    """Parameters of a class that Keras puts inside of another one, where no path of the spec reaches their penalties."""
    return tuple(replace(param, tunable="") for param in params)


_WEIGHTS = _inside(
    USE_BIAS,
    initializer("kernel_initializer", matrix=True),
    initializer("recurrent_initializer", "orthogonal", matrix=True),
    *DENSE,
    regularizer("recurrent_regularizer"),
    constraint("recurrent_constraint"),
)

ENTRIES = (
    LayerEntry(
        kind="LSTM",
        group="sequence",
        build=_recurrent("LSTM", 4),
        inside=_gates(4),
        help="Reads a sequence step by step and learns what to keep, to forget and to tell.",
        params=(
            _UNITS,
            _BOTH,
            _ALL,
            _OUTPUT,
            _GATES,
            *_WEIGHTS,
            Param(
                name="unit_forget_bias",
                type="bool",
                default=True,
                advanced=True,
                help="The forget gate's bias starts at 1: at first it remembers.",
            ),
        ),
    ),
    LayerEntry(
        kind="GRU",
        group="sequence",
        build=_recurrent("GRU", 3),
        inside=_gates(3),
        help="Reads a sequence step by step with two gates: often as good as an LSTM, and smaller.",
        params=(
            _UNITS,
            _BOTH,
            _ALL,
            _OUTPUT,
            _GATES,
            *_WEIGHTS,
            Param(
                name="reset_after",
                type="bool",
                default=True,
                advanced=True,
                help="Where the reset gate acts: after the product of state and weights, or before it.",
            ),
        ),
    ),
    LayerEntry(
        kind="SimpleRNN",
        group="sequence",
        build=_recurrent("SimpleRNN", 1),
        inside=_gates(1),
        help="Reads a sequence step by step; what it remembers goes through its weights at every step.",
        params=(_UNITS, _BOTH, _ALL, _OUTPUT, *_WEIGHTS),
    ),
    LayerEntry(
        kind="MultiHeadAttention",
        group="sequence",
        build=_attention,
        inside=_looks,
        prefers_graph=True,
        help="Each step of a sequence looks at all steps of it and takes what is like what it looks for.",
        params=(
            Param(
                name="num_heads",
                type="int",
                required=True,
                default=2,
                minimum=1,
                maximum=64,
                help="How many ways of looking at the sequence there are.",
            ),
            Param(name="key_dim", type="int", required=True, default=8, minimum=1, maximum=1024, help="The width of each head."),
            Param(name="causal", type="bool", default=False, help="On: no step looks at later ones."),
            *_inside(USE_BIAS, initializer("kernel_initializer"), *DENSE),
        ),
    ),
    LayerEntry(
        kind="Embedding",
        group="sequence",
        build=_embedding,
        units="output_dim",
        constraint_axes={"embeddings_constraint": 1},
        help="Learns a vector for each whole number: for words or categories that are given as numbers.",
        params=(
            Param(
                name="input_dim",
                type="int",
                required=True,
                default=100,
                minimum=1,
                maximum=10**6,
                help="How many different numbers there are: 0 up to this, without it.",
            ),
            Param(
                name="output_dim",
                type="int",
                required=True,
                default=8,
                minimum=1,
                maximum=4096,
                help="The length of each vector.",
            ),
            initializer("embeddings_initializer", "random_uniform", matrix=True),
            regularizer("embeddings_regularizer"),
            constraint("embeddings_constraint"),
        ),
    ),
)
