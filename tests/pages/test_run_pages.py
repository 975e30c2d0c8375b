"""The Runs page where there are more runs than one page lists."""

import pytest

from nnviz.ui.runs import pages
from nnviz.ui.runs.rows import loss_curves
from tests.pages.example_runs import Worker, spec


def captions(page):
    return [element.value for element in page.caption]


def listed(page):
    """The ids in the table."""
    return list(page.session_state["runs.table"].order)


def number_of(page):
    number = page.query_params.get("page", ["1"])
    return number if isinstance(number, str) else number[0]


def tick(page, *places):
    """Ticks boxes of the table as it is drawn now."""
    key = f"runs.table.{page.session_state['runs.table'].version}"
    page.session_state[key] = {"edited_rows": {place: {"chosen": True} for place in places}, "added_rows": [], "deleted_rows": []}
    page.run()
    assert not page.exception


@pytest.fixture
def many(store, monkeypatch):
    """Seven runs, newest first, on pages of three."""
    monkeypatch.setattr(pages, "PAGE", 3)
    for number in range(7):
        store.runs.set_control(store.runs.create(spec(), name=f"run-{number}-of-7"), stop=True)
    return [run.id for run in store.runs.list_runs()]


def test_every_run_is_on_a_page_and_the_page_says_which(open_page, many):
    page = open_page("runs")
    assert "1 to 3 of 7 runs" in captions(page)
    assert listed(page) == many[:3]
    assert page.button(key="runs.page.before").disabled
    page.button(key="runs.page.after").click().run()
    assert "4 to 6 of 7 runs" in captions(page)
    page.button(key="runs.page.after").click().run()
    assert (listed(page), number_of(page)) == (many[6:], "3")
    assert page.button(key="runs.page.after").disabled


def test_what_is_chosen_survives_paging_and_is_compared(open_page, many):
    page = open_page("runs")
    tick(page, 1)
    page.button(key="runs.page.after").click().run()
    assert "1 run chosen, 1 of them not on this page" in captions(page)
    tick(page, 0, 2)
    assert page.session_state["runs.table"].chosen == {many[1], many[3], many[5]}
    page.button(key="runs.page.before").click().run()
    assert "3 runs chosen, 2 of them not on this page" in captions(page)
    page.button(key="runs.compare").click().run()
    assert not page.exception
    runs = page.query_params["runs"]
    assert set((runs if isinstance(runs, str) else runs[0]).split(",")) == {many[1], many[3], many[5]}


def test_a_page_is_chosen_as_a_whole(open_page, many):
    page = open_page("runs")
    page.button(key="runs.all").click().run()
    assert page.session_state["runs.table"].chosen == set(many[:3])
    page.button(key="runs.page.after").click().run()
    page.button(key="runs.all").click().run()
    assert page.session_state["runs.table"].chosen == set(many[:6])
    page.button(key="runs.none").click().run()
    assert page.session_state["runs.table"].chosen == set(many[:3])
    page.button(key="runs.choose_none").click().run()
    assert page.session_state["runs.table"].chosen == set()


def test_the_address_holds_order_and_page(open_page, many):
    page = open_page("runs", sort="oldest", page="2")
    assert listed(page) == many[::-1][3:6]
    page.text_input(key="find").set_value("run-6-of").run()
    assert (listed(page), number_of(page)) == ([many[0]], "1")
    assert "1 of 7 runs match" in captions(page)
    for wrong in ("0", "-1", "x", "99999999999", "\N{SUPERSCRIPT TWO}"):
        assert listed(open_page("runs", page=wrong, sort="nonsense")) == many[:3]
    assert number_of(open_page("runs", page="50")) == "3"


def test_runs_nobody_named_are_called_by_what_differs(open_page, store):
    for rate in (0.01, 0.1):
        store.runs.create(spec(data="iris", optimizer={"kind": "Adam", "learning_rate": rate}))
    page = open_page("runs")
    table = page.dataframe[0].proto.SerializeToString()
    stored = {run.name.encode() for run in store.runs.list_runs()}
    assert all(name in table for name in (b"Adam 0.1", b"Adam 0.01"))
    assert not any(name in table for name in stored)


def test_without_validation_the_small_curve_is_the_training_loss(store):
    worker = Worker(store, spec(), name="no validation rows")
    rows = [(float(epoch), epoch * 45, 0.1, {"loss": 1 / epoch}) for epoch in (1, 2, 3)]
    store.series.append(worker.id, worker.attempt, step=135, epoch=3.0, seconds=0.1, epochs_=rows)
    assert loss_curves(store, [store.runs.get(worker.id)])[worker.id] == (1.0, 1 / 2, 1 / 3)
