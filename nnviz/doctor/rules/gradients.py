"""First weights, and gradients that grow or fade on their way back through the layers."""

from nnviz.doctor.evidence import Evidence, LayerFacts, Moment
from nnviz.doctor.finding import Mark, Verdict
from nnviz.doctor.learned import is_harmed, may_be_harmed
from nnviz.doctor.rules import draft
from nnviz.doctor.rules.rule import Rule
from nnviz.doctor.words import layer_words, new_initializers, written_layers

HUGE = 100.0
"""A gradient's norm against that of its weights, before anything was learned. Sound networks had up to 3; first weights with a
standard deviation of 1.5 in six layers gave 10,000."""
FADED = 2e-3
"""The gradient of the first layer against that of the last, each against its weights: sound networks had 0.05 to 3, six layers of
sigmoid 1e-4, eight of them on easier rows 1e-3."""
FLAT = 0.5
"""Of a layer's outputs at the ends of their activation: then its first weights are to blame, and not the depth."""
FAR = 10.0
"""The loss before the first step against that of a constant answer: sound networks had up to 2."""
SYMMETRIC = ("zeros", "ones", "Constant")


def exploding(evidence: Evidence) -> Verdict | None:
    """Gradients that are huge against the weights before anything was learned: no rate has caused that."""
    first = _first(evidence)
    if first is None or not is_harmed(evidence) or _alike(evidence) is not None:
        return None
    worst = max(_trained(first), key=_strength, default=None)
    if worst is None or _strength(worst) < HUGE:
        return None
    times = _strength(worst)
    return Verdict(
        since=0,
        confidence=min(0.99, 0.75 + 0.1 * (times / HUGE) ** 0.25),
        where=worst.path,
        text=f"Before the first step the gradient of {layer_words(worst)} is {times:,.0f} times as large as its weights.",
        what_to_do="Start with smaller weights, of a size that suits the activation, and limit (clip) large gradients.",
        change={"optimizer.global_clipnorm": 1.0} | new_initializers(evidence),
        marks=(Mark("layers", 0, evidence.step, None, "gradients against weights"),),
    )


def vanishing(evidence: Evidence) -> Verdict | None:
    """The first layer's gradient is a tiny share of the last one's, though nothing in between is exactly 0; of a draft many
    layers that pass on little of it."""
    if evidence.status == "draft":
        return draft.flat_stack(evidence)
    first = _first(evidence)
    layers = _trained(first) if first is not None else []
    if len(layers) < 3 or not is_harmed(evidence):
        return None
    share = _strength(layers[0]) / max(_strength(layers[-1]), 1e-30)
    is_flat = any((layer.saturated or 0.0) > FLAT for layer in layers[:-1])
    if not 0 < share < FADED or is_flat:
        return None
    change: dict[str, object] = {
        f"{path}.activation": "relu"
        for path, layer in written_layers(evidence)
        if layer.params.get("activation") in ("sigmoid", "tanh", "softsign", "hard_sigmoid")
    }
    change |= {f"{path.rpartition('.')[0]}.kernel_initializer": "he_normal" for path in change}
    return Verdict(
        since=0,
        confidence=min(0.97, 0.8 + 0.04 * (FADED / share) ** 0.25),
        where=layers[0].path,
        text=f"Compared to its weights, {layer_words(layers[0])} gets a gradient about {float(f'{1 / share:.2g}'):,.0f} times "
        "smaller than the last layer does: it hardly learns.",
        what_to_do="Use ReLU instead of sigmoid or tanh, fewer layers, or Residual blocks, which add a way past layers.",
        change=change,
        marks=(Mark("layers", 0, evidence.step, None, "gradients from the last to the first layer"),),
    )


def poor_start(evidence: Evidence) -> Verdict | None:
    """Units that start alike, or first answers that are far worse than a constant."""
    return _alike(evidence) or (None if evidence.is_young else _far_off(evidence))


def _alike(evidence: Evidence) -> Verdict | None:
    if evidence.spec.branch is not None or not may_be_harmed(evidence):
        return None
    for path, layer in written_layers(evidence):
        start = layer.params.get("kernel_initializer")
        kind = start.get("kind") if isinstance(start, dict) else start
        if kind in SYMMETRIC and layer.params.get("units", layer.params.get("filters", 2)) != 1:
            return Verdict(
                since=0,
                confidence=0.95,
                where=path,
                text=f"All weights of a {layer.kind} layer start equal, so all its units give the same at first.",
                what_to_do="Start with random weights.",
                change=new_initializers(evidence),
            )
    return None


def _far_off(evidence: Evidence) -> Verdict | None:
    loss, baseline = evidence.initial_loss, evidence.baseline("")
    if loss is None or baseline is None or loss < FAR * baseline or not is_harmed(evidence):
        return None
    return Verdict(
        since=0,
        confidence=min(0.9, 0.6 + 0.05 * loss / baseline / FAR),
        text=f"The loss before the first step is {loss:,.3g}; the same answer for every row would give {baseline:.3g}.",
        what_to_do="Start with smaller weights, of a size that suits the activation: He’s for ReLU, Glorot’s for others.",
        change=new_initializers(evidence),
        marks=(Mark("batch_loss", 0, min(evidence.step, 100), baseline, "same answer for every row"),),
    )


def _first(evidence: Evidence) -> Moment | None:
    return evidence.moments[0] if evidence.moments and evidence.moments[0].step == 0 else None


def _trained(moment: Moment) -> list[LayerFacts]:
    return [layer for layer in moment.layers if layer.gradient is not None and layer.weights > 0]


def _strength(layer: LayerFacts) -> float:
    return (layer.gradient or 0.0) / layer.weights


ENTRIES = (
    Rule(
        name="exploding_gradient",
        title="Exploding gradient",
        explains=("rate_too_high", "poor_initialisation", "dead_relu", "saturated", "diverged"),
        why="Large weights make signals grow from layer to layer, so outputs, errors and gradients are huge. One step along "
        "such a gradient throws the weights far away.",
        what_is_this="The gradient of a weight says how the loss changes with it, and a simple step moves the weight against "
        "it, times the learning rate. In a deep network with large weights the gradient can be thousands of times as large as "
        "the weights themselves. One such step is enough to ruin what was there.",
        judge=exploding,
    ),
    Rule(
        name="poor_initialisation",
        title="Poor first weights",
        is_early=True,
        explains=("dead_relu", "saturated", "vanishing_gradient"),
        why="Units with equal weights before and after them change alike in every step and stay equal for ever; with weights of "
        "0 no signal passes at all. Weights that are too large make the first answers wild, and much of the training goes into "
        "taking that back.",
        what_is_this="Before training, weights are drawn at random. They must differ, so that units can learn different "
        "things, and be neither too large nor too small, so that signals pass through all layers. Glorot's and "
        "He's rules (for tanh and for ReLU) choose a fitting size.",
        judge=poor_start,
    ),
    Rule(
        name="vanishing_gradient",
        title="Vanishing gradient",
        explains=("saturated", "rate_too_low"),
        why="A sigmoid passes on at most a quarter of the gradient, and it and tanh pass on less where they are flat. After "
        "several layers nearly nothing is left for the first ones, which stay as they began.",
        what_is_this="Layers learn from the gradient, which says how to change each weight and comes back to them from the cost, "
        "layer by layer. Each one on the way makes it larger or smaller, and many with sigmoid or tanh make it vanish. The "
        "first layers then hardly change, however long one trains.",
        judge=vanishing,
    ),
)
