"""A branch: a training that goes on from another one's state, with something changed.

What the two have in common carries over: weights of layers of the same shapes in the same order, and what the optimizer
remembers of them where it means the same. What does not is fresh, and `notes` say so."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from nnviz.engine.loop import optimizers, parameters
from nnviz.engine.loop.epochs import Calendar
from nnviz.engine.loop.optimizer_state import OptimizerSlots, transfer
from nnviz.engine.loop.session import Session, form
from nnviz.engine.loop.state import State, fit
from nnviz.engine.network.blocks import Block
from nnviz.engine.network.network import Network, build
from nnviz.engine.network.weight_names import names
from nnviz.engine.records import PreparedLike
from nnviz.engine.training.recompile import BATCH_SIZE
from nnviz.errors import SpecError
from nnviz.spec import RunSpec, changes
from nnviz.spec.by_hand import is_switch, place_of, words as by_hand_words


@dataclass(frozen=True, kw_only=True)
class Branched:
    """`state`: what the branch starts from; `notes`: what did not carry over as it was, in words."""

    state: State
    notes: tuple[str, ...]


def branch(
    state: State,
    *,
    parent: RunSpec,
    spec: RunSpec,
    prepared: PreparedLike,
    rows: int | None = None,
    session: Session | None = None,
) -> Branched:
    """The state from which a training of `spec` goes on, made of a `state` of one of `parent`. The data must have the shape,
    task and outputs of the parent's, which was trained on `rows` rows (default: as many as there are now). A `session` of
    `spec`, if there is one, saves building.

    With nothing changed but the number of epochs it is that very state, so all that follows is bit-identical. Else early
    stopping, the best weights and a plateau's patience count anew. Where an epoch has another number of steps, it begins at
    the start of the epoch in which the state was, and counts its steps by the new batches.

    Raises SpecError where no weights fit or no epoch is left to do; RunError for a state that is not the parent's."""
    if session is None or session.form != form(spec, prepared):
        session = Session(spec, prepared)
    session.begin(spec, prepared)
    network, new, notes = session.network, OptimizerSlots(session.loop.optimizer, session.loop.parameters), list[str]()
    before, old = network, new
    if any(getattr(parent, block) != getattr(spec, block) for block in ("layers", "cost", "optimizer")):
        before = build(
            parent.layers,
            parent.cost,
            task=prepared.task,
            shape=prepared.shape,
            outputs=prepared.outputs,
            seed=parent.training.seed,
        )
        old = _optimizer_slots(before, parent.optimizer)
    fit("weights", state.weights, before.weights)
    fit("optimizer's numbers", state.slots, old.optimizer.variables)

    sources, words = _sources(before, network)
    values_by_id = dict(zip(map(id, before.weights), state.weights, strict=True))
    weights = [
        values_by_id[id(source)] if source is not None else value for source, value in zip(sources, network.values, strict=True)
    ]
    trained = {id(variable): number for number, variable in enumerate(before.trainable_variables)}
    here = {id(variable): (source, value) for variable, source, value in zip(network.weights, sources, weights, strict=True)}
    pairs = [here[id(variable)] for variable in network.trainable_variables]
    slots, forgotten = transfer(
        state.slots,
        old,
        new,
        fresh=session.loop.slots,
        weights=[value for _, value in pairs],
        partners=[trained.get(id(source)) for source, _ in pairs],
    )
    notes += [*words, *forgotten]

    carried = {id(source) for source in sources if source is not None}
    live = _live(state, parent, spec, notes) | _off(state, before, network, carried, notes)
    rows = rows or len(prepared.parts["train"].y)
    calendar = state.calendar(math.ceil(rows / min(parent.training.batch_size, rows)))
    # an epoch that was given another number of steps while the other run trained keeps them, unless the branch says otherwise
    step = state.step if BATCH_SIZE in live else _step(state.step, calendar, spec, session.loop.steps_per_epoch, notes)
    start = replace(state, step=step, weights=weights, slots=slots, live=live)
    if changes(parent, spec):
        start = replace(start, best=None, notes=_memory(state, parent, spec, notes))
    if step != state.step:
        start = replace(start, notes={**start.notes, "calendar": []})
    # weights that were set by hand are in `weights`; the branch counts from its own first one
    remembered = {name: value for name, value in start.notes.items() if name != "weights_seen"}
    return Branched(state=replace(start, notes=remembered), notes=tuple(notes))


class WeightedLayer(NamedTuple):
    """A layer with weights: its path in the spec, what it is, its variables."""

    path: str
    kind: str
    variables: list[Any]

    @property
    def sign(self) -> tuple[Any, ...]:
        return self.kind, *(tuple(variable.shape) for variable in self.variables)


def _optimizer_slots(network: Network, optimizer_spec: Any) -> OptimizerSlots:
    trained, optimizer = parameters.of(network, optimizer_spec), optimizers.make(optimizer_spec)
    optimizer.build(trained.variables)
    return OptimizerSlots(optimizer, trained)


