"""Units that are switched off and weights that are set by hand while a network trains, beside NumPy in float64."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.loop.state import State
from nnviz.engine.network.network import build
from nnviz.errors import RequestError
from tests.engine.support import Prepared, prepared, same, spec

L2 = 0.02
LAYERS = [
    {"kind": "Dense", "units": 4, "activation": "tanh"},
    {"kind": "Dense", "units": 3, "activation": "relu", "kernel_regularizer": {"kind": "L2", "l2": L2}},
]
OFF, WEIGHT = "layers[1].is_on[1]", "layers[0].kernel[2,3]"
ADAM = {"kind": "AdamW", "learning_rate": 0.05, "weight_decay": 0.1}
MOMENTUM = {"kind": "SGD", "learning_rate": 0.05, "momentum": 0.9, "weight_decay": 0.1}
Arrays = list[Any]


@dataclass
class Driver:
    """Steers a training step by step: after so many steps of `plan` with those fields of a Control; keeps what it told."""

    plan: dict[int, dict[str, Any]] = field(default_factory=dict)
    stop: int = 10**9
    step: int = 0
    reports: list[engine.Progress] = field(default_factory=list)
    states: dict[int, State] = field(default_factory=dict)

    def __call__(self, progress: engine.Progress) -> None:
        self.step = progress.step
        self.reports.append(progress)
        self.states |= {state.step: State.from_bytes(state.to_bytes()) for state in progress.states}

    def control(self) -> engine.Control:
        wanted: dict[str, Any] = {"live": {}, "weights": {}}
        for step, fields in self.plan.items():
            if step <= self.step:
                for name, values in fields.items():
                    wanted[name] = wanted[name] | values
        return engine.Control(pace="step", steps_allowed=self.step + 1, stop=self.step >= self.stop, **wanted)

    @property
    def changes(self) -> list[engine.Change]:
        return [change for progress in self.reports for change in progress.changes]


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """States are kept after every step; compiled as convolutions are: sooner."""
    monkeypatch.setattr("nnviz.engine.training.snapshot_policy.SHARE", 1e9)
    monkeypatch.setattr("nnviz.engine.loop.compile_mode.mode", lambda kinds: "graph")


def trained(driver: Driver, run_spec: Any, data: Prepared, **options: Any) -> engine.Result:
    return engine.train(run_spec, data, on_progress=driver, control=driver.control, keep="all", **options)


def forward(weights: Arrays, x: Any, is_on: Any) -> tuple[Any, Any, Any]:
    """Outputs of both layers and the probabilities, float64."""
    first = np.tanh(x @ weights[0] + weights[1])
    second = np.maximum(first @ weights[2] + weights[3], 0) * is_on
    logits = second @ weights[4] + weights[5]
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return first, second, shares / shares.sum(axis=1, keepdims=True)


def gradients(weights: Arrays, x: Any, y: Any, is_on: Any) -> Arrays:
    """Of the mean cross-entropy plus the penalty, by the chain rule."""
    first, second, shares = forward(weights, x, is_on)
    to_logits = (shares - np.eye(3)[y]) / len(y)
    to_second = to_logits @ weights[4].T * (second > 0) * is_on
    to_first = to_second @ weights[2].T * (1 - first**2)
    return [
        x.T @ to_first,
        to_first.sum(axis=0),
        first.T @ to_second + 2 * L2 * weights[2],
        to_second.sum(axis=0),
        second.T @ to_logits,
        to_logits.sum(axis=0),
    ]


class Reference:
    """Keras's AdamW or SGD with momentum, in float64; what belongs to a unit that is off stands still."""

    def __init__(self, optimizer: dict[str, Any], weights: Arrays) -> None:
        self.optimizer, self.weights = optimizer, [array.astype(np.float64) for array in weights]
        self.first = [np.zeros_like(array) for array in self.weights]
        self.second = [np.zeros_like(array) for array in self.weights]
        self.count = 0

    def step(self, x: Any, y: Any, is_on: Any) -> None:
        self.count += 1
        rate, decay = self.optimizer["learning_rate"], self.optimizer["weight_decay"]
        moves = [np.ones(1), np.ones(1), is_on, is_on, np.ones(1), np.ones(1)]
        for place, (gradient, moving) in enumerate(zip(gradients(self.weights, x, y, is_on), moves, strict=True)):
            before = self.weights[place], self.first[place], self.second[place]
            weight = before[0] * (1 - rate * decay)
            if self.optimizer["kind"] == "SGD":
                first, second = 0.9 * before[1] - rate * gradient, before[2]
                weight = weight + first
            else:
                first, second = 0.9 * before[1] + 0.1 * gradient, 0.999 * before[2] + 0.001 * gradient**2
                corrected = rate * np.sqrt(1 - 0.999**self.count) / (1 - 0.9**self.count)
                weight = weight - corrected * first / (np.sqrt(second) + 1e-7)
            now = weight, first, second
            moved = [np.where(moving > 0, new, old) for new, old in zip(now, before, strict=True)]
            self.weights[place], self.first[place], self.second[place] = moved


