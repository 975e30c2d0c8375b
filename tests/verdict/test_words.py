"""The sentences."""

import numpy as np
import pytest

from nnviz.verdict import words
from nnviz.verdict.judge import judge, judge_many, measure_of
from tests.verdict.test_judge import LOSS, results

MAE = measure_of("val_mae", "validation MAE", percent=False, is_lower_better=True)
R2 = measure_of("val_r2", "validation R²", percent=False, is_lower_better=False)
SEEDS = {"splits": [0] * 5, "rho": 0.0}
FIRST = np.array([0.9, 0.92, 0.91, 0.94, 0.9])

NOISE = np.array([0.02, -0.02, 0.01, -0.01, 0.0])


def worded(*columns, **settings):
    return words.sentence(judge(results(*columns, **settings)), "A", "B").replace(words.GAP, " ")


def test_better_and_worse():
    high, low = [0.95, 0.94, 0.96, 0.95, 0.95], [0.92, 0.92, 0.93, 0.92, 0.915]
    assert worded(high, low) == "A is better than B by 2.9 points (95 % interval 1.9 to 3.9)."
    assert worded(low, high) == "B is better than A by 2.9 points (95 % interval 1.9 to 3.9)."


def test_a_loss_in_percent_and_an_error_in_its_unit():
    low, high = [0.10, 0.11, 0.10, 0.12], [0.15, 0.16, 0.15, 0.17]
    noise = np.array([0, 0.002, 0.001, 0])
    assert worded(low, high + noise, measure=LOSS).startswith(
        "A is better than B by 38 % of the validation loss (95 % interval 3"
    )
    errors = worded(np.array([40, 41, 43.0]), np.array([50, 52, 52.0]), measure=MAE, rho=0.0)
    assert errors == "A is better than B by 10 in validation MAE (95 % interval 7.52 to 12.5)."
    assert "0.050 in validation R²" in worded(FIRST, FIRST - 0.05 + [0, 0.001, 0, 0.001, -0.002], measure=R2)


def test_little_though_sure():
    text = worded(FIRST, FIRST - 0.003 + np.array([0, 1, -1, 0, 0]) * 1e-4)
    assert text == ("A is better than B by 0.3 points (95 % interval 0.3 to 0.3). That is little: > 99 % sure within ±1 point.")


def test_practically_equal():
    text = worded([0.951, 0.950, 0.949, 0.952, 0.950], [0.950, 0.951, 0.950, 0.951, 0.950])
    assert text == "A and B are practically equal (> 99 % sure within ±1 point)."
    same = np.ones((2, 2), bool)
    assert worded(FIRST, FIRST, is_same=same) == "A and B gave the same results in each of the 5 folds, to the last digit."


def test_undecided():
    assert worded(FIRST, FIRST + NOISE) == (
        "A and B are not distinguishable with 5 folds. No number of folds will decide 1 point: more rows would."
    )
    assert worded(FIRST, FIRST + NOISE, **SEEDS) == (
        "A and B are not distinguishable with 5 trainings each; about 17 more would be needed to see 1 point."
    )
    assert worded(FIRST, FIRST + 30 * NOISE, **SEEDS).endswith("more than 10,000 would be needed to see 1 point.")
    assert worded(FIRST, FIRST + 0.37 * NOISE + 0.006, **SEEDS).endswith("1 point would most likely have been seen.")


def test_one_run_each():
    assert (
        worded([0.9], [0.8])
        == "One run each: nothing can be concluded about the settings. Train each of them 5 times, or on 5 folds."
    )


def test_many():
    names = ["A", "B", "C"]
    best = np.array([[0.95, 0.9, 0.8], [0.96, 0.9, 0.81], [0.95, 0.91, 0.8], [0.94, 0.9, 0.79], [0.95, 0.89, 0.81]])
    assert words.of_many(judge_many(results(*best.T)), names) == "A is the best of these 3: better than each of the others."
    tied = best.copy()
    tied[:, 1] = tied[:, 0] + [-0.01, 0.01, -0.01, 0.0, 0.0]
    assert words.of_many(judge_many(results(*tied.T)), names) == (
        "No clear best: A has the best ranks and is better than C, but not distinguishable from B."
    )
    alike = FIRST[:, None] + np.random.default_rng(0).normal(0, 0.02, (5, 3))
    assert words.of_many(judge_many(results(*alike.T)), names) == "None of these 3 is shown to be better than another."
    assert words.of_many(judge_many(results([0.9], [0.8], [0.7])), names).startswith("One run each")


def test_which_test_and_what_interval():
    verdict = judge(results(FIRST, FIRST + NOISE))
    assert words.deciding_test(verdict) == "corrected resampled t-test over folds"
    assert words.interval_words(verdict) == "−2.9 to 2.9"
    assert words.deciding_test(judge(results(FIRST, FIRST + 0.1, **SEEDS))) == "paired t-test over trainings"
    assert "Holm" in words.deciding_test(judge_many(results(FIRST, FIRST, FIRST + 0.1)).pairs[0, 1])


@pytest.mark.parametrize(("value", "text"), [(0.0214, "2.1"), (-0.0214, "−2.1"), (-0.0001, "0.0")])
def test_numbers(value, text):
    assert words.number(judge(results([0.9], [0.8])).measure, value, 1.0) == text
