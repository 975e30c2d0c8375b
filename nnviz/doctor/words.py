"""Numbers and layers in words, and settings that remedies write."""

import math
from collections.abc import Iterator
from typing import Any

from nnviz.doctor.evidence import Evidence, LayerFacts
from nnviz.spec import expand

PER_CENT = 100


def percent(share: float) -> str:
    """`93 %`."""
    return f"{PER_CENT * share:.0f} %"


def learned_words(share: float) -> str:
    """How little is learned, as part of a sentence, from the share of a constant answer's loss that is gone."""
    return f"the loss is {percent(1 - share)} of what giving every row the same answer would cost"


def round_rate(rate: float) -> float:
    """A rate that people would type: 1, 2, 3 or 5 with a power of ten, the nearest by ratio."""
    if rate <= 0 or not math.isfinite(rate):
        return 0.001
    power = 10.0 ** math.floor(math.log10(rate))
    digit = min((1, 2, 3, 5, 10), key=lambda digit: abs(math.log(rate / power / digit)))
    return float(f"{digit * power:.6g}")


def layer_words(layer: LayerFacts) -> str:
    """`layer 2 (Dense 32)`; `the last layer` for the cost's."""
    if layer.path == "cost":
        return "the last layer"
    numbers = ".".join(str(int(part.partition("]")[0]) + 1) for part in layer.path.split("[")[1:])
    return f"layer {numbers} ({layer.title})"


def written_layers(evidence: Evidence) -> Iterator[tuple[str, Any]]:
    """Each plain layer once, with the path at which it is written."""
    seen: set[str] = set()
    for path, layer in expand(evidence.spec.layers):
        if path not in seen:
            seen.add(path)
            yield path, layer


def new_initializers(evidence: Evidence) -> dict[str, Any]:
    """Settings that start every layer anew as suits its activation: He's for relu and its kin, else Glorot's; biases at 0."""
    change: dict[str, Any] = {}
    for path, layer in written_layers(evidence):
        if "kernel_initializer" not in layer.params:
            continue
        is_half = any(word in str(layer.params.get("activation")) for word in ("relu", "elu", "swish", "silu"))
        change[f"{path}.kernel_initializer"] = "he_normal" if is_half else "glorot_uniform"
        if layer.params.get("bias_initializer") not in (None, "zeros"):
            change[f"{path}.bias_initializer"] = "zeros"
    if evidence.spec.cost.project and evidence.spec.cost.params.get("kernel_initializer") not in (None, "glorot_uniform"):
        change["cost.kernel_initializer"] = "glorot_uniform"
    return change
