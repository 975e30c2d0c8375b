"""Stacks to start from. None holds a cost: its projection to the target's width is always the last layer."""

from collections.abc import Mapping
from typing import Any

from nnviz.catalog.entry import Preset, Shape


def _pooled(filters: int, pooling: str) -> tuple[Mapping[str, Any], ...]:
    """Two convolutions of `filters`, then a pooling that halves the sides."""
    convolution = {"kind": "Conv2D", "filters": filters, "kernel_size": 3, "padding": "same", "activation": "relu"}
    return (
        {"kind": "Repeat", "times": 2, "layers": [convolution]},
        {"kind": pooling, "pool_size": 3, "strides": 2, "padding": "same"},
    )


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            name="linear",
            title="Linear",
            fits="any",
            help="No hidden layer: one weight for each input and output.",
            layers=(),
            optimizer={"kind": "Adam", "learning_rate": 0.01},
            training={"epochs": 100, "batch_size": 32},
        ),
        Preset(
            name="small",
            title="Small net",
            fits="any",
            help="Two hidden layers: learns most small tables in seconds.",
            layers=({"kind": "Dense", "units": 16, "activation": "tanh"}, {"kind": "Dense", "units": 8, "activation": "tanh"}),
            optimizer={"kind": "Adam", "learning_rate": 0.01},
            training={"epochs": 60, "batch_size": 32},
        ),
        Preset(
            name="spirals",
            title="Spiral net",
            fits="any",
            help="Two hidden layers, wide enough for the two spirals.",
            layers=({"kind": "Dense", "units": 32, "activation": "tanh"}, {"kind": "Dense", "units": 16, "activation": "tanh"}),
            optimizer={"kind": "Adam", "learning_rate": 0.01},
            training={"epochs": 300, "batch_size": 16},
        ),
        Preset(
            name="deep",
            title="Deep net",
            fits="any",
            help="Five equal hidden layers, written as one Repeat.",
            layers=(
                {
                    "kind": "Repeat",
                    "times": 5,
                    "layers": [{"kind": "Dense", "units": 32, "activation": "relu", "kernel_initializer": "he_normal"}],
                },
            ),
            optimizer={"kind": "Adam", "learning_rate": 0.003},
            training={"epochs": 60, "batch_size": 32},
        ),
        Preset(
            name="small_cnn",
            title="Small CNN",
            fits="image",
            help="Two convolutions with pooling between: for small images.",
            layers=(
                {"kind": "Conv2D", "filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"},
                {"kind": "MaxPooling2D"},
                {"kind": "Conv2D", "filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"},
                {"kind": "MaxPooling2D"},
                {"kind": "Flatten"},
                {"kind": "Dense", "units": 64, "activation": "relu"},
            ),
            optimizer={"kind": "Adam", "learning_rate": 0.001},
            training={"epochs": 20, "batch_size": 32},
        ),
        Preset(
            name="article_xor",
            title="From the article: 24",
            fits="any",
            help="One ReLU layer of 24, with which the article series learns XOR.",
            layers=({"kind": "Dense", "units": 24, "activation": "relu"},),
            optimizer={"kind": "Adam", "learning_rate": 0.01},
            training={"epochs": 300, "batch_size": 32},
        ),
        Preset(
            name="article_spirals",
            title="From the article: 24-24",
            fits="any",
            help="Two ReLU layers of 24, with which the article series learns spirals.",
            layers=({"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": 24, "activation": "relu"}]},),
            optimizer={"kind": "Adam", "learning_rate": 0.01},
            training={"epochs": 300, "batch_size": 32},
        ),
        Preset(
            name="article_cnn",
            title="From the article: CNN",
            fits="image",
            help="Six convolutions, three poolings and two dense layers, the article series' network for images.",
            layers=(
                *_pooled(32, "MaxPooling2D"),
                *_pooled(64, "AveragePooling2D"),
                *_pooled(32, "AveragePooling2D"),
                {"kind": "Flatten"},
                {"kind": "Dense", "units": 512, "activation": "relu"},
                {"kind": "Dense", "units": 64, "activation": "relu"},
            ),
            optimizer={"kind": "Adam", "learning_rate": 0.001},
            training={"epochs": 20, "batch_size": 64},
        ),
    )
}


def stack_for(preset: str, shape: Shape) -> tuple[Mapping[str, Any], ...]:
    """A preset's layers for an input; on images those that need a vector get a Flatten first."""
    layers = PRESETS[preset].layers
    needs_flatten = len(shape) > 1 and PRESETS[preset].fits != "image"
    return ({"kind": "Flatten"}, *layers) if needs_flatten else layers
