"""Cost, optimizer and stopping as Keras code."""

from dataclasses import dataclass
from typing import Any

from nnviz.catalog import COSTS, OPTIMIZERS, SCHEDULES
from nnviz.catalog.entry import TRANSFORMS
from nnviz.catalog.rates import piecewise
from nnviz.catalog.shared import ANY_COST
from nnviz.catalog.weights import PROJECTION
from nnviz.errors import NotYet
from nnviz.export import rates
from nnviz.export.formula import code
from nnviz.export.signatures import call, check_types, literal, parts_code

_COST_FIELDS = frozenset(param.name for param in ANY_COST)
_TRAINING_FIELDS = frozenset({"epochs", "batch_size", "seed", "record_every", "early_stopping", "keep"})


@dataclass(frozen=True, kw_only=True)
class CostCode:
    """`definition`: a function, where Keras has no such loss; `loss`: the argument of compile; `body`: the layers
    that end the stack, as calls with their comments; `columns`: of the output; `transform`: what the raw outputs go through;
    `penalized`: whether the projection is regularized."""

    definition: str
    loss: str
    body: tuple[tuple[str, str], ...]
    columns: int
    transform: str
    penalized: bool = False


def cost_code(cost: Any, *, task: str, outputs: int) -> CostCode:
    """Raises NotYet for a cost or a field of it that Keras's own classes cannot express."""
    entry = COSTS[cost.kind]
    own = {param.name for param in entry.params}
    check_types(cost.kind, tuple(param for param in entry.params if param.type != "expression"), cost.params, where="cost")
    beyond = [
        name
        for name, value in cost.params.items()
        if name not in own | _COST_FIELDS and value != type(cost).model_fields[name].default
    ]
    transform = cost.transform or entry.transform[task]
    if beyond or transform not in TRANSFORMS:
        raise NotYet(
            f"{beyond[0] if beyond else transform} of the cost cannot be written as Keras code in this version",
            where="cost",
            remedy="Leave it at its default.",
        )
    columns = entry.width(outputs, transform) if task == "classification" else outputs
    one = columns < outputs
    params = {name: value for name, value in cost.params.items() if name in own}
    definition, loss = _loss(cost.kind, transform, params, one=one)
    body: list[tuple[str, str]] = []
    penalized = False
    if cost.project:
        written = parts_code("Dense", PROJECTION, cost.params, where="cost")
        penalized = any(name.endswith("_regularizer") for name in written)
        made = call("layers", "Dense", {"units": columns, "use_bias": cost.use_bias}, where="cost", written=written)
        body.append((f'layers.{made[:-1]}, name="projection")', f"  # the cost's own, to {columns}"))
    if transform != "identity":
        body.append((f'layers.Activation("{transform}", name="output")', ""))
    return CostCode(definition=definition, loss=loss, body=tuple(body), columns=columns, transform=transform, penalized=penalized)


def _loss(kind: str, transform: str, params: dict[str, Any], *, one: bool) -> tuple[str, str]:
    entry = COSTS[kind]
    if kind == "CrossEntropy" and transform == "sigmoid":
        share = params["label_smoothing"]
        if one:
            return "", f"keras.losses.BinaryCrossentropy({f'label_smoothing={share!r}' if share else ''})"
        smoothed = f"    y_true = y_true * (1 - {share!r}) + {share!r} / 2\n" if share else ""
        return (
            f"def cost(y_true, y_pred):\n{smoothed}    return ops.sum(ops.binary_crossentropy(y_true, y_pred), axis=-1)\n",
            "cost",
        )
    if entry.keras and not (entry.sigmoid_formula and transform == "sigmoid"):
        return "", f"keras.losses.{call('losses', entry.keras, params, where='cost')}"
    text = entry.formula_for(transform) or params["expression"]
    numbers = {name: repr(value) for name, value in params.items() if name != "expression"}
    names = {"y_true": "y_true", "y_pred": "y_pred", **numbers}
    # Where the formula joins the columns itself, all of them hold the row's cost.
    reduce = "sum" if entry.columns == "sum" else "mean"
    inner = code(text, names, shape_of="y_pred")
    return f"def cost(y_true, y_pred):\n    return ops.{reduce}({inner}, axis=-1)\n", "cost"


def optimizer_code(optimizer: Any) -> str:
    """`keras.optimizers.Adam(0.01)`. Raises NotYet for what no class of Keras takes.

    A WarmUp or OneCycle is a class of the script, a ReduceOnPlateau a callback: see `rates`."""
    entry = OPTIMIZERS[optimizer.kind]
    own = {param.name for param in entry.params}
    params = {name: value for name, value in optimizer.params.items() if name != "schedule"}
    beyond = [name for name, value in params.items() if name not in own and value]
    if beyond:
        raise NotYet(f"{beyond[0]} cannot be written as Keras code in this version", where=f"optimizer.{beyond[0]}")
    check_types(optimizer.kind, entry.params, params, where="optimizer")
    params = {name: value for name, value in params.items() if name in own}
    rate = params.pop("learning_rate")
    written = {"learning_rate": repr(rate)}
    schedule = optimizer.schedule
    if schedule is not None and schedule.kind in rates.OWN:
        written["learning_rate"] = rates.own_call(schedule, rate)
    elif schedule is not None and schedule.kind != rates.PLATEAU:  # which a callback does
        if schedule.kind == "PiecewiseConstantDecay":
            bounds = list(schedule.params["boundaries"])
            arguments = {"boundaries": bounds, "values": piecewise(rate, bounds, schedule.params["values"])}
        else:
            check_types(schedule.kind, SCHEDULES[schedule.kind].params, schedule.params, where="optimizer.schedule")
            arguments = {"initial_learning_rate": rate, **schedule.params}
        made = call("schedules", schedule.kind, arguments, where="optimizer.schedule")
        written["learning_rate"] = f"keras.optimizers.schedules.{made}"
    written |= {name: _plain(value) for name, value in entry.fixed.items()}
    made = call("optimizers", entry.keras or entry.kind, params, where="optimizer", written=written)
    return f"keras.optimizers.{made}"


def _plain(value: Any) -> str:
    return f"[{', '.join(map(literal, value))}]" if isinstance(value, list | tuple) else literal(value)


def check_training(training: Any) -> None:
    """Raises NotYet for a setting that the script would not act on."""
    for name in type(training).model_fields:
        value = getattr(training, name)
        if name not in _TRAINING_FIELDS and value != type(training).model_fields[name].default:
            raise NotYet(
                f"training.{name} cannot be written as Keras code in this version",
                where=f"training.{name}",
                remedy="Leave it at its default.",
            )
