"""Which runs pair, and what cannot be compared."""

import math

import numpy as np
import pytest

from nnviz.verdict.entrants import Entrant, Refusal, match
from nnviz.verdict.judge import judge
from tests.store.conftest import store  # noqa: F401 - the fixture
from tests.verdict.groups import ROWS, entrant, group_of, run_of

FIVE = [0.9, 0.92, 0.91, 0.94, 0.9]


def two(store, first, second, **settings):  # noqa: F811
    return [entrant(store, group_of(store, first, rate=0.1), "A"), entrant(store, group_of(store, second, **settings), "B")]


def why(*entrants, metric=None):
    refusal = match(entrants, metric)
    assert isinstance(refusal, Refusal), refusal
    return refusal.is_wrong, refusal.why.words(str)


def test_folds_pair_by_their_rows(store):  # noqa: F811
    matched = match(two(store, FIVE, [0.8, 0.81, 0.82, 0.83, 0.84]))
    results = matched.results
    assert results.measure.name == "val_accuracy"
    assert results.values[:, 0].tolist() == FIVE
    assert results.splits == (0, 1, 2, 3, 4)
    assert results.rho == pytest.approx(ROWS["validation"] / (ROWS["train"] + ROWS["validation"]))
    assert results.resolution == 1 / 200
    assert results.labels[0] == "fold 1/5"
    assert not results.is_same[0, 1]
    assert judge(results).on_folds


def test_seeds_share_one_split(store):  # noqa: F811
    blocks = {"training": {"repeats": 3}, "split": {"validation": 0.2}}
    one, other = (entrant(store, group_of(store, values, rate=rate, **blocks), name) for values, rate, name in (
        ([0.9, 0.8, 0.9], 0.1, "A"), ([0.7, 0.8, 0.75], 0.2, "B")))  # fmt: skip
    results = match([one, other]).results
    assert (results.splits, results.rho) == ((0, 0, 0), 0.0)
    assert not results.on_folds


def test_folds_trained_twice(store):  # noqa: F811
    blocks = {"split": {"folds": 3}, "training": {"repeats": 2}}
    made = [entrant(store, group_of(store, [*FIVE, 0.95], rate=rate, **dict(blocks)), str(rate)) for rate in (0.1, 0.2)]
    results = match(made).results
    assert results.splits == (0, 0, 1, 1, 2, 2)
    assert results.resolution == 1 / 400
    assert judge(results).n == 3


def test_repeated_folds(store):  # noqa: F811
    blocks = {"split": {"folds": 3, "repeats": 2}}
    made = [entrant(store, group_of(store, [*FIVE, 0.95], rate=rate, **dict(blocks)), str(rate)) for rate in (0.1, 0.2)]
    results = match(made).results
    assert results.splits == tuple(range(6))
    assert results.rho == pytest.approx(0.2)


def test_only_common_folds_count_and_that_is_said(store):  # noqa: F811
    one, other = two(store, FIVE, FIVE)
    fewer = Entrant("b", "B", other.members[:3])
    matched = match([one, fewer])
    assert len(matched.results.values) == 3
    assert [note.words(str) for note in matched.notes] == ["Only the 3 that all have count: 2 of A have no partner."]


def test_one_run_each(store):  # noqa: F811
    runs = [store.runs.get(run_of(store, value, rate=rate)) for value, rate in ((0.9, 0.1), (0.8, 0.2))]
    results = match([Entrant(run.id, run.name, (run,)) for run in runs]).results
    assert judge(results).n == 1


def test_a_failed_member_is_named_and_nothing_is_computed(store):  # noqa: F811
    is_wrong, text = why(*two(store, FIVE, FIVE, failed=(2, 5)))
    assert not is_wrong
    assert text.startswith("No verdict: fold 2/5 of B (failed), fold 5/5 of B (failed) did not finish.")
    waiting = entrant(store, store.runs.create_group(store.runs.group(group_of(store, FIVE)).spec), "C")
    is_wrong, text = why(entrant(store, group_of(store, FIVE), "A"), waiting)
    assert not is_wrong
    assert "fold 4/5 of C (queued) and 1 more" in text


def test_what_cannot_be_compared(store):  # noqa: F811
    iris = entrant(store, group_of(store, FIVE), "A")
    assert why(iris, entrant(store, group_of(store, FIVE, data="wine", split={"folds": 5}), "B")) == (
        True, "A learns from iris, B from wine: results on different data cannot be compared.")  # fmt: skip
    numbers = entrant(store, group_of(store, FIVE, task="regression", metric="val_r2"), "B")
    assert why(iris, numbers)[1] == "A is about classification, B about regression: their metrics have nothing in common."
    other = entrant(store, group_of(store, FIVE, split={"folds": 5, "seed": 3}), "B")
    assert why(iris, other)[1].startswith("A and B validate on different rows")


def test_metrics(store):  # noqa: F811
    made = two(store, FIVE, FIVE)
    assert why(*made, metric="val_f2") == (True, "There is no metric 'val_f2' to compare by; there are val_accuracy.")
    losses = [entrant(store, group_of(store, FIVE, metric="val_loss", cost=cost, split={"folds": 5}), cost)
              for cost in ("CrossEntropy", "MeanSquaredError")]  # fmt: skip
    assert "different costs" in why(*losses)[1] or "no validation rows" in why(*losses)[1]
    assert "different costs" in why(*losses, metric="val_loss")[1]
    assert "no validation rows" in why(*(entrant(store, group_of(store, FIVE, metric="accuracy"), name) for name in "AB"))[1]


def test_a_value_that_is_no_number(store):  # noqa: F811
    is_wrong, text = why(*two(store, FIVE, [0.9, math.nan, 0.9, 0.9, 0.9]))
    assert not is_wrong
    assert text == "No verdict: fold 2/5 of B without a finite number for this metric."


def test_runs_that_agree_in_everything(store):  # noqa: F811
    made = [entrant(store, group_of(store, FIVE), name) for name in "AB"]
    results = match(made).results
    assert results.is_same.all()
    assert judge(results).kind == "equivalent"
    assert np.ptp(results.values[:, 0] - results.values[:, 1]) == 0
