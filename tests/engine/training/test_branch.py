"""Branches: nothing changed gives the parent's bits; what is changed acts from that very step on; what cannot carry over
starts fresh and is told."""

import itertools

import keras
import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.loop import optimizers, parameters
from nnviz.engine.loop.optimizer_state import OptimizerSlots, transfer
from nnviz.engine.loop.state import State
from nnviz.engine.training.branch import _matches
from nnviz.errors import RunError, SpecError
from nnviz.spec import RunSpec
from tests.engine.loop.test_state import IMAGES, through
from tests.engine.support import prepared, same, spec

DENSE = [{"kind": "Dense", "units": 6, "activation": "relu"}, {"kind": "BatchNormalization"}, {"kind": "Dropout", "rate": 0.3}]
ADAM = {"kind": "Adam", "learning_rate": 0.02}
PARENT = spec(DENSE, epochs=6, optimizer=ADAM)


def losses(run_spec: RunSpec, data: object, state: State | None = None) -> tuple[engine.Result, dict[int, float]]:
    """The result, and the running loss of each step from 1 on."""
    by_step: dict[int, float] = {}

    def report(progress: engine.Progress) -> None:
        for place, value in enumerate(progress.steps.get("batch_loss", ()), start=progress.first_step + 1):
            by_step[place] = float(value)

    return engine.train(run_spec, data, on_progress=report, frames=False, state=state), by_step


@pytest.fixture(scope="module")
def dense():
    data = prepared()
    whole, states = through(PARENT, data, stop_after=10**9)
    return data, whole, {state.step: state for state in states}


def branched(state: State, run_spec: RunSpec, data: object, *, parent: RunSpec = PARENT) -> engine.Branched:
    return engine.branch(state, parent=parent, spec=run_spec, prepared=data)


@pytest.mark.parametrize("at", [7, 9])  # in the middle of an epoch of three steps, and at the end of one
def test_with_nothing_changed_it_is_its_parent_from_there_on(dense, at):
    data, whole, states = dense
    start = branched(states[at], PARENT, data)
    assert start.notes == ()
    assert start.state.to_bytes() == states[at].to_bytes()
    again, mine = losses(PARENT, data, start.state)
    _, theirs = losses(PARENT, data)
    assert same(again.weights, whole.weights)
    assert again.metrics == whole.metrics
    assert mine == {step: value for step, value in theirs.items() if step > at}


def test_with_nothing_changed_images_with_augmentation_and_normalization_are_the_same_too():
    run_spec = spec(IMAGES, epochs=3, optimizer={"kind": "Adam", "learning_rate": 0.01})
    data = prepared(shape=(8, 8, 1))
    whole, _ = through(run_spec, data, stop_after=10**9)
    _, states = through(run_spec, data, stop_after=4)
    start = branched(states[-1], run_spec, data, parent=run_spec)
    again, _ = through(run_spec, data, stop_after=10**9, state=start.state)
    assert same(again.weights, whole.weights)


def test_another_rate_differs_from_exactly_that_step_on(dense):
    data, _, states = dense
    other = PARENT.with_("optimizer.learning_rate", 0.5)
    start = branched(states[7], other, data)
    _, mine = losses(other, data, start.state)
    _, theirs = losses(PARENT, data)
    # the eighth step's loss is of the weights before it, so the ninth is the first that can differ
    assert mine[8] == theirs[8]
    assert mine[9] != theirs[9]
    assert min(mine) == 8
    assert max(mine) == max(theirs) == 18


def test_what_is_added_without_weights_disturbs_nothing_and_what_has_weights_is_fresh(dense):
    data, _, states = dense
    with_dropout = spec([*DENSE, {"kind": "Dropout", "rate": 0.1}], epochs=6, optimizer=ADAM)
    start = branched(states[9], with_dropout, data)
    assert start.notes == ()
    assert same(start.state.weights, states[9].weights)
    assert same(start.state.slots, states[9].slots)
    deeper = spec([*DENSE, {"kind": "Dense", "units": 5}], epochs=6, optimizer=ADAM)
    start = branched(states[9], deeper, data)
    session = engine.Session(deeper, data)
    session.network.values = start.state.weights
    old = engine.Session(PARENT, data).network
    old.values = states[9].weights
    assert same([v.numpy() for v in session.network.stack[0].weights], [v.numpy() for v in old.stack[0].weights])
    assert same([v.numpy() for v in session.network.stack[1].weights], [v.numpy() for v in old.stack[1].weights])
    assert "layers[3], cost" in start.notes[0]
    assert any("trains weights that were not trained before" in note for note in start.notes)
    assert same(start.state.slots, session.loop.slots)
    _, mine = losses(deeper, data, start.state)
    assert np.isfinite(list(mine.values())).all()


