"""Specs of remedies, and what is said of them in both runs."""

import pytest

from nnviz.errors import NotFound, RequestError
from nnviz.jobs import remedies
from nnviz.spec import RunSpec

SPEC = RunSpec.parse(
    {
        "data": {"kind": "builtin", "name": "iris"},
        "layers": [{"kind": "Dense", "units": 4, "activation": "tanh"}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "SGD", "learning_rate": 0.5},
        "training": {"epochs": 40},
    }
)
FINDING = {"rule": "rate_too_high", "title": "Too high", "text": "It jumps.", "remedy": {"from_step": None, "set": {}}}


def trained(store, *, steps=(10, 20, 30), epoch=30.0):
    run_id = store.runs.create(SPEC)
    attempt = store.runs.claim(run_id, pid=1)
    store.snapshots.add(run_id, attempt, [(step, float(step), 0.1, b"state") for step in steps])
    return store.runs.get(run_id)


def test_a_remedy_from_fresh_weights_changes_the_spec_alone(store):
    run = trained(store)
    change = {"optimizer.learning_rate": 0.05, "layers[0].activation": "relu", "training.early_stopping": {"patience": 3}}
    spec, moment = remedies.remedy_spec(store, run, {"from_step": None, "set": change})
    assert moment is None
    assert spec.branch is None
    assert (spec.optimizer.learning_rate, spec.training.epochs) == (0.05, 40)
    assert spec.to_json()["layers"][0]["activation"] == "relu"
    assert spec.to_json()["training"]["early_stopping"]["patience"] == 3


def test_a_branch_begins_at_the_last_state_before_with_the_settings_of_then(store):
    run = trained(store)
    store.runs.add_event(run.id, "changed", "", data={"name": "optimizer.learning_rate", "before": 0.5, "after": 0.25})
    remedy = {"from_step": 25, "set": {"training.batch_size": 8}}
    spec, moment = remedies.remedy_spec(store, run, remedy)
    assert moment.step == 20
    assert (spec.branch.run, spec.branch.step) == (run.id, 20)
    assert (spec.optimizer.learning_rate, spec.training.batch_size, spec.training.epochs) == (0.25, 8, 40)
    late = trained(store, steps=(39, 40))
    spec, _ = remedies.remedy_spec(store, late, remedy | {"from_step": 40})
    assert spec.training.epochs == 44


def test_both_runs_are_told(store):
    parent, child = trained(store), trained(store)
    assert remedies.mended(store, child) is None
    remedies.begun(store, parent, "rate_too_high", child)
    assert [event.data for event in store.runs.events(parent.id) if event.kind == "remedy"] == [
        {"rule": "rate_too_high", "run": child.id}
    ]
    of, rule = remedies.mended(store, child)
    assert (of.id, rule) == (parent.id, "rate_too_high")


def test_a_finding_that_is_not_said_any_more_and_one_without_a_remedy_are_refused(store):
    run = trained(store)
    store.findings.replace(run.id, [FINDING, FINDING | {"rule": "leakage", "remedy": None}], step=30)
    run = store.runs.get(run.id)
    assert remedies.finding_of(run, "rate_too_high") == FINDING
    with pytest.raises(RequestError, match="no remedy"):
        remedies.finding_of(run, "leakage")
    with pytest.raises(NotFound, match="any more"):
        remedies.finding_of(run, "plateau")