def _sources(before: Network, network: Network) -> tuple[list[Any], list[str]]:
    """For each of `network.weights` the variable of the other network whose values it takes over, or None; and what is
    fresh or left behind, in words. Raises SpecError where nothing fits."""
    old, new = list(_weighted_layers(before)), list(_weighted_layers(network))
    matches = _matches([layer.sign for layer in old], [layer.sign for layer in new])
    if not matches:
        raise SpecError(
            "no layer has weights of the shapes that the other run's layers have",
            where="layers",
            remedy="Keep one of its layers with weights, or train anew.",
        )
    sources = {
        id(target): source
        for there, here in matches
        for source, target in zip(old[there].variables, new[here].variables, strict=True)
    }
    fresh = [layer.path for number, layer in enumerate(new) if number not in [here for _, here in matches]]
    left = [layer.path for number, layer in enumerate(old) if number not in [there for there, _ in matches]]
    words = [f"Fresh weights: {', '.join(dict.fromkeys(fresh))}"] if fresh else []
    words += [f"Weights of the other run that find no place: {', '.join(dict.fromkeys(left))}"] if left else []
    return [sources.get(id(variable)) for variable in network.weights], words


def _weighted_layers(network: Network) -> Iterator[WeightedLayer]:
    """Layers with weights in their order, those within a block before what the block has of its own, the cost last."""
    yield from _in_list(network.stack, network.paths)
    if network.cost.weights:
        yield WeightedLayer("cost", "cost", list(network.cost.weights))


def _in_list(stack: Sequence[Any], paths: Sequence[str]) -> Iterator[WeightedLayer]:
    for layer, path in zip(stack, paths, strict=True):
        own = list(layer.weights)
        if isinstance(layer, Block):
            inner = [each for layers, places in zip(layer.lists, layer.paths, strict=True) for each in _in_list(layers, places)]
            yield from inner
            taken = {id(variable) for each in inner for variable in each.variables}
            own = [variable for variable in own if id(variable) not in taken]
        if own:
            yield WeightedLayer(path, type(layer).__name__, own)


def _matches(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int, int]]:
    """Pairs of equal things in the same order: as many as there can be, and of those the earliest."""
    longest = np.zeros((len(old) + 1, len(new) + 1), np.int64)
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            longest[i, j] = longest[i + 1, j + 1] + 1 if old[i] == new[j] else max(longest[i + 1, j], longest[i, j + 1])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif longest[i + 1, j] > longest[i, j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _step(step: int, before: Calendar, spec: RunSpec, per_epoch: int, notes: list[str]) -> int:
    if before.per_epoch != per_epoch:
        epoch = before.epoch(step)
        rest = step - before.step(epoch)
        notes.append(
            f"An epoch has {per_epoch:,} steps now, not {before.per_epoch:,}: it begins with epoch {epoch + 1:,}, at "
            f"step {epoch * per_epoch:,} counted by the new batches"
            + (f"; {rest:,} steps of that epoch had been done" if rest else "")
        )
        step = epoch * per_epoch
    if step >= spec.training.epochs * per_epoch:
        raise SpecError(
            f"the branch begins at epoch {step / per_epoch:g}, and {spec.training.epochs:,} are planned in all",
            where="training.epochs",
            remedy="Epochs count from the other run's start: plan more of them.",
        )
    return step


def _live(state: State, parent: RunSpec, spec: RunSpec, notes: list[str]) -> dict[str, float]:
    """Settings that were changed while the other run trained hold on, unless the branch's spec says otherwise."""
    changed = changes(parent, spec)
    has_moved = any(path.startswith("layers") and path.endswith("kind") for path in changed)
    live = {}
    for name, value in state.live.items():
        if is_switch(name):
            continue
        block = name.partition(".")[0].partition("[")[0]
        if (block == "layers" and has_moved) or f"{block}.kind" in changed:
            notes.append(f"{name} was changed to {value:g} while the other run trained: this branch starts from its own settings")
        elif name not in changed:
            live[name] = value
            notes.append(f"{name} stays at {value:g}, as it was changed while the other run trained")
    return live


def _off(state: State, before: Network, network: Network, carried: set[int], notes: list[str]) -> dict[str, float]:
    """Units that were off stay so where the branch has their weights under the same name."""
    old, new = (dict(zip(names(one), one.trainable_variables, strict=True)) for one in (before, network))
    off = {}
    for name in state.off:
        place = place_of(name)
        own = [] if place is None else [array for array in old if array.startswith(f"{place.path}.")]
        shapes_fit = all(array in new and new[array].shape == old[array].shape and id(old[array]) in carried for array in own)
        if place is None or not own or not shapes_fit:
            notes.append(f"{by_hand_words(name)} was switched off in the other run: it is on here")
            continue
        off[name] = 0.0
        notes.append(f"{by_hand_words(name)} stays switched off")
    return off


def _memory(state: State, parent: RunSpec, spec: RunSpec, notes: list[str]) -> dict[str, Any]:
    """What early stopping and the plateau rule start with in a branch that differs."""
    plateau = state.notes["plateau"] if parent.optimizer == spec.optimizer else None
    if spec.training.keep == "best" or spec.training.early_stopping is not None:
        notes.append("The best epoch is looked for anew")
    if plateau is not None:
        notes.append(f"The plateau rule goes on with the rate {plateau[0]:g}, its patience anew")
    return dict(state.notes) | {
        "waited": 0,
        "best": None,
        "record": None,
        "plateau": None if plateau is None else [plateau[0], math.inf, 0, 0],
    }
