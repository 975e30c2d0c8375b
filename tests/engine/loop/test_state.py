"""A training that stops and goes on from its state ends with the very weights of one that never stopped."""

import itertools

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.loop.state import State
from nnviz.engine.training.snapshot_policy import SnapshotPolicy
from nnviz.errors import RunError
from nnviz.spec import RunSpec
from tests.engine.support import prepared, same, spec

DENSE = [
    {"kind": "Dense", "units": 6, "activation": "relu", "kernel_regularizer": {"kind": "L2", "l2": 0.01}},
    {"kind": "BatchNormalization"},
    {"kind": "Dropout", "rate": 0.3},
]
IMAGES = [
    {"kind": "RandomTranslation", "height_factor": 0.2, "width_factor": 0.2},
    {"kind": "Conv2D", "filters": 3, "kernel_size": 3, "activation": "relu"},
    {"kind": "BatchNormalization"},
    {"kind": "MaxPooling2D"},
    {"kind": "Flatten"},
    {"kind": "Dropout", "rate": 0.2},
]
CASES = {
    "dense, dropout, normalization": (spec(DENSE, epochs=7), (3,)),
    "images, augmentation": (spec(IMAGES, epochs=4, optimizer={"kind": "Adam", "learning_rate": 0.01}), (8, 8, 1)),
    "averaged, accumulated, best": (
        spec(
            DENSE,
            epochs=8,
            keep="best",
            early_stopping={"patience": 5},
            optimizer={"kind": "Adam", "learning_rate": 0.02, "use_ema": True, "gradient_accumulation_steps": 3},
        ),
        (3,),
    ),
    "plateau": (
        spec(
            epochs=9,
            optimizer={
                "kind": "SGD",
                "learning_rate": 0.9,
                "momentum": 0.9,
                "schedule": {"kind": "ReduceOnPlateau", "patience": 1},
            },
        ),
        (3,),
    ),
    "cosine": (
        spec(
            epochs=6, optimizer={"kind": "RMSprop", "learning_rate": 0.01, "schedule": {"kind": "CosineDecay", "decay_steps": 15}}
        ),
        (3,),
    ),
}


def through(run_spec: RunSpec, data: object, *, stop_after: int, state: State | None = None) -> tuple[engine.Result, list[State]]:
    states: list[State] = []
    done = [0]

    def report(progress: engine.Progress) -> None:
        done[0] = progress.step
        states.extend(State.from_bytes(state.to_bytes()) for state in progress.states)

    result = engine.train(
        run_spec,
        data,
        on_progress=report,
        frames=False,
        state=state,
        keep="all",
        control=lambda: engine.Control(stop=done[0] >= stop_after, pace="step", steps_allowed=stop_after),
    )
    return result, states


@pytest.mark.parametrize("name", CASES)
def test_going_on_from_any_state_gives_the_same_bits(name: str) -> None:
    run_spec, shape = CASES[name]
    data = prepared(shape=shape)
    whole, states = through(run_spec, data, stop_after=10**9)
    if name != "images, augmentation":  # where a state costs a call of its own, time decides which are kept
        assert [state.step for state in states] == list(range(1, whole.steps + 1))
    for state in states[1::5]:
        again, _ = through(run_spec, data, stop_after=10**9, state=state)
        assert same(again.weights, whole.weights)
        assert again.metrics == whole.metrics
        assert again.steps == whole.steps


def test_a_stopped_run_goes_on_as_if_nothing_had_been() -> None:
    run_spec, shape = CASES["dense, dropout, normalization"]
    data = prepared(shape=shape)
    whole, _ = through(run_spec, data, stop_after=10**9)
    stopped, states = through(run_spec, data, stop_after=8)
    assert stopped.status == "stopped"
    assert states[-1].step == stopped.steps
    again, _ = through(run_spec, data, stop_after=10**9, state=states[-1])
    assert same(again.weights, whole.weights)
    longer, _ = through(run_spec.with_("training.epochs", 9), data, stop_after=10**9, state=states[-1])
    planned, _ = through(run_spec.with_("training.epochs", 9), data, stop_after=10**9)
    assert same(longer.weights, planned.weights)


