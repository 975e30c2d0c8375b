"""What the doctor says travels to browsers; what cannot be shown does not."""

import msgpack
import pytest

from nnviz.stream.judgement import judgement, packed
from tests.stream.runs import Worker, make_store

FINDING = {
    "rule": "overfitting",
    "title": "Overfitting",
    "since": {"step": 10, "epoch": 1.0},
    "confidence": 0.9,
    "where": None,
    "text": "It rose.",
    "why": "Too few rows.",
    "what_is_this": "It learns by heart.",
    "what_to_do": "Stop early.",
    "remedy": {"from_step": None, "set": {"training.keep": "best"}},
    "evidence": [{"series": "val_loss", "first": 10, "last": 20, "level": None, "text": "lowest"}],
}


@pytest.fixture
def run_with(tmp_path):
    store = make_store(tmp_path)
    worker = Worker(store)

    def judged(*findings):
        store.findings.replace(worker.run, findings, step=20)
        return store.runs.get(worker.run)

    return judged


def test_findings_are_sent_whole(run_with):
    run = run_with(FINDING)
    assert judgement(run) == {"step": 20, "findings": [FINDING]}
    assert msgpack.unpackb(packed(run)) == {"type": "judgement", "run": run.id, "judgement": judgement(run)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": 3},
        {"confidence": "high"},
        {"confidence": True},
        {"since": {"step": 1}},
        {"since": None},
        {"remedy": {"set": {}}},
        {"remedy": {"from_step": 3, "set": []}},
        {"remedy": "none"},
        {"evidence": None},
        {"evidence": [{"series": "loss"}]},
        {"evidence": [{"series": "loss", "first": 1, "last": 2, "level": "x", "text": ""}]},
    ],
)
def test_what_cannot_be_shown_is_left_out(run_with, wrong):
    assert judgement(run_with(FINDING | wrong, FINDING))["findings"] == [FINDING]


def test_a_run_that_nobody_judged(tmp_path):
    store = make_store(tmp_path)
    assert judgement(store.runs.get(Worker(store).run)) is None
