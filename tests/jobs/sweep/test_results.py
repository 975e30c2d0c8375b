"""What a sweep has come to."""

import numpy as np

from nnviz.jobs.sweep.results import importances
from nnviz.jobs.sweep.trials import Trial, best_of, front_of
from tests.jobs.sweep.sweeps import RATE, spec

GOALS = ("val_accuracy", "val_loss")


def trial(number, accuracy, loss, status="finished"):
    return Trial(number, f"r{number}", {RATE: 0.1}, status, {"val_accuracy": accuracy, "val_loss": loss})


TRIALS = [trial(1, 0.8, 0.5), trial(2, 0.7, 0.6), trial(3, 0.9, 0.7), trial(4, 0.99, 0.1, "pruned"), trial(5, 0.9, 0.7)]


def test_the_best_is_a_finished_one_and_of_equals_the_first():
    assert best_of(TRIALS, GOALS).number == 3
    assert best_of(TRIALS, ("val_loss",)).number == 1
    assert best_of([TRIALS[3]], GOALS) is None


def test_the_front_has_whom_none_beats_in_all():
    draw = np.random.default_rng(1)
    many = [trial(number, *draw.random(2)) for number in range(1, 60)]
    front = {one.number for one in front_of(many, GOALS)}
    for one in many:
        beaten = any(
            other.scores["val_accuracy"] > one.scores["val_accuracy"] and other.scores["val_loss"] < one.scores["val_loss"]
            for other in many
        )
        assert (one.number in front) == (not beaten)


def test_the_field_that_decides_is_the_most_important():
    asked = spec({RATE: {"log": [0.001, 1]}, "optimizer.momentum": {"range": [0, 0.9]}})
    draw = np.random.default_rng(0)
    trials = []
    for number in range(1, 61):
        values = {RATE: float(10 ** draw.uniform(-3, 0)), "optimizer.momentum": float(draw.uniform(0, 0.9))}
        trials.append(Trial(number, "r", values, "finished", {"val_accuracy": 0.5 + 0.1 * np.log10(values[RATE])}))
    shares = importances(asked, trials)
    assert list(shares) == [RATE, "optimizer.momentum"]
    assert shares[RATE] > 0.8
    assert abs(sum(shares.values()) - 1) < 1e-6
    assert importances(asked, trials[:3]) == {}
