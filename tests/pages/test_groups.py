"""Groups on the pages: started from the Train page, told and chosen on Runs, summed up on Compare and Train."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nnviz.ui.common import run_format, split_form
from nnviz.ui.compare import group_results
from nnviz.ui.runs.rows import row_of
from nnviz.ui.runs.table import table_frame
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


def test_a_group_is_told_and_chosen_as_a_whole(open_page, store):
    group = store.runs.create_group(spec(data="iris", split={"folds": 3}), name="mine")
    store.runs.create(spec(data="wine"), name="alone")
    page = open_page("runs")
    ids = [run.id for run in store.runs.group_runs(group)]
    frame = table_frame([row_of(run, ()) for run in store.runs.list_runs()], {})
    assert dict(frame["label"])[ids[0]] == "fold 1/3"
    assert dict(frame["name"])[ids[0]] == "mine · fold 1/3"
    state = page.session_state["runs.table"]
    state.chosen, state.base, state.version = {ids[0]}, frozenset({ids[0]}), state.version + 1
    state.order = tuple(run.id for run in store.runs.list_runs())
    page.run()
    page.button(key="runs.group").click().run()
    assert page.session_state["runs.table"].chosen == set(ids)


def test_compare_sums_a_group_up(store):
    group = store.runs.create_group(spec(data="iris", split={"folds": 3}), name="mine")
    values = [0.9, 0.75, 0.96]
    finish(store, group, values)
    (row,) = group_results.group_rows([*store.runs.group_runs(group), store.runs.get(store.runs.create(spec(data="wine")))])
    assert row["Group"] == "mine"
    assert row["Validation accuracy"] == f"{100 * np.mean(values):.1f} ± {100 * np.std(values):.1f}\N{NO-BREAK SPACE}%"
    assert row["Validation loss"] == f"{1 - np.mean(values):.3f} ± {np.std(values):.3f}"
    assert group_results.group_rows(store.runs.group_runs(group)[:1]) == []


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
