"""A sweep, step by step: what it begins, learns, prunes, and when it ends."""

import pytest

from nnviz.errors import RequestError, RunError
from nnviz.jobs.sweep.control import create_sweep, is_sweep, resume_sweep, start_sweep, stop_sweep, sweep_state
from nnviz.jobs.sweep.driver import FAILURES, Driver, sweeping
from nnviz.jobs.sweep.results import sweep_json, trials_of
from tests.jobs.sweep.sweeps import RATE, spec, train, waiting


@pytest.fixture(autouse=True)
def no_supervisor(monkeypatch):
    monkeypatch.setattr("nnviz.jobs.launcher.ensure_supervisor", lambda url: None)


def go(store, group_id, *, at_once=1, most=50, score=0.5):
    """Trains whatever waits until the sweep has ended."""
    for _ in range(most):
        state = Driver(store, group_id).step(at_once=at_once)
        if state.status != "running":
            return state
        for run_id in waiting(store, group_id):
            train(store, run_id, [score])
    raise AssertionError("it does not end")


def test_a_sweep_trains_its_trials_and_says_which_is_best(store):
    group_id = start_sweep(store, spec(trials=3, method="random"))
    assert is_sweep(store, group_id)
    for score in (0.5, 0.9, 0.7):
        Driver(store, group_id).step(at_once=1)
        (run_id,) = waiting(store, group_id)
        train(store, run_id, [0.1, score])
    assert Driver(store, group_id).step(at_once=1).status == "finished"
    answer = sweep_json(store, group_id)
    assert [trial["score"] for trial in answer["trials"]] == [0.5, 0.9, 0.7]
    assert {trial["status"] for trial in answer["trials"]} == {"finished"}
    second = answer["trials"][1]
    assert answer["best"] == {"run": second["run"], "values": second["values"], "score": 0.9}
    assert store.runs.get(second["run"]).spec.optimizer.learning_rate == second["values"][RATE]
    assert [run.label for run in store.runs.group_runs(group_id)] == ["trial 1", "trial 2", "trial 3"]


def test_each_trial_is_begun_once_with_its_job_however_many_drivers_there_are(store):
    group_id = create_sweep(store, spec(trials=6, method="random"), here=False)
    one, other = Driver(store, group_id), Driver(store, group_id)
    one.step(at_once=2)
    other.step(at_once=4)
    one.step(at_once=4)
    heads = store.sweeps.heads(group_id)
    assert [head.number for head in heads] == [1, 2, 3, 4]
    assert [job.run for job in store.jobs.open_jobs()] == [head.run for head in heads]
    assert store.sweeps.add_trial(group_id, 4, spec()) is None, "somebody else was first"
    assert store.sweeps.add_trial(group_id, 6, spec()) is None, "none is left out"


def test_a_trial_that_is_behind_is_pruned_with_its_reason(store):
    group_id = create_sweep(store, spec(trials=8, method="random", prune=True, epochs=10), here=False)
    driver = Driver(store, group_id)
    for _ in range(4):
        driver.step(at_once=1)
        train(store, waiting(store, group_id)[0], [0.5, 0.6, 0.7, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8])
    driver.step(at_once=1)
    (late,) = waiting(store, group_id)
    train(store, late, [0.1, 0.2, 0.3], status="")
    driver.step(at_once=1)
    run = store.runs.get(late)
    assert run.control.stop
    event = store.runs.events(late)[-1]
    assert (event.kind, event.text) == ("pruned", "Pruned at epoch 3: worse than 4 of 4 trials were at that epoch")
    driver.step(at_once=1)
    assert sum(event.kind == "pruned" for event in store.runs.events(late)) == 1
    store.runs.finish(late, run.attempt, "stopped")
    trial = sweep_json(store, group_id)["trials"][-1]
    assert (trial["status"], trial["score"], trial["reason"]) == ("pruned", 0.3, event.text)
    assert store.listing.page(statuses=("pruned",)).matching == 1
    driver.step(at_once=1)
    assert len(waiting(store, group_id)) == 1, "it goes on with the next one"


