"""The numbers that a network learns from: far from where first weights expect them, or always the same."""

from typing import Any

import numpy as np

from nnviz.doctor.evidence import Evidence, InputFacts
from nnviz.doctor.finding import Verdict
from nnviz.doctor.learned import may_be_harmed
from nnviz.doctor.rules.rule import Rule
from nnviz.spec import BLOCKS

LARGE, SMALL = 10.0, 0.05
"""The root mean square of all inputs together. First weights (Glorot's, He's) are made for 1; standardised columns have it,
images in 0 to 1 some 0.3 to 0.6. Inputs that are mostly 0, such as a column for each of 50 categories (0.14), are not small."""
APART = 100.0
"""Times the median column's: such a column rules the sums of the first layer."""
OFFSET = 10.0
"""A mean in standard deviations: all rows look alike then. Of images in 0 to 1 it is 0.3 to 2."""
RULED_LARGEST, RULED_MIDDLE = 8.0, 0.05
"""A standardised column whose largest value is so far out and half of whose values are so close together: a few rows have set its
scale, and the others can hardly be told apart. Where 2 % of the rows are a thousand times as large these are 10 to 30 and below
0.01; sound columns had a middle of 0.2 and more. Columns that are mostly one value have a middle of 0 and are not meant."""
MOST_LARGEST = 3.0
"""A constant column that is larger than this in validation rows moves answers by weights that nothing was learned of."""
SCALING = ("BatchNormalization", "LayerNormalization", "GroupNormalization")
ALIKE = 5.0
"""Standard deviations, and times: one shift and one factor suit inputs that differ by less."""
NAMED = 3


def unscaled_input(evidence: Evidence) -> Verdict | None:
    """Inputs of the first layer that are far too large or small, of very different size, far from 0, ruled by a few rows, or
    constant; of a run only where it is harmed."""
    inputs = evidence.inputs
    if inputs is None or not len(inputs.mean) or not may_be_harmed(evidence):
        return None
    if inputs.into not in SCALING and (text := _badly_scaled(inputs)):
        what, layers = _scaled(evidence, inputs)
        return Verdict(
            since=0,
            confidence=0.9,
            where="layers[0]" if evidence.spec.layers else "cost",
            text=text,
            what_to_do=what,
            change={"layers": layers},
        )
    return _ruled(inputs) or _constant(inputs)


def _badly_scaled(inputs: InputFacts) -> str:
    """What is wrong with the size of inputs that vary, in a sentence; empty where it is fine."""
    varies = inputs.scale > 0
    if not varies.any():
        return ""
    mean, scale = inputs.mean[varies], inputs.scale[varies]
    size = np.sqrt(mean**2 + scale**2)
    together = float(np.sqrt((size**2).mean()))
    offset = np.abs(mean) / scale
    if together > LARGE or (offset.max() > OFFSET and _largest(mean, size) > OFFSET):
        return (
            f"The first layer receives numbers of about {_number(together)} that vary by {_number(float(np.median(scale)))}, "
            "and first weights are made for numbers around 0 that vary by 1."
        )
    if together < SMALL and np.median(inputs.middle) > 0:
        return f"The first layer receives numbers of about {together:.2g}, and first weights are made for numbers of about 1."
    if len(size) > 2 and size.max() > APART * np.median(size) and size.max() > 1:
        name = f"“{np.array(inputs.names)[varies][size.argmax()]}”" if inputs.names else "One of the inputs"
        return f"{name} is {size.max() / np.median(size):,.0f} times as large as most inputs, so hardly anything else counts."
    return ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


def _largest(mean: np.ndarray, size: np.ndarray) -> float:
    """Of the inputs together the offset: how many times the part that varies the constant part is."""
    constant = float((mean**2).sum())
    return float(np.sqrt(constant / max(float((size**2).sum()) - constant, 1e-300)))


def _scaled(evidence: Evidence, inputs: InputFacts) -> tuple[str, list[Any]]:
    """What to do, and the layers with one more, before the first that learns: the same shift and factor for all inputs where that
    suits them, which is exact from the first step on, else what learns one for each."""
    layers = evidence.spec.to_json()["layers"]
    place = next((at for at, layer in enumerate(evidence.spec.layers) if _learns(layer)), len(layers))
    mean, scale = inputs.mean[inputs.scale > 0], inputs.scale[inputs.scale > 0]
    centre, spread = float(mean.mean()), float(np.median(scale))
    if np.abs(mean - centre).max() < ALIKE * spread and max(scale.max() / spread, spread / scale.min()) < ALIKE:
        what = "Put a layer first that brings the inputs to mean 0 and standard deviation 1."
        layer: dict[str, Any] = {"kind": "Activation", "activation": {"expression": f"(x - {centre:.7g}) / {spread:.3g}"}}
    else:
        what = "Put a BatchNormalization first: it brings every input to mean 0 and standard deviation 1."
        # below the variances, and with running means that are there soon
        layer = {"kind": "BatchNormalization", "momentum": 0.9, "epsilon": max(1e-10, float(f"{1e-3 * scale.min() ** 2:.0e}"))}
    return what, [*layers[:place], layer, *layers[place:]]


def _learns(layer: Any) -> bool:
    """Whether a layer may have weights, or layers within that have."""
    return layer.kind in (*SCALING, *BLOCKS) or any(name.endswith("_initializer") for name in layer.params)


def _ruled(inputs: InputFacts) -> Verdict | None:
    ruled = (inputs.largest > RULED_LARGEST) & (inputs.middle > 0) & (inputs.middle < RULED_MIDDLE * inputs.scale)
    if not ruled.any() or not inputs.names:
        return None
    return Verdict(
        since=0,
        confidence=0.75,
        where="data.columns",
        text=f"A few rows have values in {_names(inputs, ruled)} so far out that all others look alike to the network.",
        what_to_do="Sort the rows by these columns and look at both ends: correct mistakes, and leave out only rows that are "
        "wrong.",
    )


def _constant(inputs: InputFacts) -> Verdict | None:
    if not inputs.names or len(inputs.held_out) != len(inputs.scale):
        return None
    alone = (inputs.scale == 0) & (inputs.held_out > np.maximum(MOST_LARGEST, 2 * inputs.largest))
    if not alone.any():
        return None
    return Verdict(
        since=0,
        confidence=0.8,
        where="data.drop",
        text=f"{_names(inputs, alone)} never varies in the training rows, so nothing can be learned of it, but in the validation "
        "rows it does.",
        what_to_do="Leave it out, or split the rows so that it varies in the training rows, too.",
    )


def _names(inputs: InputFacts, chosen: np.ndarray) -> str:
    return " and ".join(f"“{name}”" for name in np.array(inputs.names)[chosen][:NAMED])


ENTRIES = (
    Rule(
        name="unscaled_input",
        title="Inputs of an unsuitable size",
        explains=(
            "rate_too_high",
            "rate_too_low",
            "exploding_gradient",
            "vanishing_gradient",
            "poor_initialisation",
            "saturated",
            "dead_relu",
            "diverged",
            "underfitting",
            "overfitting",
            "too_large",
        ),
        why="First weights and usual learning rates are made for inputs around 0 that vary by about 1. Where inputs are far from "
        "that, sums are huge or all alike, and no rate suits all weights.",
        what_is_this="A network adds up its inputs, each times a weight. An input of 1,000 drowns one of 0.1, and "
        "inputs that hardly vary all look the same. Scaling brings inputs to mean 0 and a spread of 1; a few huge values spoil "
        "that.",
        judge=unscaled_input,
    ),
)
