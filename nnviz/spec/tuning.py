"""How XLA is to compile a run's network: what a worker must be set up for, since XLA reads its flags once a process.

The bits of a run follow from it, so it is a function of the spec alone, wherever the run is trained."""

from typing import Literal

from nnviz.catalog import LAYERS
from nnviz.catalog.compilation import GRAPH_KINDS
from nnviz.spec.expansion import expand
from nnviz.spec.run import RunSpec

Tuning = Literal["quick", "strong", ""]
TUNINGS: tuple[Tuning, ...] = ("quick", "strong")
STRONG_WORK = 4096
"""Rows of a batch times units of all Dense layers from which faster steps are worth a longer compilation."""
_HEAVY_GROUPS = ("sequence", "convolution")


def tuning_of(spec: RunSpec) -> Tuning:
    """`quick`: compiled in a moment, for nets whose steps would be no faster otherwise; `strong`: compiled longer for
    faster steps; empty: compiled without XLA, so that it does not matter. `nnviz.engine.loop.xla_flags` says what each sets."""
    layers = [layer for _, layer in expand(spec.layers)]
    if any(layer.kind in GRAPH_KINDS for layer in layers):
        return ""
    if any(LAYERS[layer.kind].group in _HEAVY_GROUPS for layer in layers):
        return "strong"
    units: int = sum(layer.units for layer in layers if layer.kind == "Dense")
    return "strong" if spec.training.batch_size * units >= STRONG_WORK else "quick"
