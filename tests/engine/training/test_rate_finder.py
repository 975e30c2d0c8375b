"""The learning-rate finder on problems whose answer lies in a known range."""

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.training.rate_finder import smooth, suggest
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


def test_the_steepest_descent_is_found_in_noise_and_none_where_nothing_falls() -> None:
    """A loss that falls as a logistic curve in log10(rate), steepest at 10^-2.5, then rises."""
    rates = np.geomspace(1e-6, 1, 200)
    place = np.log10(rates)
    noise = np.random.default_rng(0).normal(size=200)
    losses = 1 / (1 + np.exp(4 * (place + 2.5))) + np.maximum(0, place + 1) ** 2 + 0.03 * noise
    suggestion, rule = suggest(rates, losses, smooth(losses, 8), 8)
    assert suggestion is not None
    assert 10**-3 < suggestion < 10**-2
    assert rule == "steepest"
    flat = 1 + 0.1 * noise
    assert suggest(rates, flat, smooth(flat, 8), 8) == (None, "")
    growing = flat + np.maximum(0, place + 1) ** 2
    suggestion, rule = suggest(rates, growing, smooth(growing, 8), 8)
    assert suggestion is not None
    assert 10**-2 < suggestion < 10**-1
    assert rule == "tenth"
    np.testing.assert_allclose(smooth(np.array([3.0, 1, 2, 6]), 1), [2, 2, 3, 4])
