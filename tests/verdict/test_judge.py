"""From paired results to what is claimed."""

import math

import numpy as np
import pytest

from nnviz.verdict.judge import Results, judge, judge_many, measure_of
from nnviz.verdict.needed import POWER, pairs_needed, power
from nnviz.verdict.paired import corrected_t

ACCURACY = measure_of("val_accuracy", "validation accuracy", percent=True, is_lower_better=False)
LOSS = measure_of("val_loss", "validation loss", percent=False, is_lower_better=True)


def results(*columns, measure=ACCURACY, splits=None, rho=0.2, **settings):
    values = np.array(columns, float).T
    splits = tuple(range(len(values)) if splits is None else splits)
    return Results(measure=measure, values=values, splits=splits, labels=tuple(map(str, splits)), rho=rho, **settings)


def test_the_corrected_interval_decides():
    better = judge(results([0.95, 0.94, 0.96, 0.95, 0.95], [0.92, 0.92, 0.93, 0.92, 0.915]))
    assert (better.kind, better.n, better.on_folds, better.needed) == ("better", 5, True, None)
    assert better.difference == pytest.approx(0.029)
    expected = corrected_t([0.03, 0.02, 0.03, 0.03, 0.035], rho=0.2)
    assert (better.paired.low, better.paired.high) == pytest.approx((expected.low, expected.high))
    worse = judge(results([0.92, 0.92, 0.93, 0.92, 0.915], [0.95, 0.94, 0.96, 0.95, 0.95]))
    assert (worse.kind, worse.is_better) == ("worse", False)
    assert worse.paired.low == pytest.approx(-better.paired.high)


def test_without_the_correction_the_same_numbers_would_be_claimed():
    first, second = [0.95, 0.97, 0.93, 0.96, 0.94], [0.94, 0.95, 0.92, 0.945, 0.94]
    assert judge(results(first, second)).kind == "undecided"
    assert judge(results(first, second, splits=[0] * 5, rho=0.0)).kind == "better"


def test_of_a_loss_the_lower_is_better():
    first, second = [0.10, 0.11, 0.10, 0.12], [0.15, 0.16, 0.15, 0.17]
    verdict = judge(results(first, second, measure=LOSS))
    assert (verdict.kind, verdict.is_better) == ("better", True)
    assert verdict.difference < 0
    assert verdict.region == pytest.approx(0.01 * np.mean(first + second))


def test_practically_equal():
    verdict = judge(results([0.951, 0.950, 0.949, 0.952, 0.950], [0.950, 0.951, 0.950, 0.951, 0.950]))
    assert (verdict.kind, verdict.needed) == ("equivalent", None)
    assert verdict.chances.equal > 0.95


def test_what_is_needed():
    first, noise = np.array([0.9, 0.92, 0.91, 0.94, 0.9]), np.array([0.02, -0.02, 0.01, -0.01, 0.0])
    noisy = judge(results(first, first + noise))
    assert (noisy.kind, noisy.needs_rows, noisy.needed) == ("undecided", True, None)
    seeds = judge(results(first, first + noise, splits=[0] * 5, rho=0.0))
    std = noise.std(ddof=1)
    assert seeds.needed == pairs_needed(std=std, rho=0, size=0.01) - 5
    assert power(seeds.needed + 5, std=std, rho=0, size=0.01) >= POWER


def test_trainings_of_one_split_count_once():
    """Three folds trained twice are three, with the means of both."""
    first, second = [0.9, 0.92, 0.8, 0.82, 0.85, 0.87], [0.8, 0.8, 0.75, 0.75, 0.78, 0.8]
    verdict = judge(results(first, second, splits=[0, 0, 1, 1, 2, 2], rho=1 / 3))
    assert verdict.n == 3
    expected = corrected_t([0.11, 0.06, 0.07], rho=1 / 3)
    assert (verdict.paired.low, verdict.paired.high) == pytest.approx((expected.low, expected.high))


def test_one_pair_proves_nothing():
    verdict = judge(results([0.95], [0.5]))
    assert (verdict.kind, verdict.n, verdict.paired, verdict.needed) == ("undecided", 1, None, None)


def test_no_spread_is_not_certainty():
    """One row more in each of two folds."""
    verdict = judge(results([0.95, 0.90], [0.90, 0.85], rho=0.5, resolution=0.05))
    assert verdict.kind == "undecided"
    same = np.ones((2, 2), bool)
    assert judge(results([0.9, 0.8], [0.9, 0.8], rho=0.5, resolution=0.05)).kind == "undecided"
    assert judge(results([0.9, 0.8], [0.9, 0.8], rho=0.5, resolution=0.05, is_same=same)).kind == "equivalent"


def test_a_loss_of_nothing():
    verdict = judge(results([0.0, 0.0], [0.0, 0.0], measure=LOSS))
    assert (verdict.kind, verdict.region, verdict.chances) == ("undecided", 0.0, None)


def test_many_are_judged_by_adjusted_p_values():
    rng = np.random.default_rng(0)
    folds = rng.normal(0.9, 0.02, (5, 1))
    values = folds + np.array([0.0, 0.001, -0.06]) + rng.normal(0, 0.006, (5, 3))
    many = judge_many(results(*values.T))
    assert set(many.pairs) == {(0, 1), (0, 2), (1, 2)}
    plain = {pair: judge(results(*values.T), *pair).p for pair in many.pairs}
    assert all(many.pairs[pair].p >= plain[pair] for pair in plain)
    assert (many.best, many.tied(0), many.beats(0), many.beats(2)) == (None, [1], [2], [])
    assert many.between(2, 0) is False
    assert many.ranked.ranks[2] == 3.0


def test_the_best_of_many():
    values = np.array([[0.95, 0.9, 0.8], [0.96, 0.9, 0.81], [0.95, 0.91, 0.8], [0.94, 0.9, 0.79], [0.95, 0.89, 0.81]])
    many = judge_many(results(*values.T))
    assert (many.best, many.ranked.ranks) == (0, (1.0, 2.0, 3.0))
    lower = judge_many(results(*values.T, measure=LOSS))
    assert lower.best == 2


def test_many_with_one_pair_each():
    many = judge_many(results([0.9], [0.8], [0.7]))
    assert (many.ranked, many.best) == (None, None)
    assert all(verdict.kind == "undecided" for verdict in many.pairs.values())


def test_chance_is_claimed_in_five_of_a_hundred():
    """1,000 comparisons of alike settings on five folds whose training sets overlap; benchmarks.verdicts has real ones."""
    rng = np.random.default_rng(7)
    rho, times = 0.2, 1000
    common = rng.normal(size=(times, 1)) * math.sqrt(rho / (1 - rho))
    differences = 0.02 * (common + rng.normal(size=(times, 5)))
    claimed = [judge(results(0.9 + row, np.full(5, 0.9))).kind in ("better", "worse") for row in differences]
    assert np.mean(claimed) <= 0.06
