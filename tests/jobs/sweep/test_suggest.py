"""Which values come next."""

import math

import numpy as np
import pytest
from scipy import stats

from nnviz.jobs.sweep.suggest import suggest
from nnviz.jobs.sweep.trials import Trial
from nnviz.spec import grid, trial_spec
from tests.jobs.sweep.sweeps import RATE, spec

UNITS = "layers[0].units"


def finished(number, values, score):
    return Trial(number, f"r{number}", values, "finished", {"val_accuracy": score})


def go_through(asked, count, score=lambda values: 0.5):
    trials = []
    while len(trials) < count and (values := suggest(asked, trials, len(trials) + 1)) is not None:
        trials.append(finished(len(trials) + 1, values, score(values)))
    return [trial.values for trial in trials]


@pytest.mark.parametrize("method", ["bayes", "random"])
def test_the_same_trials_lead_to_the_same_next_one(method):
    asked = spec({RATE: {"log": [0.001, 1]}, UNITS: {"list": [4, 8, 16]}}, method=method, trials=20, seed=4)
    way = go_through(asked, 14)
    assert way == go_through(asked, 14)
    assert way != go_through(spec({RATE: {"log": [0.001, 1]}, UNITS: {"list": [4, 8, 16]}}, method=method, trials=20, seed=5), 14)


def test_random_values_are_spread_as_the_range_says():
    asked = spec(
        {RATE: {"log": [0.001, 1]}, "optimizer.momentum": {"range": [0.2, 0.8]}, UNITS: {"range": [1, 4]}},
        method="random",
        trials=300,
    )
    values = [suggest(asked, [], number) for number in range(1, 301)]
    rates = [math.log(one[RATE] / 0.001) / math.log(1000) for one in values]
    assert stats.kstest(rates, "uniform").pvalue > 0.01
    assert stats.kstest([(one["optimizer.momentum"] - 0.2) / 0.6 for one in values], "uniform").pvalue > 0.01
    counts = np.bincount([one[UNITS] for one in values], minlength=5)[1:]
    assert stats.chisquare(counts).pvalue > 0.01


def test_bayes_begins_with_the_spec_and_finds_the_peak():
    asked = spec({RATE: {"log": [0.001, 1]}, "optimizer.momentum": {"range": [0, 0.9]}}, trials=40)
    way = go_through(asked, 40, lambda v: 1 - (math.log10(v[RATE]) + 1) ** 2 / 4 - (v["optimizer.momentum"] - 0.5) ** 2)
    assert way[0] == {RATE: 0.2, "optimizer.momentum": 0.0}
    late = [abs(math.log10(values[RATE]) + 1) for values in way[25:]]
    assert np.median(late) < 0.4, "of a range 3 wide, where chance gives 0.75"


@pytest.mark.parametrize("method", ["grid", "random", "bayes"])
def test_every_combination_once_and_then_no_more(method):
    asked = spec({UNITS: {"list": [4, 8, 16]}, "training.batch_size": {"list": [16, 32]}}, method=method, trials=20)
    way = go_through(asked, 20)
    assert len(way) == 6
    assert sorted(map(str, way)) == sorted(map(str, grid(asked)))


def test_a_grid_that_is_cut_short_is_not_its_beginning():
    asked = spec({UNITS: {"range": [1, 40]}}, method="grid", trials=8)
    assert max(values[UNITS] for values in go_through(asked, 8)) > 20


def test_values_that_do_not_go_together_are_left_out():
    asked = spec(
        {"optimizer.kind": {"list": ["SGD", "Adam"]}, "optimizer.momentum": {"list": [0.0, 0.9]}}, method="grid", trials=4
    )
    way = go_through(asked, 4)
    assert way == [{"optimizer.kind": "SGD", "optimizer.momentum": 0.0}, {"optimizer.kind": "SGD", "optimizer.momentum": 0.9}]
    assert all(trial_spec(asked, values).optimizer.kind == "SGD" for values in way)


def test_it_learns_with_several_goals():
    asked = spec({RATE: {"log": [0.001, 1]}}, goal=["val_accuracy", "val_loss"], trials=30)
    trials = [
        Trial(n, f"r{n}", {RATE: 0.001 * n}, "finished", {"val_accuracy": 0.1 * n, "val_loss": 1.0 / n}) for n in range(1, 10)
    ]
    values = suggest(asked, trials, 10)
    assert values is not None
    assert 0.001 <= values[RATE] <= 1
