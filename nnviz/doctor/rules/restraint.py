"""What holds a network back from learning: dropout, regularizers, too little room."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnviz.doctor.evidence import Evidence
from nnviz.doctor.finding import Mark, Verdict
from nnviz.doctor.learned import final, is_harmed
from nnviz.doctor.rules.rule import Rule
from nnviz.doctor.words import learned_words, written_layers
from nnviz.spec.tunable import changeable

STRONG_DROPOUT = 0.6
"""Half of the outputs is what dropout's authors used at most; a network that suffers under more of it has a likely cause."""
DRAFT_DROPOUT = 0.85
"""So much is said of a draft, too."""
HEAVY = 0.5
"""The regularizers' penalty before the first step, against the loss: usual strengths (1e-4 to 1e-3) make 0.001 to 0.1 of it, and
with half of it or more training is more about small weights than about answers."""
GAP = 0.2
"""Of the baseline, between training and validation: who is held back does not overfit."""
NARROW = 2
"""Units of the narrowest layer: through two numbers little passes."""
LITTLE = {"narrow": 0.55, "linear": 0.38}
"""Shares of the baseline's loss, of training rows: less was removed by networks that were too small. The best that a linear
network does on real numbers (diabetes) is 0.5."""


def too_much_dropout(evidence: Evidence) -> Verdict | None:
    """A high rate of dropout, and a training that gets worse answers than it could."""
    rates = {path: float(layer.params["rate"]) for path, layer in written_layers(evidence) if "Dropout" in layer.kind}
    if not rates:
        return None
    path, rate = max(rates.items(), key=lambda item: item[1])
    is_draft = evidence.status == "draft"
    if rate < (DRAFT_DROPOUT if is_draft else STRONG_DROPOUT) or not (is_draft or _is_held_back(evidence)):
        return None
    return Verdict(
        since=0,
        confidence=min(0.95, 0.7 + 0.3 * (rate - STRONG_DROPOUT) / (1 - STRONG_DROPOUT)),
        where=path,
        text=f"Dropout sets {100 * rate:.0f} % of a layer's outputs to 0 in every step"
        + (", and what is left does not learn the training rows." if not is_draft else "."),
        what_to_do="Lower the dropout to 20 % (0.2), and raise it only if the network overfits.",
        change={f"{at}.rate": 0.2 for at, value in rates.items() if value > 0.2},
        marks=(Mark("loss", 0, evidence.step, evidence.baseline(""), "same answer for every row"),),
    )


def too_much_regularization(evidence: Evidence) -> Verdict | None:
    """A penalty as large as the loss itself, and a training that suffers."""
    strengths = {path: value for path, value in changeable(evidence.spec).items() if "regularizer." in path}
    first = evidence.moments[0] if evidence.moments else None
    if not strengths or first is None or not _is_held_back(evidence):
        return None
    share = first.penalty / max(first.loss, 1e-12)
    if share < HEAVY:
        return None
    factor = min(0.1, 0.02 / share)
    return Verdict(
        since=0,
        confidence=min(0.97, 0.75 + 0.1 * float(np.log10(share / HEAVY))),
        where=next(iter(strengths)).rpartition(".")[0],
        text=f"At first the penalty on large weights is {share:,.1f} times the loss without it: training mostly shrinks weights.",
        what_to_do="Make the regularizers weaker.",
        change={path: float(f"{value * factor:.1g}") for path, value in strengths.items()},
        marks=(Mark("loss", 0, evidence.step, evidence.baseline(""), "same answer for every row"),),
    )


def underfitting(evidence: Evidence) -> Verdict | None:
    """A network with next to no room that has learned its own training rows badly."""
    share, held_out = final(evidence, ""), final(evidence, evidence.held_out)
    if share is None or held_out is None or evidence.status == "diverged" or share - held_out > GAP:
        return None
    widths = list(_widths(evidence))
    narrow = min(widths, key=lambda item: item[1], default=None)
    if narrow is not None and (narrow[1] > NARROW or share > LITTLE["narrow"]):
        return None
    if narrow is None and (share > LITTLE["linear"] or evidence.spec.branch is not None):
        return None
    what = "There is no layer between inputs and outputs"
    if narrow is not None:
        what = f"All that the network knows of a row passes through {narrow[1]} {'unit' if narrow[1] == 1 else 'units'}"
    return Verdict(
        since=0,
        confidence=0.85 if share < 0.3 else 0.7,
        where=None if narrow is None else narrow[0],
        text=f"{what}, and even on training rows {learned_words(share)}.",
        what_to_do="Add a layer in between, with an activation." if narrow is None else "Give the narrow layer more units.",
        change=_more_room(evidence, widths),
        marks=(Mark("loss", 0, evidence.step, evidence.baseline(""), "same answer for every row"),),
    )


def _is_held_back(evidence: Evidence) -> bool:
    share, held_out = final(evidence, ""), final(evidence, evidence.held_out)
    return is_harmed(evidence) and share is not None and held_out is not None and share - held_out < GAP


def _widths(evidence: Evidence) -> Iterator[tuple[str, int]]:
    """Path and units of the layers that a row's numbers pass through."""
    for path, layer in written_layers(evidence):
        size = layer.params.get("units", layer.params.get("filters"))
        if isinstance(size, int):
            yield path, size


def _more_room(evidence: Evidence, widths: list[tuple[str, int]]) -> dict[str, Any]:
    narrow = {f"{path}.{'units' if _has_units(evidence, path) else 'filters'}": 32 for path, size in widths if size < 8}
    if narrow:
        return narrow
    layers = evidence.spec.to_json()["layers"]
    return {"layers": [*layers, {"kind": "Dense", "units": 32, "activation": "relu", "kernel_initializer": "he_normal"}]}


def _has_units(evidence: Evidence, path: str) -> bool:
    return any(at == path and "units" in layer.params for at, layer in written_layers(evidence))


ENTRIES = (
    Rule(
        name="too_much_regularization",
        title="Too much regularization",
        explains=("dead_relu", "saturated", "underfitting", "rate_too_low"),
        why="A regularizer adds a penalty for large weights to the loss, so training makes them small. Where the penalty is the "
        "larger part of the sum, training mostly makes weights smaller, whatever the answers are.",
        what_is_this="Regularizers keep weights small, so that a network does not learn single rows by heart. Too strong, "
        "they keep it from learning at all: it answers nearly the same for every row. A good strength makes training a "
        "little worse and validation better.",
        judge=too_much_regularization,
    ),
    Rule(
        name="too_much_dropout",
        title="Too much dropout",
        explains=("dead_relu", "saturated", "underfitting", "rate_too_low"),
        why="In each step dropout hides a part of the outputs, a different one each time. When most are hidden, the next layer "
        "gets too little of a row to learn from it.",
        what_is_this="Dropout switches units off at random while training, so that none relies on another one alone. It helps "
        "against overfitting, and the higher its rate, the more it takes away. Where it is high and training rows are not "
        "learned either, lower it.",
        judge=too_much_dropout,
    ),
    Rule(
        name="underfitting",
        title="Underfitting",
        why="A network can only draw borders of the kind that its layers allow. With too few units, or without a layer "
        "between inputs and outputs, the pattern in these rows is out of reach, however long it trains.",
        what_is_this="A network underfits when it is too simple for the data: even training rows are answered badly. More "
        "epochs do not help then. More units or another layer do.",
        judge=underfitting,
    ),
)
