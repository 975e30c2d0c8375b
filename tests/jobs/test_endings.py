"""How a run ended and whose weights it keeps, in words."""

from dataclasses import replace

import pytest

from nnviz.jobs.endings import early_words, ending, weights_epoch, weights_words
from nnviz.store import Store
from tests.pages.example_runs import Worker, spec


@pytest.fixture
def run(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    return replace(store.runs.get(Worker(store, spec(), name="a").train(8).finish()), weights="a" * 64, epoch=8.0)


def asked(patience=4, **training):
    return spec(training={"epochs": 60, "early_stopping": {"patience": patience}, **training})


@pytest.mark.parametrize(
    ("training", "info", "text"),
    [
        (
            {},
            {"early_stop_epoch": 8, "kept_epoch": 4},
            "Stopped at epoch 8: no better validation loss for 4 epochs; weights of epoch 4 kept",
        ),
        (
            {},
            {"early_stop_epoch": 8, "kept_epoch": None},
            "Stopped at epoch 8: no better validation loss for 4 epochs; weights of epoch 8 kept",
        ),
        (
            {"patience": 1},
            {"early_stop_epoch": 2, "is_validated": False},
            "Stopped at epoch 2: no better training loss for 1 epoch; weights of epoch 2 kept",
        ),
        (
            {"record_every": 5},
            {"early_stop_epoch": 1040, "kept_epoch": 1020},
            "Stopped at epoch 1,040: no better validation loss for 20 epochs; weights of epoch 1,020 kept",
        ),
        ({}, {"kept_epoch": 52}, "Finished; weights of epoch 52 kept, the best by validation"),
        ({}, {}, ""),
    ],
)
def test_the_event_of_the_end(training, info, text):
    assert ending(asked(**training), "finished", info) == text


def test_whose_weights_they_are(run):
    assert (weights_epoch(run), weights_words(run)) == (8.0, "weights of epoch 8")
    best = replace(run, info={"kept_epoch": 4})
    assert (weights_epoch(best), weights_words(best)) == (4.0, "weights of epoch 4 of 8")
    assert weights_words(replace(run, epoch=2.5)) == "weights of epoch 2.50"
    assert (weights_epoch(replace(run, weights=None)), weights_words(replace(run, weights=None))) == (None, "")


def test_only_a_run_that_ended_early_says_so(run):
    early = {"early_stop_epoch": 8, "kept_epoch": 4}
    stopped = replace(run, spec_json=asked().to_json(), info=early)
    assert early_words(stopped).startswith("Stopped at epoch 8")
    assert early_words(replace(stopped, status="running")) == ""
    assert early_words(run) == ""
