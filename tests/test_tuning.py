"""Which tuning of XLA a spec asks for."""

import pytest

from nnviz.catalog import LAYERS
from nnviz.catalog.compilation import GRAPH_KINDS
from nnviz.spec import RunSpec, tuning_of


def spec(*layers, batch_size=32):
    return RunSpec.parse(
        {
            "data": {"kind": "builtin", "name": "iris"},
            "layers": list(layers),
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
            "training": {"batch_size": batch_size},
        }
    )


def dense(units):
    return {"kind": "Dense", "units": units}


@pytest.mark.parametrize(
    ("layers", "batch_size", "wanted"),
    [
        ([], 1_000_000, "quick"),
        ([dense(8), dense(8)], 10, "quick"),
        ([dense(64), dense(63)], 32, "quick"),
        ([dense(64), dense(64)], 32, "strong"),
        ([dense(64)], 64, "strong"),
        ([{"kind": "Repeat", "times": 4, "layers": [dense(32)]}], 32, "strong"),
        ([{"kind": "Repeat", "times": 3, "layers": [dense(32)]}], 32, "quick"),
        ([{"kind": "Repeat", "times": 3, "layers": [dense({"each": [64, 32, 32]})]}], 32, "strong"),
        (
            [{"kind": "Parallel", "branches": [[dense(100)], [dense(27)], []]}, {"kind": "Residual", "layers": [dense(1)]}],
            32,
            "strong",
        ),
        ([{"kind": "Parallel", "branches": [[dense(100)], [dense(27)], []]}], 32, "quick"),
        ([dense(8), {"kind": "BatchNormalization"}, {"kind": "Dropout", "rate": 0.5}], 32, "quick"),
        ([{"kind": "Embedding", "input_dim": 3, "output_dim": 2}], 1, "strong"),
        ([{"kind": "Residual", "layers": [{"kind": "GRU", "units": 2, "return_sequences": True}]}], 1, "strong"),
        ([{"kind": "Repeat", "times": 1, "layers": [{"kind": "Conv2D", "filters": 2, "kernel_size": 3}]}, dense(512)], 128, ""),
        ([{"kind": "LSTM", "units": 4}, {"kind": "MultiHeadAttention", "num_heads": 1, "key_dim": 2}], 32, ""),
        ([{"kind": "RandomFlip"}, {"kind": "MaxPooling2D"}, dense(8)], 32, "quick"),
    ],
)
def test_it_follows_from_layers_and_batch_size(layers, batch_size, wanted):
    assert tuning_of(spec(*layers, batch_size=batch_size)) == wanted


def test_every_layer_with_weights_beside_dense_ones_and_normalization_is_compiled_longer():
    shapes = {
        "Embedding": (4,),
        "LSTM": (4, 3),
        "GRU": (4, 3),
        "SimpleRNN": (4, 3),
        "MultiHeadAttention": (4, 3),
        "Conv1D": (8, 4),
        "SeparableConv1D": (8, 4),
    }
    for kind, entry in LAYERS.items():
        if kind == "Dense" or entry.group in ("normalization", "structure", "core"):
            continue
        component = {"kind": kind} | {param.name: param.default for param in entry.params if param.required}
        layer = spec(component).layers[0]
        shape = shapes.get(kind, (8, 8, 4) if entry.group == "convolution" else None)
        weights = entry.build(shape, layer.params)[1] if shape else 0
        wanted = "" if kind in GRAPH_KINDS else "strong" if weights else "quick"
        assert tuning_of(spec(component)) == wanted, kind


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("training.epochs", 7),
        ("training.seed", 3),
        ("optimizer.learning_rate", 0.3),
        ("split.validation", 0.4),
        ("data.name", "wine"),
    ],
)
def test_what_is_no_part_of_the_network_changes_nothing(path, value):
    original = spec(dense(64), dense(64))
    assert tuning_of(original.with_(path, value)) == tuning_of(original)