@pytest.mark.parametrize("optimizer", [ADAM, MOMENTUM])
def test_a_unit_that_is_off_gives_0_and_stands_still_until_it_is_on_again(optimizer: dict[str, Any]) -> None:
    data = prepared()
    driver = Driver({3: {"live": {OFF: 0.0}}, 6: {"live": {OFF: 1.0}}})
    result = trained(driver, spec(LAYERS, optimizer=optimizer, epochs=9, batch_size=100), data)
    x, y = (np.asarray(part, np.float64) for part in (data.parts["train"].x, data.parts["train"].y))
    network = build(spec(LAYERS).layers, spec(LAYERS).cost, task="classification", shape=(3,), outputs=3)
    reference = Reference(optimizer, network.values)
    for step in range(9):
        reference.step(x, y.astype(int), np.array([1, 0, 1]) if 3 <= step < 6 else np.ones(3))
        for array, wanted in zip(driver.states[step + 1].weights, reference.weights, strict=True):
            np.testing.assert_allclose(array, wanted, rtol=2e-4, atol=2e-6)
    frozen = [(state.weights[2][:, 1], state.weights[3][1]) for state in (driver.states[step] for step in (3, 4, 5, 6))]
    assert all(same(one, frozen[0]) for one in frozen)
    assert not np.array_equal(driver.states[7].weights[2][:, 1], frozen[0][0])
    assert result.info["units_off"] == []
    off, on = driver.changes
    assert (off.name, off.step, off.before, off.after, off.part) == (OFF, 3, 1, 0, "validation")
    assert (on.step, on.before, on.after) == (6, 0, 1)
    # what it would lose, on the validation rows, by NumPy
    rows = data.parts["validation"]
    for is_on, loss in ((np.ones(3), off.loss[0]), (np.array([1, 0, 1]), off.loss[1])):  # type: ignore[index]
        weights = [array.astype(np.float64) for array in driver.states[3].weights]
        shares = forward(weights, rows.x.astype(np.float64), is_on)[2]
        assert -np.log(shares[np.arange(len(rows.y)), rows.y]).mean() == pytest.approx(loss, rel=1e-5)


def test_a_run_resumes_bit_for_bit_with_a_unit_off_and_a_weight_set() -> None:
    data, run_spec = prepared(), spec(LAYERS, optimizer=ADAM, epochs=4)
    plan = {4: {"live": {OFF: 0.0}, "weights": {WEIGHT: (1.5, 7)}}}
    driver = Driver(plan)
    result = trained(driver, run_spec, data)
    assert {(change.name, change.step, change.after) for change in driver.changes} == {(OFF, 4, 0), (WEIGHT, 4, 1.5)}
    assert driver.states[4].weights[0][2, 3] == 1.5
    assert driver.states[4].off == (OFF,)
    assert result.info["units_off"] == [OFF]
    for step in (4, 7):
        again = Driver(plan, step=step)
        resumed = trained(again, run_spec, data, state=driver.states[step])
        assert not again.changes  # neither is done twice
        assert same(resumed.weights, result.weights)
        assert resumed.metrics == result.metrics
        assert same(again.states[9].slots, driver.states[9].slots)
    network = build(run_spec.layers, run_spec.cost, task="classification", shape=(3,), outputs=3, switchable=True)
    network.values = result.weights
    assert network.switches is not None
    network.switches.off = result.info["units_off"]
    rows = data.parts["test"]
    loss = np.mean(network.cost.calculate(rows.y, network.raw(rows.x), reduction="none"))
    assert result.metrics["test_loss"] == pytest.approx(float(loss), rel=1e-5)


