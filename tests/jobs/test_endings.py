"""How a run ended and whose weights it keeps, in words."""

from dataclasses import replace

import pytest

from nnviz.jobs.endings import early_words, end_words, ending, weights_epoch, weights_words
from nnviz.store import Control, Store
from tests.pages.example_runs import Worker, spec


@pytest.fixture
def run(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    return replace(store.runs.get(Worker(store, spec(), name="a").train(8).finish()), weights="a" * 64, epoch=8.0)


def asked(patience=4, **training):
    return spec(training={"epochs": 60, "early_stopping": {"patience": patience}} | training)


@pytest.mark.parametrize(
    ("training", "info", "text"),
    [
        (
            {},
            {"early_stop_epoch": 8, "kept_epoch": 4},
            "Ended early at epoch 8: validation loss has not fallen for 4 epochs; weights of epoch 4 are used",
        ),
        (
            {},
            {"early_stop_epoch": 8, "kept_epoch": None},
            "Ended early at epoch 8: validation loss has not fallen for 4 epochs; weights of epoch 8 are used, the last ones "
            "(“Keep the best” takes the best)",
        ),
        (
            {"patience": 1},
            {"early_stop_epoch": 2, "is_validated": False},
            "Ended early at epoch 2: training loss has not fallen for 1 epoch; weights of epoch 2 are used, the last ones "
            "(“Keep the best” takes the best)",
        ),
        (
            {"record_every": 5},
            {"early_stop_epoch": 1040, "kept_epoch": 1020},
            "Ended early at epoch 1,040: validation loss has not fallen for 20 epochs; weights of epoch 1,020 are used",
        ),
        ({}, {"kept_epoch": 52}, "Finished: all 60 epochs; weights of epoch 52 are used, the best by validation"),
        ({}, {}, "Finished: all 60 epochs"),
        ({"epochs": 1}, {}, "Finished: its one epoch"),
    ],
)
def test_the_event_of_the_end(training, info, text):
    assert ending(asked(**training), "finished", info, epoch=60.0) == text


def test_whose_weights_they_are(run):
    assert (weights_epoch(run), weights_words(run)) == (8.0, "weights of epoch 8")
    best = replace(run, info={"kept_epoch": 4})
    assert (weights_epoch(best), weights_words(best)) == (4.0, "weights of epoch 4 of 8")
    assert weights_words(replace(run, epoch=2.5)) == "weights of epoch 2.50"
    assert (weights_epoch(replace(run, weights=None)), weights_words(replace(run, weights=None))) == (None, "")


def test_only_a_run_that_ended_early_says_so(run):
    early = {"early_stop_epoch": 8, "kept_epoch": 4}
    stopped = replace(run, spec_json=asked().to_json(), info=early)
    assert early_words(stopped).startswith("Ended early at epoch 8")
    assert early_words(replace(stopped, status="running")) == ""
    assert early_words(run) == ""


@pytest.mark.parametrize(
    ("status", "more", "text"),
    [
        ("finished", {}, "Finished: all 60 epochs"),
        ("finished", {"control": Control(epochs=75)}, "Finished: all 75 epochs"),
        ("stopped", {"epoch": 2.5}, "Stopped by hand at epoch 2.50 of 60"),
        (
            "stopped",
            {"info": {"kept_epoch": 7}},
            "Stopped by hand at epoch 8 of 60; weights of epoch 7 are used, the best by validation",
        ),
        ("stopped", {"epoch": 0.0}, "Stopped by hand before the first step"),
        (
            "diverged",
            {"error": {"what": "the loss became infinite at step 812"}},
            "Diverged: the loss became infinite at step 812",
        ),
        ("failed", {"error": {"what": "memory ran out"}}, "Failed: memory ran out"),
        ("failed", {}, "Failed"),
        ("finished", {"spec_json": {"layers": 5}}, "Finished"),
        ("running", {}, ""),
        ("paused", {}, ""),
        ("queued", {}, ""),
    ],
)
def test_every_way_to_end_says_why(run, status, more, text):
    assert end_words(replace(run, status=status, **more)) == text
