"""UMLAUT: Schoop, Huang, Hartmann, "UMLAUT: Debugging Deep Learning Programs using Program Structure and Model Behavior",
CHI 2021, with the thresholds of its published code (`umlaut/heuristics.py`)."""

import numpy as np

from benchmarks.doctor.published.system import Published, System
from nnviz.doctor import Evidence
from nnviz.spec import expand

LOW, HIGH = 1e-7, 0.01
"""Learning rates outside of this are named."""
DROPOUT = 0.5
SURE, ABOVE, NOISY = 0.95, 0.05, 3
"""A validation accuracy that is suspicious, alone or above that of training, after so many epochs."""


def _overfits(evidence: Evidence) -> bool:
    """In any epoch the validation loss rose while the training loss did not."""
    train, held_out = evidence.points("loss"), evidence.points("val_loss")
    if train is None or held_out is None or len(train.value) != len(held_out.value):
        return False
    return bool(((np.diff(held_out.value) > 0) & (np.diff(train.value) <= 0)).any())


def _is_too_sure(evidence: Evidence) -> bool:
    train, held_out = evidence.points("accuracy"), evidence.points("val_accuracy")
    if train is None or held_out is None or len(train.value) != len(held_out.value):
        return False
    values, beside = held_out.value[NOISY:], train.value[NOISY:]
    return bool(((values > SURE) | (values - beside > ABOVE)).any())


def _activations(evidence: Evidence) -> list[str]:
    named = [layer.params["activation"] for _, layer in expand(evidence.spec.layers) if "activation" in layer.params]
    return [str(activation) for activation in named]


def _has_linear_layer(evidence: Evidence) -> bool:
    return "linear" in _activations(evidence)


def _has_last_activation(evidence: Evidence) -> bool:
    # nnviz's projection is the last layer, and has none; without it the last hidden layer is
    activations = _activations(evidence)
    return not evidence.spec.cost.project and bool(activations) and activations[-1] != "linear"


def _drops_much(evidence: Evidence) -> bool:
    return any(float(layer.params["rate"]) > DROPOUT for _, layer in expand(evidence.spec.layers) if layer.kind == "Dropout")


SYSTEM = System(
    name="UMLAUT",
    source="Schoop et al., CHI 2021; github.com/BerkeleyHCI/umlaut, umlaut/heuristics.py",
    rules=(
        Published(name="Missing activation", fires=_has_linear_layer, means=("underfitting",)),
        Published(name="Final layer has activation", fires=_has_last_activation, means=("double_softmax", "cost_mismatch")),
        Published(name="High dropout", fires=_drops_much, means=("too_much_dropout",)),
        Published(name="Learning rate high", fires=lambda e: e.rate > HIGH, means=("rate_too_high",)),
        Published(name="Learning rate low", fires=lambda e: e.rate < LOW, means=("rate_too_low",)),
        Published(name="Overfitting", fires=_overfits, means=("overfitting", "too_large", "trained_too_long")),
        Published(name="Overconfident validation accuracy", fires=_is_too_sure, means=("leakage", "overlapping_parts")),
    ),
    left_out={
        "Missing softmax before loss": "nnviz's costs apply their own, so it cannot be missing",
        "Input not normalized, not floating, of the wrong shape": "nnviz scales inputs itself, to mean 0 and deviation 1, which "
        "goes beyond -1 to 1: the rule would name every table",
        "NaN in loss": "only said where an input is no number, which nnviz does not train on",
    },
)
