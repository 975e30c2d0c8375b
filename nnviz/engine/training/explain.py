"""One step, explained: the batch, each row's own cost, and what the optimizer made of one weight, in numbers."""

import math
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.catalog.reckon import Reckoned, reckon
from nnviz.catalog.updates import QUANTITIES, Update, update
from nnviz.engine.loop.loop import Loop
from nnviz.engine.loop.parameters import OneVector
from nnviz.engine.loop.session import Session
from nnviz.engine.loop.shuffle import order
from nnviz.engine.network import regularization as penalty
from nnviz.engine.network.stateless_random import Moment, drawing
from nnviz.engine.network.weight_names import names, numbered
from nnviz.errors import RequestError

NEVER = 2**31 - 1
MOST_ROWS = 32
MOST_INPUTS = 6


@dataclass(frozen=True, kw_only=True)
class StepStory:
    """What step `step` (from 0) did. `rows` (b,) int: the numbers of the batch's rows; `inputs` float32 (b, ...); `targets`
    (b,) class numbers or (b, t) numbers; `answers` the same, by the network as it was trained on them (dropout on);
    `costs` float32 (b,): each row's own, `weighted` by its class; `loss` their mean, `penalty` of the regularizers, `accuracy`
    None for numbers.

    `variable`, `shape`, `index`: which weight; `gradient` of loss and penalty by it, `before` and `after` its value,
    `rate` that was used. `slots`: by symbol, what the optimizer keeps for it, before and after. `update`: which update of
    the optimizer this is, from 1. `lines`: its formula worked out in float64 from the numbers before the step: the last one
    gives `after` to the precision of float32; `average`: those of the moving average. `quantities`: the other ones in the
    lines, by name, with what they are (empty for the optimizer's own parameters)."""

    step: int
    epoch: int
    batch: int
    batches: int
    rows: tuple[int, ...]
    inputs: NDArray[np.float32]
    targets: NDArray[Any]
    answers: NDArray[Any]
    costs: NDArray[np.float32]
    loss: float
    penalty: float
    accuracy: float | None
    weighted: bool
    columns: tuple[str, ...]
    classes: tuple[str, ...]
    cost: str
    optimizer: str
    variable: str
    shape: tuple[int, ...]
    index: tuple[int, ...]
    gradient: float
    before: float
    after: float
    rate: float
    update: int
    slots: dict[str, tuple[float, float]]
    lines: tuple[Reckoned, ...]
    average: tuple[Reckoned, ...]
    quantities: dict[str, tuple[float, str]]

    def to_json(self) -> dict[str, Any]:
        """A few hundred numbers: of a large batch the first 32 rows, of a wide row the first 6 inputs, and how many there are
        (`count`, `width`). What is no finite number is null."""
        first_rows = slice(MOST_ROWS)
        flat = self.inputs.reshape(len(self.costs), -1)
        return {
            **{
                name: getattr(self, name)
                for name in ("step", "epoch", "batch", "batches", "cost", "optimizer", "variable", "update", "weighted")
            },
            **{
                name: _plain(getattr(self, name))
                for name in ("loss", "penalty", "accuracy", "gradient", "before", "after", "rate")
            },
            "count": len(self.costs),
            "width": flat.shape[1],
            "rows": list(self.rows[first_rows]),
            "inputs": _plain(flat[first_rows, :MOST_INPUTS]),
            "targets": _plain(self.targets[first_rows]),
            "answers": _plain(self.answers[first_rows]),
            "costs": _plain(self.costs[first_rows]),
            "columns": list(self.columns[:MOST_INPUTS]),
            "classes": list(self.classes[:1000]),
            "shape": list(self.shape),
            "index": list(self.index),
            "slots": {name: _plain(pair) for name, pair in self.slots.items()},
            "lines": [line._asdict() | {"value": _plain(line.value)} for line in self.lines],
            "average": [line._asdict() | {"value": _plain(line.value)} for line in self.average],
            "given": {name: {"value": _plain(value), "sense": sense} for name, (value, sense) in self.quantities.items()},
        }


