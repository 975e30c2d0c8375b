"""One step, explained: the batch, each row's own cost, and what the optimizer made of one weight, in numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.loop.session import Session
from nnviz.engine.loop.shuffle import order
from nnviz.engine.network.network import Network, frozen_of
from nnviz.engine.network.weight_names import names, numbered
from nnviz.engine.training import batch_gradients
from nnviz.engine.training.step_story import StepStory
from nnviz.engine.training.update_lines import entry_at, evaluated, plan_of, shared_quantities, slots_of
from nnviz.errors import RequestError

NEVER = 2**31 - 1


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
    before_it = state_of(session)
    try:
        costs, logits, penalized, gradients = batch_gradients.of(session)(inputs, targets, seed=seed, step=step)
        restore(session, before_it)
        weights = [variable.numpy() for variable in network.trainable_variables]
        at = tuple(int(one) for one in index) if index is not None else _largest(gradients[place])
        _check_trained(network, place, at)
        before = slots_of(loop, place)
        iteration = int(loop.optimizer._iterations.numpy())
        every = loop.optimizer.gradient_accumulation_steps or 1
        shared = shared_quantities(loop, gradients, iteration)
        chunk = loop.run(step, step + 1, seed=seed, rate=rate, record_every=NEVER)
        after = slots_of(loop, place)
        weight = float(network.trainable_variables[place].numpy()[at])
    finally:
        restore(session, before_it)
    used = float(np.float32(rate) if chunk.rate is None else chunk.rate[0])
    plan = plan_of(loop, network.trainable_variables[place], place, due=(iteration + 1) % every == 0)
    values = shared | {"w": weights[place], "g": gradients[place], "lr": used} | {name: before[name] for name in plan.slots}
    lines, average, quantities = evaluated(plan, values, at, network.trainable_variables[place].constraint)
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
        cost=network.cost.kind,
        optimizer=loop.spec.kind,
        variable=names(network)[place],
        index=at,
        gradient=float(gradients[place][at]),
        before=float(weights[place][at]),
        after=weight,
        rate=used,
        update=iteration // every + 1,
        slots={name: (entry_at(before[name], at), entry_at(after[name], at)) for name in plan.slots},
        lines=tuple(lines),
        average=tuple(average),
        quantities=quantities,
    )


Snapshot = tuple[list[NDArray[Any]], list[NDArray[Any]]]


def state_of(session: Session) -> Snapshot:
    """Copies of weights and of the optimizer's numbers."""
    return session.network.values, [np.array(variable.numpy()) for variable in session.loop.optimizer.variables]


def restore(session: Session, state: Snapshot) -> None:
    """Puts them back."""
    session.network.values = state[0]
    for variable, value in zip(session.loop.optimizer.variables, state[1], strict=True):
        variable.assign(value)
    session.loop.parameters.load()


def _largest(gradient: NDArray[np.float32]) -> tuple[int, ...]:
    flat = int(np.argmax(np.abs(np.nan_to_num(gradient))))
    return tuple(int(place) for place in np.unravel_index(flat, gradient.shape))


def _check_trained(network: Network, place: int, at: tuple[int, ...]) -> None:
    frozen = frozen_of(network, network.trainable_variables[place])
    if frozen is not None and frozen[at]:
        raise RequestError(
            "this weight's unit is switched off, so the step leaves the weight as it is",
            where="index",
            remedy="Choose a weight of another unit, or switch the unit on again.",
        )


def _check(index: tuple[int, ...], shape: tuple[int, ...]) -> None:
    if len(index) != len(shape) or not all(0 <= place < size for place, size in zip(index, shape, strict=True)):
        raise RequestError(
            f"there is no weight at {tuple(index)}", where="index", remedy=f"The array has the shape {shape}; count from 0."
        )