def test_frozen_layers_keep_their_weights_and_the_others_their_moments(dense):
    data, _, states = dense
    frozen = PARENT.with_("layers[0].trainable", False)
    start = branched(states[9], frozen, data)
    assert start.notes == ()
    session = engine.Session(frozen, data)
    kernel = next(
        number for number, variable in enumerate(session.network.weights) if variable is session.network.stack[0].kernel
    )
    result, _ = losses(frozen, data, start.state)
    assert np.array_equal(result.weights[kernel], start.state.weights[kernel])
    # the vector of moments has lost what belongs to the frozen layer (3 * 6 + 6 numbers), and nothing else
    assert start.state.slots[0] == 9
    assert same(start.state.slots[2:], [slot[24:] for slot in states[9].slots[2:]])


def test_slots_as_one_vector_and_apart_are_turned_into_each_other(dense):
    data, _, states = dense
    apart = PARENT.with_("optimizer", ADAM | {"clipnorm": 5.0})
    there = branched(states[9], apart, data)
    assert there.notes == ()
    assert len(there.state.slots) > len(states[9].slots)
    back = branched(there.state, PARENT, data, parent=apart)
    assert same(back.state.slots, states[9].slots)
    # a norm so large clips nothing: the same numbers as without, but for how they are rounded
    clipped, _ = losses(apart, data, there.state)
    plain, _ = losses(PARENT, data, states[9])
    assert all(np.allclose(a, b, rtol=1e-3, atol=1e-4) for a, b in zip(clipped.weights, plain.weights, strict=True))


def test_another_optimizer_starts_with_nothing_remembered(dense):
    data, _, states = dense
    other = PARENT.with_("optimizer", {"kind": "RMSprop", "learning_rate": 0.01})
    start = branched(states[9], other, data)
    assert "what Adam remembers means something else to RMSprop" in start.notes[0]
    assert same(start.state.weights, states[9].weights)
    assert same(start.state.slots, engine.Session(other, data).loop.slots)


def slots_of(kind: str, *, one: bool = False, **options: object) -> OptimizerSlots:
    layers = [{"kind": "Dense", "units": 4}]
    network = engine.build(
        RunSpec.parse(spec(layers).to_json()).layers, spec().cost, task="classification", shape=(3,), outputs=2
    )
    optimizer_spec = spec(optimizer={"kind": kind} | options).optimizer
    form = parameters.FlatVector(network) if one else parameters.PerVariable(network)
    optimizer = optimizers.make(optimizer_spec)
    optimizer.build(form.variables)
    return OptimizerSlots(optimizer, form)


def numbered(optimizer_slots: OptimizerSlots) -> list[np.ndarray]:
    """Slots that are all different."""
    count = itertools.count(1)
    return [
        np.reshape([next(count) for _ in range(max(1, int(np.prod(v.shape))))], v.shape).astype(v.dtype)
        for v in optimizer_slots.optimizer.variables
    ]


@pytest.mark.parametrize(
    "kind",
    [
        "SGD",
        "Momentum",
        "RMSprop",
        "Adam",
        "AdamW",
        "Nadam",
        "Adamax",
        "Adagrad",
        "Adadelta",
        "Ftrl",
        "Lion",
        "AMSGrad",
        "Lamb",
        "Adafactor",
        "Muon",
    ],
)
def test_every_optimizer_carries_all_that_it_remembers(kind):
    old, new = slots_of(kind), slots_of(kind)
    slots = numbered(old)
    carried_slots, notes = transfer(slots, old, new, partners=[0, 1, 2, 3], weights=[], fresh=[v * 0 for v in slots])
    assert notes == []
    assert same(carried_slots, slots)


