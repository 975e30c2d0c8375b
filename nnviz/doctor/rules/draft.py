"""What can be said of a network and its settings before anything is trained. These rules look at the spec and at the number of
rows alone, and only warn of what goes wrong more often than not."""

from nnviz.doctor.evidence import Evidence
from nnviz.doctor.finding import Verdict
from nnviz.doctor.learned import may_be_harmed
from nnviz.doctor.rules.rule import Rule
from nnviz.doctor.words import round_rate, written_layers
from nnviz.spec import expand

FLAT = ("sigmoid", "hard_sigmoid")
"""Activations that pass on at most a quarter of the gradient (0.2 for the hard one)."""
MOST_FLAT = 4
"""In a row: 0.25 ** 5 leaves a thousandth of the gradient, the share from which `vanishing_gradient` speaks."""
TIMES = 10.0
"""The usual rate times this is suspicious where nothing has been trained, or no moment is at hand."""
FAR_BELOW = 100.0
"""Times below the finder's suggestion: there the loss falls most steeply, and sound rates lie up to ten times below it."""
ENDS = ("CrossEntropy", "CategoricalFocalCrossentropy", "CategoricalGeneralizedCrossEntropy", "KLDivergence")
"""Costs with a softmax of their own."""
CARRIES_ON = {"Residual", "BatchNormalization", "LayerNormalization"}
"""What keeps gradients up between such layers."""


def rate(evidence: Evidence) -> Verdict | None:
    """A rate from which the loss grew in the rate finder, or ten times what is usual for the optimizer where it was not run."""
    finder = evidence.finder
    if finder is not None and finder.suggestion is not None:
        return _beyond_finder(evidence, finder.suggestion, finder.rises)
    times = evidence.rate / evidence.usual_rate
    if times < TIMES:
        return None
    better = round_rate(evidence.usual_rate)
    kind = evidence.spec.optimizer.kind
    return Verdict(
        since=0,
        confidence=0.7,
        where="optimizer.learning_rate",
        text=f"The learning rate {evidence.rate:g} is {times:,.0f} times what is usual for {kind}.",
        what_to_do=f"Try {better:g}, or press Find a rate.",
        change={"optimizer.learning_rate": better},
    )


def _beyond_finder(evidence: Evidence, suggestion: float, rises: float | None) -> Verdict | None:
    if evidence.rate < (rises or TIMES * suggestion):
        return None
    seen = f"from {rises:.2g} on the loss grew" if rises else f"it suggests {suggestion:.2g}"
    return _rate_of_finder(f"The learning rate {evidence.rate:g} is too high by the rate finder: {seen}.", suggestion)


def low_rate(evidence: Evidence) -> Verdict | None:
    """A rate far below what the rate finder suggests."""
    finder = evidence.finder
    if finder is None or finder.suggestion is None or evidence.rate > finder.suggestion / FAR_BELOW:
        return None
    times = finder.suggestion / evidence.rate
    text = f"The rate finder suggests a learning rate {times:,.0f} times as high as {evidence.rate:g}."
    return _rate_of_finder(text, finder.suggestion)


def _rate_of_finder(text: str, suggestion: float) -> Verdict:
    better = float(f"{suggestion:.3g}")
    return Verdict(
        since=0,
        confidence=0.75,
        where="optimizer.learning_rate",
        text=text,
        what_to_do=f"Try {better:g}.",
        change={"optimizer.learning_rate": better},
    )


def flat_stack(evidence: Evidence) -> Verdict | None:
    """Many layers in a row that pass on little of the gradient."""
    layers = expand(evidence.spec.layers)
    longest, run, start, first = 0, 0, "", ""
    for path, layer in layers:
        activation = layer.params.get("activation")
        if activation not in FLAT:
            run = run if activation is None else 0
            continue
        run, start = run + 1, start if run else path
        if run > longest:
            longest, first = run, start
    if longest <= MOST_FLAT or {layer.kind for layer in (*evidence.spec.layers, *(layer for _, layer in layers))} & CARRIES_ON:
        return None
    return Verdict(
        since=0,
        confidence=0.7,
        where=first,
        text=f"{longest} layers of sigmoid in a row: of the gradient, from which layers learn, at most "
        f"{100 * 0.25**longest:.1g} % reaches the first of them.",
        what_to_do="Use ReLU or tanh in them, or fewer layers.",
        change={
            f"{path}.activation": "relu" for path, layer in written_layers(evidence) if layer.params.get("activation") in FLAT
        },
    )


def softmax_before_cost(evidence: Evidence) -> Verdict | None:
    """A softmax under the softmax of the cost; of a run only where it is harmed."""
    if not may_be_harmed(evidence):
        return None
    layers = expand(evidence.spec.layers)
    if not layers or evidence.spec.cost.kind not in ENDS or evidence.spec.cost.transform not in (None, "softmax"):
        return None
    path, last = layers[-1]
    if last.params.get("activation") != "softmax" and last.kind != "Softmax":
        return None
    return Verdict(
        since=0,
        confidence=0.8,
        where=path,
        text=f"The last layer ends in a softmax, and {evidence.spec.cost.kind} applies its own: answers can hardly become sure.",
        what_to_do="Leave the last layer without an activation: the cost turns its numbers into probabilities.",
        change={f"{path}.activation": "linear"} if last.params.get("activation") == "softmax" else {},
    )


def bottleneck(evidence: Evidence) -> Verdict | None:
    """A hidden layer of one unit, through which all must pass; of a run only where it is harmed."""
    if not may_be_harmed(evidence):
        return None
    outputs = evidence.data.outputs if evidence.data is not None else 0
    layers = evidence.spec.layers
    for number, layer in enumerate(layers):
        is_last = number == len(layers) - 1
        width = layer.params.get("units", layer.params.get("filters"))
        if width == 1 and not (is_last and (not evidence.spec.cost.project or outputs <= 2)):
            return Verdict(
                since=0,
                confidence=0.6,
                where=f"layers[{number}]",
                text=f"Layer {number + 1} has a single unit: all that the layers after it see is one number.",
                what_to_do="Give it more units.",
                change={f"layers[{number}].{'units' if 'units' in layer.params else 'filters'}": 8},
            )
    return None


ENTRIES = (
    Rule(
        name="double_softmax",
        title="Softmax twice",
        explains=("underfitting", "plateau", "rate_too_low", "saturated"),
        why="A softmax makes numbers between 0 and 1 that add up to 1. A second softmax over such numbers flattens them: of two "
        "classes none can get more than 73 %, so no answer can become sure and the network learns slowly.",
        what_is_this="A softmax turns any numbers into probabilities, one for each class. The cost does that by itself, in a way "
        "that stays exact for very sure answers. Applied twice it flattens them.",
        judge=softmax_before_cost,
    ),
    Rule(
        name="bottleneck",
        title="A single unit in the middle",
        explains=("underfitting", "plateau"),
        why="All that later layers see has passed through one number. Whatever that number does not hold is lost for them.",
        what_is_this="Each layer sees only what the one before it gives. A layer with a single unit gives one number for each "
        "row. Rows that get the same number cannot be told apart any more.",
        judge=bottleneck,
    ),
)
