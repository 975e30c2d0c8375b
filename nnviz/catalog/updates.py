"""The whole update of one weight: an optimizer's own rule (`nnviz.catalog.optimizers.rules`) with what Keras does around each
of them, as clipping, weight decay, collecting gradients, and averaging the weights.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from nnviz.catalog.entry import Line
from nnviz.catalog.latex import formula_latex, name_latex, names_in
from nnviz.catalog.optimizers import OPTIMIZERS
from nnviz.plain_text import within


@dataclass(frozen=True, kw_only=True)
class Update:
    """`lines`: the last one gives the weight after the step; `average`: those of the moving average of the weights.
    `slots`: what the optimizer keeps, by symbol: where Keras's optimizer has the list of it; `arrays`: how many arrays of the
    weight's size that takes."""

    lines: tuple[Line, ...]
    slots: Mapping[str, str]
    arrays: int
    average: tuple[Line, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the whole array is needed for the one weight."""
        return any(line.reduction for line in self.lines)

    @property
    def is_elementwise(self) -> bool:
        """Whether every number is treated by itself, so that a vector of all weights and their arrays come to the same."""
        return not self.is_whole and not any("norm_all" in line.text for line in self.lines)


TAKES = r"\leftarrow"
"""Between what is kept from step to step and its new value."""
QUANTITIES: Mapping[str, str] = {
    "g": "the gradient: the slope of the loss at this weight",
    "w": "the weight",
    "lr": "the learning rate of this step",
    "t": "the number of this update, from 1",
    "norm_all": "the length of the gradient of all weights together",
    "longer": "the longer side of the matrix",
    "share": "how much of the average stays; nothing in the first update",
}
"""What is given beside the optimizer's own parameters and slots."""
_MEANT: Mapping[str, str] = {
    "moving mean of the gradient": "which way it has pointed lately",
    "moving mean of the squared gradient": "how large it has been lately",
}
"""What a quantity is good for, beside what it is."""


def update(
    kind: str, params: Mapping[str, Any], *, dimensions: int = 2, matrix: bool = True, constrained: bool = False, due: bool = True
) -> Update:
    """The update of one weight under an optimizer of the catalog; `params` may leave out defaults.

    `dimensions` of its array; `matrix`: for Muon, whether the array takes its own update, not AdamW; `constrained`: whether
    the layer holds its weights to something; `due`: with accumulated gradients, whether this batch ends in an update."""
    entry = OPTIMIZERS[kind]
    settings = {param.name: param.default for param in entry.params} | dict(params) | dict(entry.fixed)
    rule = entry.update(settings | {"dimensions": dimensions, "matrix": matrix})
    arrays = len(rule.slots) if rule.arrays is None else rule.arrays
    average: tuple[Line, ...] = ()
    slots: dict[str, str] = {}
    if settings.get("use_ema"):
        slots["average"] = "_model_variables_moving_average"
        average = (Line("average", "share * average + (1 - share) * w", "moving average of the weight, used at the end"),)
    if settings.get("gradient_accumulation_steps"):
        slots["a"] = "_accumulated_gradients"
    arrays += len(slots)
    if not due:
        lines = [Line("a", "a + g", "gradients are collected"), Line("w", "w", "the weight waits for the last of these batches")]
        return Update(lines=tuple(lines), slots=slots, arrays=arrays, average=average)
    lines = [*_gradient(settings), *_decay(settings.get(rule.decay), rule.decay), *rule.lines]
    if constrained:
        lines.append(Line("w", "w", "held to the layer's constraint", reduction="constraint"))
    return Update(lines=tuple(lines), slots=slots | dict(rule.slots), arrays=arrays, average=average)


def latex(kind: str, params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(formula in LaTeX, what it is in a few words) of each line of the update of a weight matrix under these parameters."""
    lines = update(kind, params)
    changed = {*lines.slots, "w", "g"}
    return [
        (f"{name_latex(line.symbol)} {TAKES if line.symbol in changed else '='} {formula_latex(line.formula)}", line.sense)
        for line in lines.lines
    ]


class Symbols(NamedTuple):
    """(symbol in LaTeX, what it is in words) of what stands in an update: in its last line, and in the lines before."""

    plain: list[tuple[str, str]]
    more: list[tuple[str, str]]


def symbols(kind: str, params: Mapping[str, Any]) -> Symbols:
    """What the symbols are in the lines that `latex` gives, each once, those that have no words left out."""
    *before, last = update(kind, params).lines
    senses = {param.name: within(re.split("[:;]", param.help)[0].rstrip(".")) for param in OPTIMIZERS[kind].params}
    senses |= {**{line.symbol: line.sense for line in before}, **QUANTITIES}
    senses = {name: f"{sense}: {_MEANT[sense]}" if sense in _MEANT else sense for name, sense in senses.items()}
    plain = list(dict.fromkeys(["w", "g", *names_in(last.text)]))
    rest = dict.fromkeys(name for line in before for name in names_in(line.text))
    more = [name for name in rest if name not in plain and all(name != line.symbol for line in before)]
    return Symbols(*([(name_latex(name), senses[name]) for name in names if senses.get(name)] for names in (plain, more)))


def remembered_as(keras_class: str) -> str:
    """The first class of Keras in the catalog whose update is that of `keras_class`: what either keeps from step to step means
    the same, so that one takes over from the other. A class that the catalog lacks is alike to itself only."""
    classes = [(entry.keras or entry.kind, entry.update) for entry in OPTIMIZERS.values()]
    own = next((rule for name, rule in classes if name == keras_class), None)
    return next((name for name, rule in classes if rule is own), keras_class)


def _gradient(settings: Mapping[str, Any]) -> list[Line]:
    lines = []
    if settings.get("gradient_accumulation_steps"):
        lines.append(Line("g", "(a + g) / gradient_accumulation_steps", "mean gradient of the batches collected"))
    if settings.get("clipnorm"):
        lines += [
            Line("norm_g", "g", "length of the gradient of this array", reduction="norm"),
            Line("g", "g * clipnorm / maximum(norm_g, clipnorm)", "gradient, its length clipped"),
        ]
    elif settings.get("global_clipnorm"):
        lines.append(
            Line("g", "g * global_clipnorm / maximum(norm_all, global_clipnorm)", "gradient, the length over all weights clipped")
        )
    elif settings.get("clipvalue"):
        lines.append(Line("g", "clip(g, -clipvalue, clipvalue)", "gradient, its value clipped"))
    return lines


def _decay(share: float | None, name: str) -> list[Line]:
    return [Line("w", f"w - lr * {name} * w", "weight decay")] if share else []
