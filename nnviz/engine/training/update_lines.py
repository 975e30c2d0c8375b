"""The formula of an optimizer's update, line by line, in the numbers of one step."""

import math
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.catalog.evaluate_update import EvaluatedLine, evaluate_update
from nnviz.catalog.updates import QUANTITIES, Update, update
from nnviz.engine.loop.loop import Loop
from nnviz.engine.loop.parameters import FlatVector


def slots_of(loop: Loop, place: int) -> dict[str, Any]:
    """What the optimizer keeps for a variable, by symbol, each in the variable's shape or one that broadcasts to it."""
    slots = {}
    shape = tuple(loop.network.trainable_variables[place].shape)
    for symbol, attribute in plan_of(loop, loop.network.trainable_variables[place], place, due=True).slots.items():
        slot = getattr(loop.optimizer, attribute)
        if not isinstance(slot, list):
            slots[symbol] = slot.numpy()
            continue
        array = _of_variable(loop, slot, place)
        # Means over rows or columns lack that axis.
        slots[symbol] = np.expand_dims(array, -1 if symbol == "r" else -2) if array.ndim < len(shape) else array
    return slots


def _of_variable(loop: Loop, variables: list[Any], place: int) -> NDArray[np.float32]:
    if not isinstance(loop.parameters, FlatVector):
        return np.asarray(variables[place].numpy())
    shapes = [tuple(variable.shape) for variable in loop.network.trainable_variables]
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    return np.asarray(np.split(variables[0].numpy(), ends[:-1])[place].reshape(shapes[place]))


def plan_of(loop: Loop, variable: Any, place: int, *, due: bool) -> Update:
    velocities = getattr(loop.optimizer, "adam_velocities", None)
    return update(
        loop.spec.kind,
        loop.spec.params,
        dimensions=len(variable.shape),
        due=due,
        matrix=velocities is None or velocities[place] is None,
        constrained=variable.constraint is not None,
    )


def shared_quantities(loop: Loop, gradients: list[Any], iteration: int) -> dict[str, Any]:
    """What is the same for all weights: the optimizer's parameters, the update's number, the norm over all gradients."""
    params = {
        name: value for name, value in loop.spec.params.items() if isinstance(value, int | float) and not isinstance(value, bool)
    }
    # what was changed while it trained counts from there on
    params |= {name: loop.live.values[f"optimizer.{name}"] for name in params if f"optimizer.{name}" in loop.live.values}
    every = loop.optimizer.gradient_accumulation_steps or 1
    quantities = params | {"t": iteration // every + 1, "share": params.get("ema_momentum", 0.0) if iteration // every else 0.0}
    if loop.spec.params.get("global_clipnorm"):
        total = [gradient.astype(np.float64) for gradient in gradients]
        if every > 1:
            total = [
                (gradient + _of_variable(loop, loop.optimizer._accumulated_gradients, place)) / every
                for place, gradient in enumerate(total)
            ]
        quantities["norm_all"] = math.sqrt(sum(float(np.sum(gradient**2)) for gradient in total))
    return quantities


def evaluated(
    plan: Update, values: dict[str, Any], at: tuple[int, ...], constraint: Any
) -> tuple[list[EvaluatedLine], list[EvaluatedLine], dict[str, tuple[float, str]]]:
    values = values | {"longer": max(np.shape(values["w"]), default=1)}
    if not plan.is_whole:
        # Then no other weight matters.
        values, at = {name: entry_at(value, at) for name, value in values.items()}, ()

    def constrained(weights: Any) -> Any:
        return np.asarray(constraint(tf.constant(weights, tf.float32)), np.float64)

    lines, known = evaluate_update(plan.lines, values, at=at, constraint=constrained)
    average, _ = evaluate_update(plan.average, known, at=at)
    formulas = " ".join(line.formula for line in [*lines, *average])
    words = set(formulas.replace("(", " ").replace(")", " ").replace(",", " ").replace("-", " ").split())
    quantities = {
        name: (entry_at(values[name], at), QUANTITIES.get(name, ""))
        for name in dict.fromkeys(("lr", "t", *values))
        if name in words and name not in plan.slots and name not in ("g", "w")
    }
    return lines, average, quantities


def entry_at(value: Any, at: tuple[int, ...]) -> float:
    array = np.asarray(value)
    if not array.ndim:
        return float(array)
    return float(array[tuple(0 if size == 1 else place for size, place in zip(array.shape, at, strict=True))])
