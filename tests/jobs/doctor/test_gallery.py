"""Two cases of the gallery as they are shipped, trained here: the doctor names what they are said to have, and a remedy helps.
All of them: `python -m benchmarks.gallery`."""

import pytest

from nnviz.catalog.gallery import CASES
from nnviz.jobs import remedies
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import RunSpec
from tests.jobs.doctor.test_diagnose import job


@pytest.fixture(scope="module")
def tasks(store):
    return Tasks(store)


def judged(store, tasks, spec):
    run_id = store.runs.create(spec)
    tasks.trainer.train(job("train", run_id))
    return store.runs.get(run_id), tasks.do(job("doctor", run_id))["findings"]


def test_a_sound_case_is_not_accused(store, tasks):
    _run, findings = judged(store, tasks, RunSpec.parse(CASES["still_accuracy"].spec))
    assert findings == []


def test_a_trouble_is_named_first_and_its_remedy_helps(store, tasks):
    case = CASES["batch_too_large"]
    run, findings = judged(store, tasks, RunSpec.parse(case.spec))
    assert findings[0]["rule"] == case.rule
    spec, _moment = remedies.remedy_spec(store, run, findings[0]["remedy"])
    child = store.runs.get(store.runs.create(spec))
    remedies.begun(store, run, case.rule, child)
    tasks.trainer.train(job("train", child.id))
    tasks.do(job("doctor", child.id))
    [outcome] = [event for event in store.runs.events(run.id) if event.kind == "outcome"]
    assert outcome.data["kind"] == "helped"