def test_a_state_that_fits_another_network_is_refused() -> None:
    _, states = through(spec(), prepared(), stop_after=1)
    with pytest.raises(RunError, match="shapes"):
        engine.train(spec(DENSE), prepared(), on_progress=lambda progress: None, state=states[0])
    for content in (b"", b"\x80", b"abc", states[0].to_bytes()[:-9]):
        with pytest.raises(RunError):
            State.from_bytes(content)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("optimizer.learning_rate", 0.5),
        ("optimizer.momentum", 0.2),
        ("layers[2].rate", 0.8),
        ("layers[0].kernel_regularizer.l2", 1.0),
    ],
)
def test_a_change_takes_effect_at_its_step_as_if_the_spec_had_said_so(name: str, value: float) -> None:
    optimizer = {"kind": "SGD", "learning_rate": 0.1, "momentum": 0.9}
    run_spec = spec(DENSE, epochs=6, optimizer=optimizer)
    other = run_spec.with_(name.replace(".l2", ".l2"), value)
    data, changes = prepared(), []
    whole, states = through(run_spec, data, stop_after=10**9)
    half = next(state for state in states if state.step == 9)
    done = [0]

    def report(progress: engine.Progress) -> None:
        done[0] = progress.step
        changes.extend(progress.changes)

    changed = engine.train(
        run_spec,
        data,
        on_progress=report,
        frames=False,
        keep="all",
        control=lambda: engine.Control(
            live={name: value} if done[0] >= 9 else {}, pace="step", steps_allowed=10**9 if done[0] >= 9 else 9
        ),
    )
    assert [(change.step, change.name, change.after) for change in changes] == [(9, name, value)]
    # the same numbers as constants of a network built for them, but for how XLA rounds them
    wanted, _ = through(other, data, stop_after=10**9, state=half)
    assert not same(changed.weights, whole.weights)
    assert all(np.allclose(a, b, rtol=1e-4, atol=1e-6) for a, b in zip(changed.weights, wanted.weights, strict=True))


def test_what_cannot_change_is_refused_in_words() -> None:
    changes = []
    engine.train(
        spec(),
        prepared(),
        on_progress=lambda progress: changes.extend(progress.changes),
        frames=False,
        control=lambda: engine.Control(live={"layers[7].rate": 0.5}),
    )
    assert [(change.name, bool(change.refused)) for change in changes] == [("layers[7].rate", True)]


def test_a_paused_training_tells_its_state_and_can_be_parked() -> None:
    seen: list[engine.Progress] = []
    polls = [0]

    def control() -> engine.Control:
        polls[0] += 1
        return engine.Control(pace="step", steps_allowed=3, park=polls[0] > 20)

    result = engine.train(spec(), prepared(), on_progress=seen.append, control=control, keep="few")
    assert result.status == "paused"
    assert result.steps == 3
    # what is on the page is of the step at which it waits
    assert [progress.frame.step for progress in seen if progress.frame is not None][-1] == 3
    paused = [progress for progress in seen if progress.phase == "paused"]
    assert [state.step for progress in paused for state in progress.states] == [3]
    whole, _ = through(spec(), prepared(), stop_after=10**9)
    again, _ = through(spec(), prepared(), stop_after=10**9, state=paused[-1].states[0])
    assert same(again.weights, whole.weights)


def test_moments_are_never_further_apart_than_a_hundredth() -> None:
    policy, steps = SnapshotPolicy("all", size=1000, within=64), [0]
    for stop in range(3000, 1_000_001, 3000):
        for step in policy.until(stop):
            policy.took(step, 0.0)
            steps.append(step)
    assert steps[1] == 1
    assert 500 < len(steps) < 1200
    assert all(after - before <= max(1, 0.01 * before) for before, after in itertools.pairwise(steps))