def explain(
    session: Session,
    x: Any,
    y: Any,
    *,
    step: int,
    seed: int,
    rate: float,
    variable: str | int = 0,
    index: tuple[int, ...] | None = None,
    rows: Any = None,
) -> StepStory:
    """What step `step` (from 0) does to a network: `session` holds weights and optimizer as they are before it, and does so
    again afterwards. The step is made by the session's own loop, and what it left is read.

    `x`, `y`: the training rows; `rows`: their numbers in the file, else from 0. `rate`: the optimizer's, before a schedule.
    `variable`: a name of `names(session.network)` or its number; `index`: the place in it, else that of the largest
    gradient. Raises RequestError for a variable or place that is not there, and for rows of another count."""
    loop, network = session.loop, session.network
    place = numbered(network, variable)
    if len(y) != loop.rows or step < 0:
        raise RequestError(f"this network trains on {loop.rows} rows from step 0 on; got {len(y)} rows and step {step}")
    if index is not None:
        _check(index, tuple(network.trainable_variables[place].shape))
    number = loop.calendar.epoch(step)
    batch = step - loop.calendar.step(number)
    picked = order(seed, number, loop.rows)[batch * loop.batch : (batch + 1) * loop.batch]
    inputs, targets = np.asarray(x[picked], np.float32), np.asarray(y[picked])
    state = _state(session)
    try:
        costs, logits, penalized, gradients = _look(session)(inputs, targets, seed=seed, step=step)
        _restore(session, state)
        weights = [variable.numpy() for variable in network.trainable_variables]
        at = tuple(int(one) for one in index) if index is not None else _largest(gradients[place])
        before = _slots(loop, place)
        iteration = int(loop.optimizer._iterations.numpy())
        every = loop.optimizer.gradient_accumulation_steps or 1
        shared = _shared(loop, gradients, iteration)
        chunk = loop.run(step, step + 1, seed=seed, rate=rate, record_every=NEVER)
        after = _slots(loop, place)
        weight = float(network.trainable_variables[place].numpy()[at])
    finally:
        _restore(session, state)
    used = float(np.float32(rate) if chunk.rate is None else chunk.rate[0])
    plan = _plan(loop, network.trainable_variables[place], place, due=(iteration + 1) % every == 0)
    values = shared | {"w": weights[place], "g": gradients[place], "lr": used} | {name: before[name] for name in plan.slots}
    lines, average, quantities = _evaluated(plan, values, at, network.trainable_variables[place].constraint)
    regression = network.cost.task == "regression"
    return StepStory(
        step=step,
        epoch=number,
        batch=batch,
        batches=loop.steps_per_epoch,
        rows=tuple(int(row) for row in (picked if rows is None else np.asarray(rows)[picked])),
        inputs=inputs,
        targets=targets,
        answers=np.asarray(network.cost.transform(logits) if regression else network.cost.picked(logits)),
        costs=costs,
        loss=float(chunk.loss[0]),
        penalty=penalized,
        accuracy=None if regression else float(chunk.right[0]),
        weighted=network.cost.class_weight is not None,
        columns=tuple(getattr(session.prepared, "columns", ())),
        classes=tuple(session.prepared.classes),
        cost=network.cost.kind,
        optimizer=loop.spec.kind,
        variable=names(network)[place],
        shape=weights[place].shape,
        index=at,
        gradient=float(gradients[place][at]),
        before=float(weights[place][at]),
        after=weight,
        rate=used,
        update=iteration // every + 1,
        slots={name: (_at(before[name], at), _at(after[name], at)) for name in plan.slots},
        lines=tuple(lines),
        average=tuple(average),
        quantities=quantities,
    )


class _Look:
    """The first half of the loop's step, under the same compiler with the same random numbers: what it does not give back."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self._function = tf.function(self._costs, jit_compile=loop._xla, autograph=False)

    def __call__(
        self, x: NDArray[np.float32], y: NDArray[Any], *, seed: int, step: int
    ) -> tuple[NDArray[np.float32], Any, float, list[NDArray[np.float32]]]:
        """For the rows of a batch their costs (b,) and raw outputs, the penalty, the gradients by variable."""
        count, missing = len(y), self.loop.batch - len(y)
        self.loop.parameters.load()
        # A short batch is filled up with its first row, which weighs nothing, as the loop does it.
        filled = np.concatenate([np.arange(count), np.zeros(missing, int)])
        costs, logits, penalized, gradients = self._function(
            tf.constant(x[filled]),
            tf.constant(y[filled]),
            tf.constant(count, tf.int32),
            tf.constant(seed, tf.int64),
            tf.constant(step, tf.int64),
            tf.constant(self.loop.live.vector),
        )
        return (costs.numpy()[:count], logits[:count], float(penalized), [gradient.numpy() for gradient in gradients])

    def _costs(self, x: Any, y: Any, count: Any, seed: Any, step: Any, live: Any) -> Any:
        loop, network = self.loop, self.loop.network
        mask = None if loop._even else tf.cast(tf.range(loop.batch) < count, tf.float32)
        values = loop.parameters.values()
        with (
            loop.live.used(live),
            tf.GradientTape(watch_accessed_variables=False) as tape,
            loop.parameters.used(values),
            drawing(xla=loop._xla),
        ):
            tape.watch(values)
            logits = network.logits(x, training=True, at=Moment(seed, step), mask=mask)
            each = network.cost.calculate(y, logits, reduction="none")
            held = tf.convert_to_tensor(penalty.penalty(network) if penalty.has_any(network) else 0.0)
            aim = tf.reduce_sum(each if mask is None else each * mask) / tf.cast(count, tf.float32) + held
        return each, logits, held, [tf.convert_to_tensor(gradient) for gradient in tape.gradient(aim, values)]


_LOOKS: WeakKeyDictionary[Session, _Look] = WeakKeyDictionary()


def _look(session: Session) -> _Look:
    """Compiled once a session: the next step is told at once."""
    if session not in _LOOKS:
        _LOOKS[session] = _Look(session.loop)
    return _LOOKS[session]


State = tuple[list[NDArray[Any]], list[NDArray[Any]]]


def _state(session: Session) -> State:
    return session.network.values, [np.array(variable.numpy()) for variable in session.loop.optimizer.variables]


def _restore(session: Session, state: State) -> None:
    session.network.values = state[0]
    for variable, value in zip(session.loop.optimizer.variables, state[1], strict=True):
        variable.assign(value)
    session.loop.parameters.load()


def _slots(loop: Loop, place: int) -> dict[str, Any]:
    """What the optimizer keeps for a variable, by symbol, each in the variable's shape or one that broadcasts to it."""
    slots = {}
    shape = tuple(loop.network.trainable_variables[place].shape)
    for symbol, attribute in _plan(loop, loop.network.trainable_variables[place], place, due=True).slots.items():
        slot = getattr(loop.optimizer, attribute)
        if not isinstance(slot, list):
            slots[symbol] = slot.numpy()
            continue
        array = _of_variable(loop, slot, place)
        # Means over rows or columns lack that axis.
        slots[symbol] = np.expand_dims(array, -1 if symbol == "r" else -2) if array.ndim < len(shape) else array
    return slots


