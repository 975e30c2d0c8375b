"""What Keras's classes take, read from Keras itself: the content of `nnviz/export/keras_signatures.json`.

`python -m tests.export.signatures` writes that file anew, which a new version of Keras may make necessary.
"""

import inspect
import json
from pathlib import Path
from typing import Any

import keras

PATH = Path(__file__).parents[2] / "nnviz" / "export" / "keras_signatures.json"
NOT_IN_A_ROW = frozenset(
    {
        "Add",
        "AdditiveAttention",
        "Attention",
        "Average",
        "Bidirectional",
        "Concatenate",
        "CutMix",
        "Dot",
        "FlaxLayer",
        "GroupQueryAttention",
        "HashedCrossing",
        "InputLayer",
        "JaxLayer",
        "Lambda",
        "Layer",
        "Maximum",
        "Minimum",
        "MixUp",
        "Multiply",
        "Pipeline",
        "RNN",
        "SpectralNormalization",
        "StackedRNNCells",
        "Subtract",
        "TFSMLayer",
        "TextVectorization",
        "TimeDistributed",
        "TorchModuleWrapper",
        "Wrapper",
        "GRUCell",
        "LSTMCell",
        "SimpleRNNCell",
        "IntegerLookup",
        "StringLookup",
        "Discretization",
        "CategoryEncoding",
        "Hashing",
        "MaxNumBoundingBoxes",
        "RandAugment",
    }
)
"""Layers that do not simply take what the layer before them gives, or need more than plain numbers and words."""


def table() -> dict[str, dict[str, list[Any]]]:
    """group -> "Class" -> its parameters, [name] where required, else [name, default]."""
    places = {
        "layers": (keras.layers, keras.layers.Layer),
        "optimizers": (keras.optimizers, keras.optimizers.Optimizer),
        "schedules": (keras.optimizers.schedules, keras.optimizers.schedules.LearningRateSchedule),
        "losses": (keras.losses, keras.losses.Loss),
    }
    left_out = NOT_IN_A_ROW | {"Optimizer", "MultiOptimizer", "LossScaleOptimizer", "LearningRateSchedule", "Loss"}
    return {
        group: {
            name: _parameters(thing)
            for name, thing in sorted(vars(module).items())
            if inspect.isclass(thing) and issubclass(thing, base) and name not in left_out
        }
        for group, (module, base) in places.items()
    }


def text(parameters_of: dict[str, dict[str, list[Any]]]) -> str:
    groups = [
        f' "{group}": {{\n' + ",\n".join(f'  "{name}": {json.dumps(params)}' for name, params in classes.items()) + "\n }"
        for group, classes in parameters_of.items()
    ]
    return "{\n" + ",\n".join(groups) + "\n}\n"


def _parameters(kind: type) -> list[Any]:
    parameters = []
    for param in list(inspect.signature(kind.__init__).parameters.values())[1:]:
        if param.kind in (param.VAR_KEYWORD, param.VAR_POSITIONAL) or param.name in ("name", "dtype", "reduction"):
            continue
        if param.default is param.empty:
            parameters.append([param.name])
        elif isinstance(param.default, bool | int | float | str | tuple | list | None):
            parameters.append([param.name, param.default])
    return parameters


if __name__ == "__main__":
    PATH.write_text(text(table()), encoding="utf-8")
