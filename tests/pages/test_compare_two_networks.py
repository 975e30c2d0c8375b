"""Two single runs row by row: the button, what is asked of workers, and what is words of the answers."""

import pytest
from scipy.stats import binomtest

from nnviz.ui.common.worker_job import Answer
from nnviz.ui.compare.two_networks import lines_of
from tests.pages.example_runs import Worker, spec
from tests.pages.test_compare import texts

ROWS = list(range(100, 160))


def answer(wrong):
    return {"rows": ROWS, "right": [place not in wrong for place in range(60)]}


def test_rows_that_only_one_network_gets_right():
    first, second = answer({0, 1}), answer({1, *range(2, 14)})
    words, one, other = lines_of(first, second, ["A", "B"])
    assert binomtest(12, 13, 0.5).pvalue < 0.05
    assert words.startswith("On these 60 rows the network of A is better than that of B by 18.3 points")
    assert words.endswith("nothing can be concluded about the settings.")
    assert one == "Only A is right on 12 rows: 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114."
    assert other == "Only B is right on 1 row: 101."


def test_alike_networks_and_other_rows():
    words, one, other = lines_of(answer({0}), answer({0}), ["A", "B"])
    assert "not distinguishable" in words
    assert (one, other) == ("Only A is right on 0 rows.", "Only B is right on 0 rows.")
    (words,) = lines_of(answer({0}), answer({0}) | {"rows": ROWS[1:]}, ["A", "B"])
    assert "different rows" in words


def test_errors_of_numbers():
    first, second = ({"rows": [1, 2, 3], "errors": errors} for errors in ([1.0, 1.0, 1.0], [2.0, 2.5, 2.0]))
    (words,) = lines_of(first, second, ["A", "B"])
    assert words.startswith("On these 3 rows the network of A is better than that of B by 1.17 in validation MAE")


@pytest.fixture
def ids(store):
    rates = (0.1, 0.01)
    runs = [
        Worker(store, spec(data="iris", optimizer={"kind": "Adam", "learning_rate": rate}), name="").train(2) for rate in rates
    ]
    for worker in runs:
        worker.finish()
    return [worker.id for worker in runs]


def test_both_networks_are_asked_on_demand(open_page, store, ids, monkeypatch):
    asked = []

    def ask(kind, payload, *, key, run_id, saying):
        asked.append((kind, run_id))
        return Answer(result=answer({0} if run_id == ids[0] else {1}))

    monkeypatch.setattr("nnviz.ui.compare.two_networks.worker_job.ask", ask)
    monkeypatch.setattr("nnviz.ui.compare.two_networks._can_be_asked", lambda run: True)
    page = open_page("compare", runs=",".join(ids))
    assert not asked
    page.button(key="compare.rows").click().run()
    assert asked == [("row_results", run_id) for run_id in ids]
    assert any("Only Adam 0.1 is right on 1 row: 102." in text for text in texts(page))


def test_runs_on_other_rows_are_not_asked(open_page, store, ids, monkeypatch):
    monkeypatch.setattr("nnviz.ui.compare.two_networks._can_be_asked", lambda run: True)
    other = Worker(store, spec(data="iris", split={"seed": 3}), name="other").train(2).finish()
    page = open_page("compare", runs=f"{ids[0]},{other}")
    assert not any(button.key == "compare.rows" for button in page.button)
