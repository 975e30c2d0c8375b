"""What an optimizer remembers, told by what it is and of which variable: so that one optimizer can take over from another.

Keras keeps it as a flat list; the engine has the parameters as one vector or one by one (see `parameters.py`), so the same
moments may stand there in either form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import keras
import numpy as np

from nnviz.catalog.updates import remembered_as
from nnviz.engine.loop.loop import Loop
from nnviz.engine.loop.parameters import FlatVector, PerVariable
from nnviz.engine.network.network import Weights
from nnviz.errors import SpecError

COUNT, SUMS, AVERAGE = "_iterations", "_accumulated_gradients", "_model_variables_moving_average"
"""Keras's names: of the calls so far, of gradients that wait to be applied, of the moving average of the weights."""
_NOT_REMEMBERED = frozenset({"_variables", "_trainable_variables"})


@dataclass(frozen=True)
class Memory:
    """`each`: by name, one array for each trained variable (None where there is none); `alone`: single ones by name."""

    each: Mapping[str, Sequence[np.ndarray | None]]
    alone: Mapping[str, np.ndarray]


class OptimizerSlots:
    """Where in `optimizer.variables` each thing stands. `form`: how the network's parameters are kept."""

    def __init__(self, optimizer: keras.optimizers.Optimizer, form: PerVariable) -> None:
        self.optimizer, self.form = optimizer, form
        self.each: dict[str, list[int | None]] = {}
        self.alone: dict[str, int] = {}
        numbers = {id(variable): number for number, variable in enumerate(optimizer.variables)}
        for name, value in vars(optimizer).items():
            if name in _NOT_REMEMBERED:
                continue
            if isinstance(value, list | tuple):
                indices = [numbers.get(id(item)) for item in value]
                if any(number is not None for number in indices):
                    self.each[name] = indices
            elif id(value) in numbers:
                self.alone[name] = numbers[id(value)]
        self._shapes = [tuple(variable.shape) for variable in form.network.trainable_variables]

    @property
    def meaning(self) -> str:
        """The same for optimizers whose memories mean the same."""
        return remembered_as(type(self.optimizer).__name__)

    @property
    def calls(self) -> int:
        """How many steps make one update: gradients may be gathered over several."""
        return self.optimizer.gradient_accumulation_steps or 1

    def read(self, slots: Weights) -> Memory:
        """`slots` are the values of `optimizer.variables`."""
        each: dict[str, list[np.ndarray | None]] = {}
        for name, numbers in self.each.items():
            if isinstance(self.form, FlatVector):
                cuts = np.cumsum([int(np.prod(shape)) for shape in self._shapes])[:-1]
                parts = np.split(slots[_only(numbers)], cuts)
                each[name] = [part.reshape(shape) for part, shape in zip(parts, self._shapes, strict=True)]
            else:
                each[name] = [None if number is None else slots[number] for number in numbers]
        return Memory(each, {name: slots[number] for name, number in self.alone.items()})

    def write(self, memory: Memory, fresh: Weights) -> Weights | None:
        """Values of `optimizer.variables`: `fresh`, with what `memory` holds in its place. None where one of the variables
        lacks a part that the others have, or has it in another shape."""
        slots = [np.array(value) for value in fresh]
        for name in self.each.keys() & memory.each.keys():
            values, numbers = memory.each[name], self.each[name]
            if isinstance(self.form, FlatVector):
                arrays = [value for value in values if value is not None]
                if [value.shape for value in arrays] != self._shapes:
                    return None
                slots[_only(numbers)] = np.concatenate([value.ravel() for value in arrays])
                continue
            for value, number in zip(values, numbers, strict=True):
                if number is None:
                    continue
                if value is None or value.shape != slots[number].shape:
                    return None
                slots[number] = value
        for name in self.alone.keys() & memory.alone.keys():
            slots[self.alone[name]] = memory.alone[name]
        return slots


def transfer(
    slots: Weights,
    old: OptimizerSlots,
    new: OptimizerSlots,
    *,
    partners: Sequence[int | None],
    weights: Sequence[np.ndarray],
    fresh: Weights,
) -> tuple[Weights, list[str]]:
    """The memory of an optimizer that takes over from another, and what of it did not carry over, in words.

    `partners`: for each trained variable of the new network the number of the trained variable of the old one whose values
    it has, or None; `weights`: those values; `fresh`: what the new optimizer remembers before its first step."""
    begins = "The optimizer starts with nothing remembered: "
    if old.meaning != new.meaning:
        return fresh, [begins + f"what {old.meaning} remembers means something else to {new.meaning}"]
    if any(partner is None for partner in partners):
        return fresh, [begins + "it trains weights that were not trained before"]
    memory, notes = old.read(slots), []
    each = {name: [values[partner] for partner in partners if partner is not None] for name, values in memory.each.items()}
    alone = dict(memory.alone)
    if old.calls != new.calls:
        # Keras counts calls, and one update is as many of them as gradients are gathered.
        alone[COUNT] = (alone[COUNT] // old.calls * new.calls).astype(alone[COUNT].dtype)
        each.pop(SUMS, None)
        notes.append("Gradients are gathered anew")
    if AVERAGE in new.each and AVERAGE not in each:
        each[AVERAGE] = list(weights)
        notes.append("The moving average starts at the weights that are there")
    transferred = new.write(Memory(each, alone), fresh)
    if transferred is None:
        return fresh, [begins + "it keeps other numbers of some weights"]
    added = [
        name.strip("_").replace("_", " ")
        for name in (*new.each, *new.alone)
        if name not in each and name not in alone and name != SUMS
    ]
    return transferred, notes + ([f"The optimizer remembers more than before, from now on: {', '.join(added)}"] if added else [])


def repack(old: Loop, new: Loop) -> Weights:
    """The optimizer's variables of `old` as `new`, for the same weights and settings of the optimizer that keep the same, has
    them: as one vector or apart.

    Raises SpecError where `new` keeps something that `old` does not, or the other way round."""
    here, there = (OptimizerSlots(loop.optimizer, loop.parameters) for loop in (old, new))
    memory = here.read(old.slots)
    is_same = here.each.keys() == there.each.keys() and here.alone.keys() == there.alone.keys()
    slots = there.write(memory, new.slots) if is_same else None
    if slots is None:
        raise SpecError(
            "the optimizer would have to keep other numbers", where="optimizer", remedy="Begin a run with this setting."
        )
    return slots


def _only(numbers: Sequence[int | None]) -> int:
    return next(number for number in numbers if number is not None)
