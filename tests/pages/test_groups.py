"""Groups on the pages: started from the Train page, told and chosen on Runs, summed up on Compare and Train."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nnviz.ui.common import run_format, split_form
from nnviz.ui.runs.group_rows import group_names, group_row, kind_words
from nnviz.ui.train import group_panel
from tests.pages.conftest import ROOT
from tests.pages.example_runs import spec

IRIS = {"validation": 0.2, "test": 0.2, "seed": 0}


def finish(store, group, accuracies):
    for run, accuracy in zip(store.runs.group_runs(group), accuracies, strict=False):
        attempt = store.runs.claim(run.id, pid=1)
        store.runs.finish(run.id, attempt, "finished", metrics={"val_accuracy": accuracy, "val_loss": 1 - accuracy, "loss": 0.1})


@pytest.fixture
def train(store, monkeypatch):
    monkeypatch.setattr("nnviz.jobs.launcher.ensure_supervisor", lambda url: None)
    return AppTest.from_file(str(ROOT / "pages" / "train.py"), default_timeout=30)


def test_five_folds_are_started_from_the_interface_and_followed(train, store):
    train.run()
    train.selectbox(key="dataset:spirals").set_value("iris").run()
    way = next(box for box in train.selectbox if box.label == "Validate on")
    way.set_value("folds").run()
    train.number_input(key="split:folds").set_value(4).run()
    train.button(key="train").click().run()
    assert not train.exception
    runs = store.runs.group_runs(store.runs.list_runs()[0].group)
    assert [run.label for run in runs] == [f"fold {number}/4" for number in range(1, 5)]
    assert [job.run for job in store.jobs.open_jobs() if job.kind == "train"] == [run.id for run in runs]
    assert train.query_params["run"] in ([runs[0].id], runs[0].id)
    finish(store, runs[0].group, [0.9, 1.0, 0.8])
    store.runs.claim(runs[3].id, pid=1)
    train.run()
    assert "4 runs: fold 4/4 in training, 3 finished" in [text.value for text in train.text]
    assert train.query_params["run"] in ([runs[3].id], runs[3].id)
    metrics = {metric.label: metric.value.replace("\N{NO-BREAK SPACE}", " ") for metric in train.metric}
    assert metrics["Validation accuracy"] == f"{100 * np.mean([0.9, 1.0, 0.8]):.1f} ± {100 * np.std([0.9, 1.0, 0.8]):.1f} %"
    train.button(key="group.stop").click().run()
    assert store.runs.control(runs[3].id).stop


def test_a_link_to_a_fold_brings_the_split_of_the_whole_group(train, store):
    group = store.runs.create_group(spec(data="iris", split={"folds": 3, "seed": 5}))
    train.query_params["run"] = store.runs.group_runs(group)[1].id
    train.run()
    assert not train.exception
    assert train.number_input(key="split:folds").value == 3
    assert train.number_input(key="split:seed").value == 5


def tick(page, **places):
    """Ticks boxes of the table of runs as it is drawn now, or takes the ticks away: `row3=True`."""
    key = f"runs.table.{page.session_state['runs.table'].version}"
    edits = {int(place.removeprefix("row")): {"chosen": is_on} for place, is_on in places.items()}
    page.session_state[key] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    page.run()
    assert not page.exception
    return page.session_state["runs.table"]


def test_a_group_is_one_row_that_stands_for_its_runs(open_page, store):
    group = store.runs.create_group(spec(data="iris", split={"folds": 3}), name="mine")
    alone = store.runs.create(spec(data="wine"), name="alone")
    finish(store, group, [0.9, 0.75])
    ids = [run.id for run in store.runs.group_runs(group)]
    page = open_page("runs")
    table = page.session_state["runs.table"]
    assert table.order == (alone, group)
    assert "2 rows, 4 runs in all" in [caption.value for caption in page.caption]
    assert tick(page, row1=True).chosen == set(ids)
    table.unfolded.add(group)
    page.run()
    assert table.order == (alone, group, *ids)
    # the chosen ones stay so, and a run less takes the tick from the row of the group
    assert tick(page, row3=False).chosen == {ids[0], ids[2]}
    assert table.base == {ids[0], ids[2]}
    page.button(key="runs.open").click().run()
    assert [text.value for text in page.text] == [f"train {ids[0]} -"]


def test_the_row_of_a_group_says_what_its_runs_come_to(store):
    values = [0.9, 0.75, 0.96]
    group = store.runs.create_group(spec(data="iris", split={"folds": 4}), name="mine")
    finish(store, group, values)
    page = store.listing.page()
    entry = page.groups[page.runs[0].id]
    row = group_row(entry, page.runs[0], names=group_names(page.runs, page.groups), is_open=False, sizes={})
    assert (row.name, row.unfold, row.label, row.outcome) == ("mine", "▸ 4 folds", "3 of 4 finished", "queued")
    assert row.last["accuracy"] == pytest.approx(np.mean(values))
    assert row.spread == f"{100 * np.std(values):.1f}"
    assert row.last["loss"] == pytest.approx(np.mean(1 - np.array(values)))
    assert set(row.members) == {run.id for run in store.runs.group_runs(group)}
    store.group_edits.edit(row.members, name="yours", tags=["new"])
    assert store.runs.group(group).name == "yours"
    assert next((run.name, run.tags) for run in store.runs.group_runs(group)) == ("yours · fold 1/4", ("new",))


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ({"split": {"folds": 5}}, "5 folds"),
        ({"split": {"folds": 5, "repeats": 3}}, "3 × 5 folds"),
        ({"training": {"repeats": 5}}, "5 seeds"),
        ({"split": {"repeats": 3}, "training": {"repeats": 2}}, "3 splits × 2 seeds"),
        ({"race": {"vary": "optimizer"}}, "race of 7"),
        ({"sweep": {"trials": 7}}, "sweep of 7"),
    ],
)
def test_a_group_is_of_a_kind(blocks, words):
    assert kind_words(blocks, 7) == words


def test_rivals_are_shown_by_the_best_of_them(store):
    race = {"vary": "optimizer.learning_rate", "over": [0.1, 0.01, 0.001]}
    group = store.runs.create_group(spec(data="iris", race=race))
    finish(store, group, [0.8, 0.95, 0.9])
    page = store.listing.page()
    row = group_row(page.groups[page.runs[0].id], page.runs[0], names={}, is_open=True, sizes=None)
    assert (row.unfold, row.last["accuracy"], row.spread, row.optimizer) == ("▾ race of 3", 0.95, "best", "")


def test_what_was_stopped_does_not_count(store):
    group = store.runs.create_group(spec(data="iris", split={"folds": 3}))
    finish(store, group, [0.9, 0.8])
    last = store.runs.group_runs(group)[2]
    store.runs.finish(last.id, store.runs.claim(last.id, pid=1), "stopped", metrics={"val_accuracy": 0.1})
    assert run_format.summary(store.runs.group_runs(group))["val_accuracy"].values == (0.9, 0.8)
    assert group_panel.progress_text(store.runs.group_runs(group)) == "3 runs: 2 finished, 1 stopped by hand"


@pytest.mark.parametrize(
    ("split", "training", "way", "words"),
    [
        ({}, {}, "hold_out", "60% / 20% / 20%"),
        ({"folds": 5}, {}, "folds", "5 folds, test 20%"),
        ({"folds": 5, "repeats": 3}, {}, "repeated", "3 × 5 folds, test 20%"),
        ({"repeats": 3}, {}, "hold_outs", "3 × 60% / 20% / 20%"),
        ({}, {"repeats": 4}, "trainings", "4 × 60% / 20% / 20%"),
        ({"column": "part"}, {}, "column", "by part"),
    ],
)
def test_the_way_of_a_spec_is_named(split, training, way, words):
    assert split_form.scheme_of(IRIS | split, training) == way
    assert split_form.split_text(IRIS | split, training) == words


def form(split, training, columns):
    import streamlit as st

    from nnviz.ui.common.split_form import Choice, split_fields

    st.session_state["found"] = split_fields(split, training, [Choice(*column) for column in columns], key="x:")


@pytest.mark.parametrize(
    ("split", "training"),
    [
        ({}, {}),
        ({"folds": 5}, {}),
        ({"folds": 4, "repeats": 3}, {}),
        ({"repeats": 3}, {}),
        ({}, {"repeats": 4}),
        ({"folds": 5, "by": "patient"}, {}),
        ({"by": "day"}, {}),
        ({"folds": 5}, {"repeats": 2}),
        ({"column": "patient"}, {}),
        ({"folds": 5, "fold": 2, "test_seed": 4}, {}),
    ],
)
def test_the_form_gives_back_what_it_was_given(split, training):
    columns = [("patient", False), ("day", True)]
    app = AppTest.from_function(form, args=(IRIS | split, training, columns)).run(timeout=30)
    assert not app.exception
    assert app.session_state["found"] == (IRIS | split, training)


def test_the_form_offers_no_repeats_of_a_cut_along_time():
    app = AppTest.from_function(form, args=(IRIS | {"by": "day"}, {}, [("patient", False), ("day", True)])).run(timeout=30)
    assert "Hold-out, repeated" not in app.selectbox[0].options
    app.selectbox(key="x:by").set_value("patient").run()
    assert app.session_state["found"][0]["by"] == "patient"
