"""Which numbers of a run may be changed while it trains, and what its spec says of them."""

from typing import Any

from nnviz.catalog import OPTIMIZERS
from nnviz.catalog.weights import regularizer
from nnviz.spec.expansion import expand
from nnviz.spec.run import RunSpec

RATE = "optimizer.learning_rate"
BATCH_SIZE = "training.batch_size"
OF_OPTIMIZERS = ("momentum", "beta_1", "beta_2", "rho")
OF_LAYERS = {"Dropout": "rate", "SpatialDropout1D": "rate", "SpatialDropout2D": "rate", "GaussianNoise": "stddev"}
AUGMENTATION = {
    "RandomTranslation": ("height_factor", "width_factor"), "RandomRotation": ("factor",), "RandomZoom": ("height_factor",),
    "RandomContrast": ("factor",), "RandomBrightness": ("factor",)}
"""How strong it is: compiled in, so that also 0 can be changed, and a change waits for its compilation."""
REGULARIZERS = regularizer("").parts
WITHOUT = frozenset({"SimpleRNN", "LSTM", "GRU", "MultiHeadAttention"})
"""Kinds whose penalties stand inside of what they are made of, where no path reaches them."""


def changeable(spec: RunSpec) -> dict[str, float]:
    """The path of each number with its value: the learning rate, the optimizer's averages, what is dropped, noise, what
    regularizers weigh, how strong augmentation is, the batch size. Of the others than augmentation one that is 0 is left
    out: the network is then built without what it would act on. Copies of a Repeat share a path, and the value of the first."""
    optimizer = spec.optimizer.params | dict(OPTIMIZERS[spec.optimizer.kind].fixed)
    found = {RATE: float(optimizer["learning_rate"])}
    found |= {f"optimizer.{name}": float(optimizer[name]) for name in OF_OPTIMIZERS if optimizer.get(name)}
    for path, layer in expand(spec.layers):
        name = OF_LAYERS.get(layer.kind, "")
        if name and getattr(layer, name):
            found.setdefault(f"{path}.{name}", float(getattr(layer, name)))
        for name in AUGMENTATION.get(layer.kind, ()):
            found.setdefault(f"{path}.{name}", float(getattr(layer, name)))
        if layer.kind not in WITHOUT:
            _add_penalties(found, path, layer.params)
    if spec.cost.project:
        _add_penalties(found, "cost", spec.cost.params)
    return found | {BATCH_SIZE: spec.training.batch_size}


def _add_penalties(found: dict[str, float], path: str, params: dict[str, Any]) -> None:
    for name, given in params.items():
        if name.endswith("_regularizer") and given is not None:
            for part in REGULARIZERS[given["kind"]]:
                if value := given.get(part.name, part.default):
                    found.setdefault(f"{path}.{name}.{part.name}", float(value))