def test_memories_that_mean_the_same_or_not():
    def go(old, new):
        slots = numbered(old)
        fresh = [np.zeros(v.shape, v.dtype) for v in new.optimizer.variables]
        weights = [np.full(v.shape, 7, np.float32) for v in new.form.network.trainable_variables]
        return slots, *transfer(slots, old, new, partners=[0, 1, 2, 3], weights=weights, fresh=fresh), new

    slots, carried_slots, notes, _ = go(slots_of("Adam"), slots_of("AdamW"))
    assert notes == []
    assert same(carried_slots[2:], slots[2:])
    slots, carried_slots, notes, new = go(slots_of("SGD"), slots_of("Momentum"))
    assert "momentums" in notes[0]
    assert not any(value.any() for value in carried_slots[2:])
    # one vector, read by Keras's own list of variables
    slots, carried_slots, notes, new = go(slots_of("Adam"), slots_of("Adam", one=True))
    by_name = {v.name: value for v, value in zip(new.optimizer.variables, carried_slots, strict=True)}
    moments = [value for v, value in zip(slots_of("Adam").optimizer.variables, slots, strict=True) if v.name.endswith("momentum")]
    assert np.array_equal(by_name["parameters_momentum"], np.concatenate([value.ravel() for value in moments]))
    # Keras counts calls: ten updates are thirty calls where three gradients are gathered for each
    old, new = slots_of("Adam"), slots_of("Adam", gradient_accumulation_steps=3)
    slots = numbered(old)
    slots[0] = np.asarray(10, slots[0].dtype)
    fresh = [np.zeros(v.shape, v.dtype) for v in new.optimizer.variables]
    carried_slots, notes = transfer(slots, old, new, partners=[0, 1, 2, 3], weights=[], fresh=fresh)
    assert carried_slots[0] == 30
    assert notes == ["Gradients are gathered anew"]
    # a moving average that begins at zero would pull the weights there
    _, carried_slots, notes, new = go(slots_of("Adam"), slots_of("Adam", use_ema=True))
    average = [number for number in new.each["_model_variables_moving_average"] if number is not None]
    assert all((carried_slots[number] == 7).all() for number in average)
    assert "moving average starts at the weights" in notes[0]
    assert isinstance(new.optimizer, keras.optimizers.Adam)


def test_other_batches_begin_at_the_start_of_the_epoch(dense):
    data, _, states = dense
    other = PARENT.with_("training.batch_size", 4)  # 22 rows: six steps an epoch instead of three
    start = branched(states[8], other, data)
    assert start.state.step == 12
    assert "6 steps now, not 3" in start.notes[0]
    assert "2 steps of that epoch had been done" in start.notes[0]
    result, mine = losses(other, data, start.state)
    assert (min(mine), max(mine), result.epochs) == (13, 36, 6)
    more = prepared(train=50)
    assert branched(states[9], PARENT.with_("data.samples", 60), more).state.step == 21


def test_the_best_epoch_is_looked_for_anew_unless_nothing_changed():
    run_spec = spec(
        epochs=9,
        keep="best",
        early_stopping={"patience": 4},
        optimizer={"kind": "SGD", "learning_rate": 0.9, "momentum": 0.9, "schedule": {"kind": "ReduceOnPlateau", "patience": 1}},
    )
    data = prepared()
    _, states = through(run_spec, data, stop_after=10**9)
    state = states[-1]
    assert state.notes["best"] is not None
    longer = run_spec.with_("training.epochs", 30)
    assert branched(state, longer, data, parent=run_spec).state.to_bytes() == state.to_bytes()
    other = longer.with_("training.seed", 5)
    start = branched(state, other, data, parent=run_spec)
    assert (start.state.best, start.state.notes["best"], start.state.notes["waited"]) == (None, None, 0)
    assert start.state.notes["plateau"][0] == state.notes["plateau"][0]  # the rate it had come to
    assert "best epoch is looked for anew" in " ".join(start.notes)
    losses(other, data, start.state)


def test_settings_changed_live_hold_on_unless_the_branch_says_otherwise(dense):
    data, _, states = dense
    state = State.from_bytes(states[9].to_bytes())
    live = {"optimizer.learning_rate": 0.05, "layers[2].rate": 0.6}
    state = State(step=9, weights=state.weights, slots=state.slots, live=live, notes=state.notes)
    assert branched(state, PARENT, data).state.live == live
    assert branched(state, PARENT.with_("optimizer.learning_rate", 0.1), data).state.live == {"layers[2].rate": 0.6}
    moved = spec([{"kind": "GaussianNoise", "stddev": 0.1}, *DENSE], epochs=6, optimizer=ADAM)
    start = branched(state, moved, data)
    assert start.state.live == {"optimizer.learning_rate": 0.05}
    assert any("layers[2].rate was changed to 0.6" in note for note in start.notes)


def test_what_cannot_be_is_refused_in_words(dense):
    data, _, states = dense
    with pytest.raises(SpecError, match="begins at epoch 3, and 3 are planned") as caught:
        branched(states[9], PARENT.with_("training.epochs", 3), data)
    assert caught.value.where == "training.epochs"
    with pytest.raises(SpecError, match="no layer has weights of the shapes") as caught:
        branched(states[9], spec([{"kind": "Dense", "units": 17}], epochs=6, optimizer=ADAM), data)
    assert caught.value.where == "layers"
    with pytest.raises(RunError, match="shapes"):
        branched(states[9], PARENT, data, parent=spec([{"kind": "Dense", "units": 9}], epochs=6))


def test_matches_are_as_many_as_can_be_in_order():
    assert _matches("abcd", "abcd") == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert _matches("abbd", "axbd") == [(0, 0), (1, 2), (3, 3)]
    assert _matches("abc", "cab") == [(0, 1), (1, 2)]
    assert _matches("ab", "xy") == []
