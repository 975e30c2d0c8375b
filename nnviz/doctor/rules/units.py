"""Units that no longer take part: dead and saturated ones."""

import numpy as np

from nnviz.doctor.evidence import Evidence, LayerFacts
from nnviz.doctor.finding import Mark, Verdict
from nnviz.doctor.learned import is_harmed
from nnviz.doctor.rules.rule import Rule
from nnviz.doctor.words import layer_words, new_initializers, percent, round_rate

DEAD = 0.6
"""Of a layer's units, at the last half of the moments; sound networks had up to 0.25, and SageMaker's rule says half a layer."""
SATURATED_AT_ONCE = 0.6
"""Of a hidden layer's outputs before anything was learned: sound networks had up to 0.02."""
SATURATED = 0.9
"""The same at the end: sound networks that were trained for long had up to 0.75."""


def dead(evidence: Evidence) -> Verdict | None:
    """A layer most of whose units are 0 for every row, over the later moments."""
    worst = _worst(evidence, "dead")
    if worst is None or worst[1] < DEAD or not is_harmed(evidence):
        return None
    layer, share = worst
    since = _since(evidence, layer.path, "dead", DEAD)
    change: dict[str, object] = {}
    if layer.path != "cost" and layer.activation == "relu":
        change = {f"{layer.path}.activation": "leaky_relu"}
    change |= new_initializers(evidence) if since == 0 else {"optimizer.learning_rate": round_rate(evidence.rate / 3)}
    return Verdict(
        since=since,
        confidence=min(0.97, 0.6 + 0.37 * (share - DEAD) / (1 - DEAD)),
        where=layer.path,
        text=f"{percent(share)} of the units of {layer_words(layer)} are 0 for every row, so they learn nothing any more.",
        what_to_do="Use leaky ReLU, which has a slope below 0, too, and "
        + ("start with random weights and biases of 0." if since == 0 else "a lower learning rate."),
        change=change,
        marks=(Mark("layers", since, evidence.step, None, "units that are 0 for every row"),),
    )


def saturated(evidence: Evidence) -> Verdict | None:
    """A hidden S-shaped layer whose outputs are at their ends, from the start or at last, of a training that suffers."""
    if not evidence.moments or not is_harmed(evidence):
        return None
    first = max(_hidden(evidence, 0), key=lambda layer: layer.saturated or 0.0, default=None)
    at_once = first is not None and evidence.moments[0].step == 0 and (first.saturated or 0.0) >= SATURATED_AT_ONCE
    worst = _worst(evidence, "saturated")
    if not at_once and (worst is None or worst[1] < SATURATED):
        return None
    layer, share = (
        (first, first.saturated or 0.0) if at_once and first is not None else worst or (evidence.moments[0].layers[0], 0.0)
    )
    since = 0 if at_once else _since(evidence, layer.path, "saturated", SATURATED)
    return Verdict(
        since=since,
        confidence=min(0.95, 0.55 + 0.4 * share),
        where=layer.path,
        text=f"{percent(share)} of the outputs of {layer_words(layer)} are at the flat ends of its activation.",
        what_to_do="Start with smaller weights." if at_once else "Lower the learning rate.",
        change=new_initializers(evidence) if at_once else {"optimizer.learning_rate": round_rate(evidence.rate / 5)},
        marks=(Mark("layers", since, evidence.step, None, "outputs at the ends"),),
    )


def _hidden(evidence: Evidence, moment: int) -> list[LayerFacts]:
    return [layer for layer in evidence.moments[moment].layers if layer.path != "cost"]


def _worst(evidence: Evidence, name: str) -> tuple[LayerFacts, float] | None:
    """The hidden layer with the largest share by the median of the later half of the moments, and that share."""
    later = range(len(evidence.moments) // 2, len(evidence.moments))
    shares: dict[str, list[float]] = {}
    layers: dict[str, LayerFacts] = {}
    for moment in later:
        for layer in _hidden(evidence, moment):
            share = getattr(layer, name)
            if share is not None:
                shares.setdefault(layer.path, []).append(share)
                layers[layer.path] = layer
    if not shares:
        return None
    key = max(shares, key=lambda path: float(np.median(shares[path])))
    return layers[key], float(np.median(shares[key]))


def _since(evidence: Evidence, path: str, name: str, limit: float) -> int:
    """The first of the last moments in a row at which it was seen."""
    since: int | None = None
    for moment in reversed(evidence.moments):
        shares = [share for layer in moment.layers if layer.path == path and (share := getattr(layer, name)) is not None]
        is_seen = bool(shares) and max(shares) >= limit
        if since is not None and not is_seen:
            break
        since = moment.step if is_seen else since
    return evidence.moments[-1].step if since is None else since


ENTRIES = (
    Rule(
        name="dead_relu",
        title="Dead units",
        why="Where its sum is negative, ReLU is flat: small changes of its weights change nothing, so it gets no gradient. "
        "Steps that are too large push units there for every row, and so does a start with strongly negative biases, the "
        "numbers that are added to the sums.",
        what_is_this="A ReLU unit gives 0 wherever its sum is negative, and learns only from rows where it is positive. If "
        "there is no such row left, it is dead: it gives 0, and hardly ever comes back. A layer that is mostly dead passes "
        "hardly anything on.",
        judge=dead,
    ),
    Rule(
        name="saturated",
        title="Saturated units",
        explains=("rate_too_low", "underfitting"),
        why="At its ends an S-shaped activation (sigmoid, tanh) is flat: small changes of weights change hardly anything, so "
        "they are hardly changed any more. Large first weights, large inputs or large steps bring units there, and most of "
        "them stay.",
        what_is_this="Sigmoid and tanh squeeze any sum into a small range. A unit whose sums are far out hardly reacts to "
        "small changes: it is saturated, and learns very slowly.",
        judge=saturated,
    ),
)
