"""Stacks that are no plain row of layers: what a script for Keras's functional API needs beside its lines."""

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from nnviz.catalog import LAYERS
from nnviz.spec import BLOCKS, Placed, inner_lists

JOINS = {"concatenate": "Concatenate", "add": "Add", "average": "Average"}
"""Keras's layer for each join of a Parallel."""

SKIP = '''def skip(x, shape, **options):
    """What is added to the inner layers: x itself, or x through weights of its own where they change the shape."""
    if x.shape == shape:
        return x
    if len(shape) == 4:
        strides = tuple(-(-before // after) for before, after in zip(x.shape[1:3], shape[1:3]))
        layer = layers.Conv2D(shape[-1], 1, strides=strides, use_bias=False, **options)
    else:
        layer = layers.Dense(shape[-1], use_bias=False, **options)
    return {layer}(x)
'''
"""The projection of a Residual as the engine's blocks have it."""

IN_ORDER = """in_order = []  # the layers as the run's weights follow one another


def new(layer):
    in_order.append(layer)
    return layer
"""
"""Keras keeps the layers of a functional model by their depth, a run by their place in the stack."""


def is_tree(layers: Sequence[Any]) -> bool:
    """Whether a stack needs the functional API: it holds a Residual or a Parallel, or a layer that is given its input
    more than once."""
    return any(
        layer.kind in ("Residual", "Parallel", "MultiHeadAttention") or any(is_tree(inner) for _, inner in inner_lists(layer, ""))
        for layer in layers
    )


def projects(layers: Sequence[Any]) -> bool:
    """Whether any Residual may project its skip."""
    return any(
        (layer.kind == "Residual" and layer.project) or any(projects(inner) for _, inner in inner_lists(layer, ""))
        for layer in layers
    )


def places(placed: Sequence[Placed], numbers: Iterator[int] | None = None) -> Iterator[tuple[str, int]]:
    """The kind of each plain layer and its place in the stack, counted as the engine does: depth first, a Residual that may
    project its skip one more after its layers."""
    numbers = count() if numbers is None else numbers
    for place in placed:
        for inner in place.lists:
            yield from places(inner, numbers)
        if place.layer.kind not in BLOCKS:
            yield place.layer.kind, next(numbers)
        elif place.layer.kind == "Residual" and place.layer.project:
            next(numbers)


def taken_once(layers: Sequence[Any]) -> set[str]:
    """The names that one written layer alone has, and that no other layer of the script could get: Keras takes no name
    twice."""
    names = [keras_name(name) for name in _names(layers)]
    alone = {name for name in names if names.count(name) == 1} - {"", "output"}
    # Copies in a loop are numbered, and so are Keras's own names and those of the skips.
    numbered = re.compile(rf"({'|'.join(_OWN_NAMES)})[_0-9]*")
    return {
        name
        for name in alone
        if not numbered.fullmatch(name) and not any(re.fullmatch(rf"{re.escape(other)}(_[0-9]+)+", name) for other in alone)
    }


def keras_name(name: str | None) -> str:
    """What Keras and TensorFlow take as a name; empty where nothing is left."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name or "").lstrip("_-")


def _snake(kind: str) -> str:
    """The name that Keras gives a layer of this class."""
    word = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", kind)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", word).lower()


_OWN_NAMES = sorted(
    {_snake(kind) for kind in (*LAYERS, *JOINS.values(), "Bidirectional", "InputLayer")} | {"projection", "same_dropout"}
)


def _names(layers: Sequence[Any]) -> Iterator[str | None]:
    for layer in layers:
        if layer.kind in BLOCKS:
            for _, inner in inner_lists(layer, ""):
                yield from _names(inner)
        else:
            yield layer.name
