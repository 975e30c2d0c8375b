"""Compare with very many runs."""

from nnviz.ui.compare.many import MANY, POINTS, thin_curves
from nnviz.ui.compare.selection import MAX_RUNS
from tests.pages.example_runs import Worker, spec
from tests.pages.test_compare import asked, texts


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
