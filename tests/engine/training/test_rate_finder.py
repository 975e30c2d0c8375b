"""The learning-rate finder on problems whose answer lies in a known range."""

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.training.rate_finder import Choice, smooth, suggest
from nnviz.errors import RequestError
from tests.engine.support import Prepared, Rows, prepared, same, spec


def line(rows: int = 64) -> Prepared:
    """A linear regression on two uncorrelated inputs of variance 4 and 1: under the mean squared error the Hessian is
    diag(8, 2) and 2 for the bias, so full-batch gradient descent is stable below a rate of 2 / 8 = 0.25."""
    random = np.random.default_rng(0)
    x = random.normal(size=(rows, 2))
    x -= x.mean(axis=0)
    x = x @ np.linalg.inv(np.linalg.cholesky(np.cov(x.T, bias=True))).T * [2, 1]
    y = (x @ [[1.0], [-1.0]] + 0.5).astype(np.float32)
    return Prepared("regression", (2,), 1, {"train": Rows(x.astype(np.float32), y, np.arange(rows))})


def test_the_suggestion_lies_below_where_gradient_descent_diverges() -> None:
    run_spec = spec([], cost={"kind": "MeanSquaredError"}, optimizer={"kind": "SGD", "learning_rate": 5.0}, batch_size=64)
    seen: list[engine.RateSweep] = []
    sweep = engine.find_rate(run_spec, line(), lowest=1e-5, highest=10, steps=120, on_progress=seen.append)
    assert sweep.status == "exploded"
    assert 0.25 < sweep.rates[-1] < 9
    assert sweep.suggestion is not None
    # Rates that grow by the factor q a step sum to rate / log(q), so the steep part of the loss is near
    # exp(-2 * 8 * rate / log(q)), which falls most steeply against log(rate) at log(q) / 16.
    assert sweep.suggestion == pytest.approx(np.log(1e6) / 119 / 16, rel=0.3)
    assert sweep.rule == "steepest"
    assert sweep.losses[0] == pytest.approx(sweep.smoothed[0], rel=0.01)
    np.testing.assert_allclose(np.diff(np.log(sweep.rates)), np.log(1e6) / 119)
    assert seen[0].status == "running"


def test_each_point_is_an_update_from_the_specs_first_weights() -> None:
    """By hand: gradient descent with the rising rate; a schedule is left out, accumulated batches make one point."""
    data = line()
    optimizer = {"kind": "SGD", "gradient_accumulation_steps": 4, "schedule": {"kind": "ExponentialDecay", "decay_steps": 1}}
    run_spec = spec([], cost={"kind": "MeanSquaredError"}, optimizer=optimizer, batch_size=16)
    sweep = engine.find_rate(run_spec, data, lowest=1e-3, highest=0.1, steps=20)
    kernel, bias = (
        value.astype(np.float64) for value in engine.build([], run_spec.cost, task="regression", shape=(2,), outputs=1).values
    )
    x, y = data.parts["train"].x.astype(np.float64), data.parts["train"].y
    for rate, loss in zip(np.geomspace(1e-3, 0.1, 20), sweep.losses, strict=True):
        miss = x @ kernel + bias - y
        assert loss == pytest.approx(np.mean(miss**2), rel=1e-4)
        kernel, bias = kernel - rate * 2 * x.T @ miss / 64, bias - rate * 2 * miss.mean(axis=0)
    assert sweep.status == "finished"


def test_a_sweep_can_be_stopped_and_leaves_the_session_as_new() -> None:
    data, run_spec = prepared(), spec()
    session = engine.prepare(run_spec, data)
    before = engine.train(run_spec, data, on_progress=lambda progress: None, frames=False, session=session)
    asked = iter(range(100))
    sweep = engine.find_rate(run_spec, data, session=session, control=lambda: engine.Control(stop=next(asked) == 7))
    assert (sweep.status, len(sweep.losses), sweep.suggestion, sweep.rule) == ("stopped", 7, None, "")
    after = engine.train(run_spec, data, on_progress=lambda progress: None, frames=False, session=session)
    assert same(before.weights, after.weights)
    with pytest.raises(RequestError, match="lowest"):
        engine.find_rate(run_spec, data, lowest=1.0, highest=0.1)


RATES = np.geomspace(1e-6, 1, 200)
PLACE = np.log10(RATES)
FALL = 1 / (1 + np.exp(4 * (PLACE + 2.5)))
"""A loss that falls as a logistic curve in log10(rate), steepest at 10^-2.5."""


def chosen(losses: np.ndarray) -> Choice:
    return suggest(RATES, losses, smooth(losses, 8), 8)


def noise(seed: int, size: float) -> np.ndarray:
    return size * np.random.default_rng(seed).normal(size=200)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [0.02, 0.2])
def test_the_steepest_descent_is_seen_in_noise_and_so_is_where_the_loss_rises(seed: int, size: float) -> None:
    choice = chosen(FALL + np.maximum(0, PLACE + 1) ** 2 + noise(seed, size))
    assert choice.rule == "steepest"
    assert choice.suggestion is not None
    assert 10**-3.2 < choice.suggestion < 10**-1.8
    assert choice.rises is not None
    assert 10**-1.5 < choice.rises < 1


def test_in_a_flat_noisy_stretch_nothing_is_chosen() -> None:
    rules = [chosen(1 + noise(seed, 0.1)).rule for seed in range(40)]
    assert rules == [""] * 40
    assert chosen(np.ones(200)) == (None, "", None)
    louder = [chosen(1 + noise(seed, 0.1) * (1 + np.clip(PLACE + 3, 0, 2))).rule for seed in range(40)]
    assert louder.count("") >= 38, "noise that grows with the rate is no rise"


def test_a_loss_that_only_falls_has_no_rate_from_which_it_rises() -> None:
    for seed in range(5):
        choice = chosen(1 / (1 + np.exp(3 * (PLACE + 1.5))) + noise(seed, 0.02))
        assert (choice.rule, choice.rises) == ("steepest", None)
        assert choice.suggestion is not None
        assert 10**-2 < choice.suggestion < 10**-1


def test_of_a_late_rise_a_tenth_is_taken() -> None:
    for seed in range(5):
        choice = chosen(1 + noise(seed, 0.1) + np.maximum(0, PLACE + 1) ** 2)
        assert choice.rule == "tenth"
        assert choice.rises is not None
        assert 10**-1 < choice.rises < 10**-0.3
        assert choice.suggestion == pytest.approx(choice.rises / 10)
    blown = chosen(1 + noise(0, 0.1) + np.exp(np.clip((PLACE + 0.2) * 20, -50, 3)))
    assert blown.rule == "tenth"


def test_smoothing_is_the_mean_of_a_window_that_is_shorter_at_the_ends() -> None:
    np.testing.assert_allclose(smooth(np.array([3.0, 1, 2, 6]), 1), [2, 2, 3, 4])