def test_undone_before_the_next_step_the_network_is_the_same() -> None:
    data, run_spec = prepared(), spec(LAYERS, optimizer=MOMENTUM, epochs=3)
    plain, driver = Driver(), Driver()
    wanted = trained(plain, run_spec, data)
    before = float(plain.states[4].weights[0][2, 3])

    def control() -> engine.Control:
        """Waits after 4 steps until both are done, and until both are undone."""
        if driver.step != 4 or len(driver.changes) >= 4:
            live, weights = ({OFF: 1.0}, {WEIGHT: (before, 2)}) if driver.step >= 4 else ({}, {})
            return engine.Control(pace="step", steps_allowed=driver.step + 1, live=live, weights=weights)
        if len(driver.changes) < 2:
            return engine.Control(pace="step", steps_allowed=4, live={OFF: 0.0}, weights={WEIGHT: (-2.5, 1)})
        return engine.Control(pace="step", steps_allowed=4, live={OFF: 1.0}, weights={WEIGHT: (before, 2)})

    result = engine.train(run_spec, data, on_progress=driver, control=control, keep="all")
    assert [change.after for change in driver.changes] == [-2.5, 0, before, 1]
    assert driver.changes[0].loss[0] == pytest.approx(driver.changes[3].loss[1], rel=1e-6)  # type: ignore[index]
    assert same(result.weights, wanted.weights)
    assert result.metrics == wanted.metrics
    assert same(driver.states[9].slots, plain.states[9].slots)
    frames = [progress.frame for progress in driver.reports if progress.frame is not None and progress.changes]
    assert [frame.step for frame in frames] == [4, 4]  # what is seen follows at once


def test_the_best_weights_come_with_the_units_that_were_off_then() -> None:
    data = prepared()
    run_spec = spec(LAYERS, optimizer={"kind": "SGD", "learning_rate": 0.5}, epochs=4, batch_size=100, keep="best")
    driver = Driver({2: {"live": {OFF: 0.0}}, 3: {"live": {OFF: 1.0}, "weights": {WEIGHT: (40.0, 3)}}})
    result = trained(driver, run_spec, data)
    best = int(result.info["kept_epoch"])
    assert result.info["units_off"] == ([OFF] if best == 3 else [])
    again = trained(Driver(driver.plan, step=3), run_spec, data, state=driver.states[3])
    assert (again.info["units_off"], again.info["kept_epoch"]) == (result.info["units_off"], best)
    assert same(again.weights, result.weights)


def test_what_there_is_not_is_refused_in_words() -> None:
    driver = Driver({1: {"live": {"layers[0].is_on[9]": 0.0}, "weights": {"layers[7].kernel[0,0]": (1.0, 1)}}})
    result = trained(driver, spec(LAYERS, epochs=1), prepared())
    assert [change.refused for change in driver.changes] == [
        "this network trains no such weight",
        "this network has no such unit that can be switched off",
    ]
    assert result.status == "finished"


def test_a_branch_has_the_units_off_that_it_takes_over() -> None:
    data, parent = prepared(), spec(LAYERS, optimizer=ADAM, epochs=3)
    driver = Driver({4: {"live": {OFF: 0.0}, "weights": {WEIGHT: (1.5, 7)}}}, stop=5)
    trained(driver, parent, data)
    state = driver.states[4]
    same_layers = engine.branch(state, parent=parent, spec=parent.with_("optimizer.learning_rate", 0.5), prepared=data)
    assert (same_layers.state.off, same_layers.state.weights[0][2, 3]) == ((OFF,), 1.5)
    assert "Layer 2, unit 2 stays switched off" in same_layers.notes
    assert "weights_seen" not in same_layers.state.notes  # so that the first one set in the branch counts
    wider = engine.branch(state, parent=parent, spec=parent.with_("layers[1].units", 5), prepared=data)
    assert wider.state.off == ()
    assert "Layer 2, unit 2 was switched off in the other run: it is on here" in wider.notes


def test_a_step_explains_no_weight_that_stands_still() -> None:
    data, run_spec = prepared(), spec(LAYERS, optimizer=ADAM)
    session = engine.Session(run_spec, data, switchable=True)
    assert session.network.switches is not None
    session.network.switches.off = (OFF,)
    rows = data.parts["train"]
    with pytest.raises(RequestError, match="switched off, so the step leaves the weight as it is"):
        engine.explain(session, rows.x, rows.y, step=0, seed=0, rate=0.1, variable="layers[1].kernel", index=(0, 1))
    story = engine.explain(session, rows.x, rows.y, step=0, seed=0, rate=0.1, variable="layers[1].kernel")
    assert story.index[1] != 1
    assert story.lines[-1].value == pytest.approx(story.after, rel=1e-5)
