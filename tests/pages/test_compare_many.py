"""Compare with very many runs, with what one row can make, and with groups on the same folds."""

import pytest

from nnviz.ui.compare import pairs
from nnviz.ui.compare.group_results import pair_rows
from nnviz.ui.compare.many import MANY, POINTS, thin_curves
from nnviz.ui.compare.results import best_of
from nnviz.ui.compare.selection import MAX_RUNS
from tests.pages.example_runs import Worker, spec
from tests.pages.test_compare import asked, texts
from tests.pages.test_groups import finish

FOLDS = {"folds": 3}


def adam(rate, **blocks):
    return spec(data="iris", optimizer={"kind": "Adam", "learning_rate": rate}, **blocks)


def test_a_hundred_runs_are_compared(open_page, store):
    ids = [Worker(store, adam(0.001 * (number + 1)), name="").train(2).finish() for number in range(MAX_RUNS)]
    page = open_page("compare", runs=",".join([*ids, "one too many"]))
    assert asked(page)[:MAX_RUNS] == ids
    assert not any("not here any more" in text for text in texts(page))
    assert any("to pick a run out" in text for text in texts(page))
    assert page.selectbox(key="compare.pick").disabled
    curves = thin_curves(store.runs.list_runs(ids=ids), "accuracy", store=store)
    assert set(curves) == set(ids)
    assert all(not is_training and len(curve.value) == 2 for is_training, curve in curves.values())


def test_thin_curves_are_read_anew_while_a_run_trains(store):
    worker = Worker(store, adam(0.1), name="").train(3)
    first = thin_curves([store.runs.get(worker.id)], "loss", store=store)[worker.id][1]
    worker.train(POINTS)
    later = thin_curves([store.runs.get(worker.id)], "loss", store=store)[worker.id][1]
    assert (len(first.value), later.epoch[-1]) == (3, POINTS + 3)
    assert 0.9 * POINTS < len(later.value) <= POINTS
    assert MANY < MAX_RUNS


@pytest.mark.parametrize(("ahead", "best"), [(0, None), (1, None), (2, 0.9)])
def test_the_best_is_ahead_by_more_than_one_row(store, ahead, best):
    runs = [store.runs.get(Worker(store, adam(rate), name="").train(1).finish()) for rate in (0.1, 0.01, 0.001)]
    rows = runs[0].info["rows"]["validation"]
    values = [0.5, 0.9, 0.9 - ahead / rows]
    assert best_of("val_accuracy", values, runs) == best
    assert best_of("val_loss", values, runs) is None
    assert best_of("val_accuracy", [None, 0.9, float("nan")], runs) is None


def groups(store, *accuracies, **blocks):
    """Groups of three folds with these validation accuracies; their members."""
    made = []
    for number, values in enumerate(accuracies):
        group = store.runs.create_group(adam(0.01 * (number + 1), split=FOLDS, **blocks))
        finish(store, group, values)
        made.append(store.runs.group_runs(group))
    return made


def test_groups_on_the_same_folds_are_compared_pair_by_pair(open_page, store):
    one, other = groups(store, [0.9, 0.8, 0.7], [0.92, 0.84, 0.7])
    paired = pairs.pairs_of(one, other)
    assert paired.metric == "val_accuracy"
    assert [label for label, _a, _b in paired.values] == ["fold 1/3", "fold 2/3", "fold 3/3"]
    assert paired.spread.mean == pytest.approx(0.02)
    assert paired.spread.std == pytest.approx(0.0163, abs=1e-4)
    assert pairs.difference_text(paired).replace("\N{NO-BREAK SPACE}", " ") == "+2.0 % ± 1.6 %"
    assert [list(row.values())[3].replace("\N{NO-BREAK SPACE}", " ") for row in pair_rows(paired, "A", "B")] == [
        "+2.0 %", "+4.0 %", "±0.0 %"]  # fmt: skip
    page = open_page("compare", runs=",".join(run.id for run in (*one, *other)))
    line = next(text for text in texts(page) if " against " in text)
    assert line.startswith("Adam 0.02 against Adam 0.01: validation accuracy +2.0")
    assert line.endswith("over 3 pairs on the same rows")


def test_groups_on_other_folds_are_not_paired(store):
    (one,) = groups(store, [0.9, 0.8, 0.7])
    group = store.runs.create_group(adam(0.1, split=FOLDS | {"seed": 7}))
    finish(store, group, [0.9, 0.8, 0.7])
    assert pairs.pairs_of(one, store.runs.group_runs(group)) is None


def test_what_has_not_finished_has_no_pair(store):
    one, other = groups(store, [0.9, 0.8, 0.7], [0.92])
    assert pairs.pairs_of(one, other) is None
    assert pairs.pairs_of(one, one[:2]).spread.mean == 0