def test_a_sweep_whose_every_trial_fails_stops_and_says_so(store):
    group_id = create_sweep(store, spec(trials=20, method="random"), here=False)
    for _ in range(FAILURES):
        assert Driver(store, group_id).step(at_once=1).status == "running"
        train(store, waiting(store, group_id)[0], [], status="failed", error=RunError("the file is gone"))
    state = Driver(store, group_id).step(at_once=1)
    assert state.status == "failed"
    assert state.reason == f"All of the first {FAILURES} trials failed. The first one: Failed: the file is gone"
    assert len(store.sweeps.heads(group_id)) == FAILURES
    assert sweep_json(store, group_id)["best"] is None


def test_one_success_keeps_a_sweep_going(store):
    group_id = create_sweep(store, spec(trials=7, method="random"), here=False)
    for number in range(7):
        Driver(store, group_id).step(at_once=1)
        failed = {"status": "failed", "error": RunError("no")} if number else {}
        train(store, waiting(store, group_id)[0], [0.5], **failed)
    assert Driver(store, group_id).step(at_once=1).status == "finished"


def test_a_goal_that_runs_do_not_have_is_named(store):
    group_id = create_sweep(store, spec(trials=9, goal="val_r2"), here=False)
    state = go(store, group_id)
    assert state.status == "failed"
    assert "no val_r2" in state.reason


def test_a_small_grid_ends_by_itself(store):
    asked = spec({"layers[0].units": {"list": [2, 4]}}, method="grid", trials=10)
    group_id = create_sweep(store, asked, here=False)
    state = go(store, group_id, at_once=3)
    assert (state.status, state.reason) == ("finished", "All 2 combinations have been tried")


def test_stop_resume_extend(store):
    group_id = start_sweep(store, spec(trials=4, method="random"))
    Driver(store, group_id).step(at_once=2)
    first, second = waiting(store, group_id)
    train(store, first, [0.5])
    stop_sweep(store, group_id)
    assert store.runs.get(second).status == "stopped"
    assert Driver(store, group_id).step(at_once=2).status == "stopped"
    assert len(trials_of(store, group_id)) == 2
    resume_sweep(store, group_id)
    assert waiting(store, group_id) == [second]
    assert go(store, group_id).status == "finished"
    assert [trial.number for trial in trials_of(store, group_id)] == [1, 2, 3, 4]
    with pytest.raises(RequestError, match="all 4 trials"):
        resume_sweep(store, group_id)
    resume_sweep(store, group_id, more=2)
    with pytest.raises(RequestError, match="at work"):
        resume_sweep(store, group_id)
    assert go(store, group_id).status == "finished"
    assert len(trials_of(store, group_id)) == 6
    with pytest.raises(RequestError, match="too many"):
        resume_sweep(store, group_id, more=1000)


def test_a_pruned_trial_stays_as_it_is_when_its_sweep_goes_on(store):
    group_id = start_sweep(store, spec(trials=4, method="random", prune=True))
    (run_id,) = waiting(store, group_id)
    train(store, run_id, [0.2], status="")
    assert store.sweeps.prune(run_id, "Pruned at epoch 1: worse", {})
    assert not store.sweeps.prune(run_id, "again", {})
    store.runs.finish(run_id, 1, "stopped")
    stop_sweep(store, group_id)
    resume_sweep(store, group_id)
    assert store.runs.get(run_id).outcome == "pruned"


def test_a_sweep_of_a_command_line_that_is_gone_has_stopped(store):
    group_id = create_sweep(store, spec(trials=4), here=True)
    assert sweep_state(store, group_id).status == "running"
    store.sweeps.change(group_id, pid=2**22 + 1)
    assert sweep_state(store, group_id).status == "stopped"
    resume_sweep(store, group_id)
    assert sweep_state(store, group_id).pid is None


def test_a_sweep_whose_trials_were_deleted_begins_no_more(store):
    group_id = start_sweep(store, spec(trials=4, method="random"))
    store.runs.delete([head.run for head in store.sweeps.heads(group_id)])
    assert Driver(store, group_id).step(at_once=2).status == "stopped"
    assert len(store.sweeps.heads(group_id)) == 1


def test_the_supervisors_thread_brings_sweeps_on(store):
    import time

    asked = spec({"layers[0].units": {"list": [2, 4]}}, method="grid", trials=2)
    group_id = create_sweep(store, asked, here=False)
    with sweeping(store):
        end = time.monotonic() + 20
        while store.sweeps.state(group_id).status == "running" and time.monotonic() < end:
            for run_id in waiting(store, group_id):
                train(store, run_id, [0.5])
            time.sleep(0.02)
    assert store.sweeps.state(group_id).status == "finished"
