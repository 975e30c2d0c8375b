"""What the catalog is made of: one frozen entry for each thing that can be picked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from nnviz.catalog.param import Param

Shape = tuple[int, ...]
"""A layer's output for one row: (8,) for a vector, (28, 28, 1) for an image."""
TRANSFORMS = ("softmax", "sigmoid", "softplus", "identity")
"""What raw outputs may go through before a cost."""


@dataclass(frozen=True, kw_only=True)
class LayerEntry:
    """A layer. `build(shape, params)` gives the output's shape and the count of (trainable, other) parameters, as Keras
    would have it, and raises StackError when the layer cannot take that input. `inside(shape, params)` counts the numbers
    that one row leaves in the layer until the backward pass, besides its output; `keeps_output`: whether that is needed there,
    too. `is_random`: draws random numbers while training. `prefers_graph`: on a CPU a network with it is faster, or compiled
    much sooner, without XLA. `constraint_axes`: by the constraint's name, along which axes it takes the norm, so that it is that
    of one unit's, filter's or number's weights; else 0. `fixed`: what Keras's class is always given. `start`: what the interface
    sets in a new layer, besides what is required. `units`: the parameter that says how many units it has, where each has weights
    of its own, along the last axis of every array, and reaches no other one within the layer: it can then be switched off."""

    kind: str
    group: Literal[
        "core", "convolution", "pooling", "regularization", "normalization", "shape", "structure", "sequence", "augmentation"
    ]
    help: str
    params: tuple[Param, ...]
    build: Callable[[Shape, Mapping[str, Any]], tuple[Shape, int, int]]
    inside: Callable[[Shape, Mapping[str, Any]], int] = lambda shape, params: 0
    keeps_output: bool = True
    is_random: bool = False
    prefers_graph: bool = False
    constraint_axes: Mapping[str, int | tuple[int, ...]] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)
    units: str = ""


@dataclass(frozen=True, kw_only=True)
class ActivationEntry:
    """`formula` is in the expression language over x; `latex` is how the page shows it; `keras` its name in Keras, or
    empty where Keras has no such function and the formula itself trains; `source` the custom component's file that it is from."""

    name: str
    formula: str
    latex: str
    help: str
    keras: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class CostEntry:
    """`formula` over y_true and y_pred (the transformed output) and the params by name: one column's share of a row's
    cost; the row's cost is the sum over columns (`columns="sum"`) or their mean (`columns="mean"`, as Keras has it for
    regression), or the formula itself (`columns="row"`: it joins the columns by sum or max), the loss the mean over rows.
    `sigmoid_formula` replaces it where the transform is a sigmoid.
    `transform` is the default output transform for each task it fits, `transforms` are those that make sense.
    `target_scaling`: whether regression targets may be standardised for it. `keras` is the class in keras.losses or
    empty; an empty `formula` means that the parameter `expression` holds it. `reason`: why the other task is not in
    `tasks`; `least_outputs`: classes or target columns that there must be. `domain`: which targets it is for (None: any);
    `domain_why` and `domain_remedy` say what others do to it, and what to do (see `nnviz.catalog.domain`). `reference`: the
    paper or page that the formula is from; `source` the custom component's file that it is from."""

    kind: str
    formula: str
    latex: str
    help: str
    tasks: tuple[str, ...]
    transform: Mapping[str, str]
    columns: Literal["sum", "mean", "row"] = "mean"
    reason: str = ""
    domain: Literal["nonzero", "nonnegative"] | None = None
    domain_why: str = ""
    domain_remedy: str = ""
    least_outputs: int = 1
    source: str = ""
    reference: str = ""
    target_scaling: bool = True
    params: tuple[Param, ...] = ()
    keras: str = ""
    sigmoid_formula: str = ""
    transforms: tuple[str, ...] = TRANSFORMS

    def formula_for(self, transform: str) -> str:
        """The formula that holds under an output transform."""
        return self.sigmoid_formula if transform == "sigmoid" and self.sigmoid_formula else self.formula

    def width(self, outputs: int, transform: str | None = None) -> int:
        """How many columns the network ends in: one for two classes of which a sigmoid gives one, else as many as outputs.
        A cost for numbers, too, keeps two columns: its classes are one-hot."""
        shared = (transform or self.transform.get("classification")) == "sigmoid" and self.tasks == ("classification",)
        return 1 if shared and outputs == 2 else outputs


@dataclass(frozen=True)
class Line:
    """`symbol = text`, and what it is in words. `reduction`: a function of the whole array `text`; see `evaluate_update`."""

    symbol: str
    text: str
    sense: str
    reduction: str = ""

    @property
    def formula(self) -> str:
        """The right side as it is shown."""
        return f"{self.reduction}({self.text})" if self.reduction else self.text


@dataclass(frozen=True)
class Rule:
    """What an optimizer does with one weight and its gradient. `lines`: the last one gives the weight after the step (how
    they are written: `nnviz.catalog.optimizers.rules`). `slots`: what it keeps from step to step, by symbol: the attribute of
    Keras's optimizer that holds the list of it. `decay`: the parameter that decays this weight. `arrays`: how many arrays of the
    weight's size Keras keeps for it, where not one for each slot."""

    lines: Sequence[Line]
    slots: Mapping[str, str] = field(default_factory=dict)
    decay: str = "weight_decay"
    arrays: int | None = None


@dataclass(frozen=True, kw_only=True)
class OptimizerEntry:
    """`params` carry Keras's names; the default learning rate is one that learns. `keras` is the class
    in keras.optimizers, empty where it is called as `kind`; `fixed` is what that class is always given. `reference`: the paper or
    page that the rule is from.

    `update` gives the rule for its parameters; from it follow the formulas that pages show, how a step is explained, how much
    memory training takes, and whether the loop may keep all weights as one vector. Two entries with the same `update` remember
    the same things, so that one takes over from the other in a branch."""

    kind: str
    help: str
    reference: str
    params: tuple[Param, ...]
    update: Callable[[Mapping[str, Any]], Rule]
    keras: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ScheduleEntry:
    """A learning-rate schedule with its parameters. `keras`: whether it is one of keras.optimizers.schedules. `length`
    names the parameter that says how many steps it takes, empty where none does."""

    kind: str
    latex: str
    help: str
    params: tuple[Param, ...]
    keras: bool = True
    length: str = ""


@dataclass(frozen=True, kw_only=True)
class MetricEntry:
    """`better`: which direction is better; `percent`: shown as a percentage. `short`: the title where there is little room, empty
    where it is short enough."""

    name: str
    title: str
    help: str
    better: Literal["lower", "higher"]
    percent: bool = False
    short: str = ""


@dataclass(frozen=True, kw_only=True)
class DatasetEntry:
    """`data` is the spec's `data` block for it; `preset` a fitting stack; `params`: what a synthetic one takes; `names`: what
    its classes are called, in the order of their numbers."""

    name: str
    title: str
    help: str
    kind: Literal["builtin", "synthetic"]
    task: Literal["classification", "regression"]
    shape: Shape
    rows: int
    classes: int = 0
    columns: tuple[str, ...] = ()
    params: tuple[Param, ...] = ()
    preset: str = "small"
    names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A stack to start from; `fits` says which inputs it takes (`any`, `image`)."""

    name: str
    title: str
    help: str
    fits: Literal["any", "image"]
    layers: tuple[Mapping[str, Any], ...]
    optimizer: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