def _of_variable(loop: Loop, variables: list[Any], place: int) -> NDArray[np.float32]:
    if not isinstance(loop.parameters, OneVector):
        return np.asarray(variables[place].numpy())
    shapes = [tuple(variable.shape) for variable in loop.network.trainable_variables]
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    return np.asarray(np.split(variables[0].numpy(), ends[:-1])[place].reshape(shapes[place]))


def _plan(loop: Loop, variable: Any, place: int, *, due: bool) -> Update:
    velocities = getattr(loop.optimizer, "adam_velocities", None)
    return update(
        loop.spec.kind,
        loop.spec.params,
        dimensions=len(variable.shape),
        due=due,
        matrix=velocities is None or velocities[place] is None,
        constrained=variable.constraint is not None,
    )


def _shared(loop: Loop, gradients: list[Any], iteration: int) -> dict[str, Any]:
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


def _evaluated(
    plan: Update, values: dict[str, Any], at: tuple[int, ...], constraint: Any
) -> tuple[list[Reckoned], list[Reckoned], dict[str, tuple[float, str]]]:
    values = values | {"longer": max(np.shape(values["w"]), default=1)}
    if not plan.is_whole:
        # Then no other weight matters.
        values, at = {name: _at(value, at) for name, value in values.items()}, ()

    def held(weights: Any) -> Any:
        return np.asarray(constraint(tf.constant(weights, tf.float32)), np.float64)

    lines, known = reckon(plan.lines, values, at=at, constraint=held)
    average, _ = reckon(plan.average, known, at=at)
    formulas = " ".join(line.formula for line in [*lines, *average])
    words = set(formulas.replace("(", " ").replace(")", " ").replace(",", " ").replace("-", " ").split())
    quantities = {
        name: (_at(values[name], at), QUANTITIES.get(name, ""))
        for name in dict.fromkeys(("lr", "t", *values))
        if name in words and name not in plan.slots and name not in ("g", "w")
    }
    return lines, average, quantities


def _at(value: Any, at: tuple[int, ...]) -> float:
    array = np.asarray(value)
    if not array.ndim:
        return float(array)
    return float(array[tuple(0 if size == 1 else place for size, place in zip(array.shape, at, strict=True))])


def _largest(gradient: NDArray[np.float32]) -> tuple[int, ...]:
    flat = int(np.argmax(np.abs(np.nan_to_num(gradient))))
    return tuple(int(place) for place in np.unravel_index(flat, gradient.shape))


def _check(index: tuple[int, ...], shape: tuple[int, ...]) -> None:
    if len(index) != len(shape) or not all(0 <= place < size for place, size in zip(index, shape, strict=True)):
        raise RequestError(
            f"there is no weight at {tuple(index)}", where="index", remedy=f"The array has the shape {shape}; count from 0."
        )


def _plain(value: Any) -> Any:
    """As JSON has it: numbers as floats, arrays and pairs as lists."""
    if value is None:
        return None
    array = np.asarray(value)
    if array.ndim:
        return [_plain(inner) for inner in array]
    if array.dtype.kind in "iu":
        return int(array)
    return float(array) if np.isfinite(array) else None
