import random
import threading

import numpy as np
import pytest

from nnviz.errors import Conflict, DamagedSnapshot, NotFound, RequestError, StaleAttempt
from nnviz.spec import RunSpec

SPEC = RunSpec.parse(
    {"data": {"kind": "builtin", "name": "iris"}, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}}
)


def running(store):
    run_id = store.runs.create(SPEC)
    return run_id, store.runs.claim(run_id, pid=1)


def states(*steps, size=40):
    return [(step, step / 10, step / 100, np.random.default_rng(step).bytes(size)) for step in steps]


def test_states_come_back_as_they_were_and_the_newest_first(store):
    run_id, attempt = running(store)
    store.snapshots.add(run_id, attempt, states(1, 2, 3))
    store.snapshots.add(run_id, attempt, states(7))
    assert [snapshot.step for snapshot in store.snapshots.of_run(run_id)] == [1, 2, 3, 7]
    for step, _, _, content in states(1, 2, 3, 7):
        assert store.snapshots.get(run_id, step) == content
    assert store.snapshots.last(run_id)[0] == 7
    assert store.snapshots.newest(run_id) == store.snapshots.of_run(run_id)[-1]
    assert [getattr(store.snapshots.newest(run_id, at=at), "step", None) for at in (0, 3, 6, 7, 99)] == [None, 3, 3, 7, 7]
    assert store.snapshots.last(run_id, at=6)[0] == 3
    assert store.snapshots.last(run_id, at=0) is None
    with pytest.raises(NotFound):
        store.snapshots.get(run_id, 4)
    assert not list(store.snapshots.folder.rglob("*.part"))


def test_a_worker_that_was_replaced_leaves_no_snapshot(store):
    run_id, attempt = running(store)
    with pytest.raises(StaleAttempt):
        store.snapshots.add(run_id, attempt + 1, states(5))
    assert store.snapshots.of_run(run_id) == []
    assert not list(store.snapshots.folder.rglob("*.snap"))


def test_any_damage_is_seen_and_the_one_before_is_taken(store):
    run_id, attempt = running(store)
    for step in (10, 20):
        store.snapshots.add(run_id, attempt, states(step, size=200))
    newest = max(store.snapshots.folder.rglob("*.snap"), key=lambda path: int(path.name.split("-")[1]))
    good, draw = newest.read_bytes(), random.Random(0)
    for number in range(100):
        place = draw.randrange(len(good))
        newest.write_bytes(
            good[:place] if number % 2 else good[:place] + bytes([good[place] ^ 1 << draw.randrange(8)]) + good[place + 1 :]
        )
        assert store.snapshots.last(run_id) == (10, states(10, size=200)[0][3], [20])
    assert [snapshot.damaged for snapshot in store.snapshots.of_run(run_id)] == [False, True]
    assert store.snapshots.newest(run_id) == store.snapshots.of_run(run_id)[0]
    newest.unlink()
    with pytest.raises(DamagedSnapshot):
        store.snapshots.get(run_id, 20)


def test_thinning_keeps_the_budget_the_first_and_the_two_newest(store):
    run_id, attempt = running(store)
    store.snapshots.add(run_id, attempt, states(*range(1, 101), size=10))
    store.snapshots.thin(run_id, most_bytes=300)
    steps = [snapshot.step for snapshot in store.snapshots.of_run(run_id)]
    assert sum(snapshot.size for snapshot in store.snapshots.of_run(run_id)) <= 300
    assert steps[-2:] == [99, 100]
    assert steps[:5] == [1, 2, 3, 4, 5]
    assert store.snapshots.get(run_id, steps[3]) == states(steps[3], size=10)[0][3]
    store.snapshots.thin(run_id, most_bytes=1)
    assert [snapshot.step for snapshot in store.snapshots.of_run(run_id)] == [99, 100]


def test_going_on_cuts_off_what_lies_past_the_snapshot(store):
    run_id, attempt = running(store)
    values = np.arange(1, 1001, dtype=np.float32)
    store.series.append(
        run_id,
        attempt,
        step=600,
        epoch=6.0,
        seconds=6.0,
        steps_={"batch_loss": values[:600]},
        epochs_=[(epoch, epoch * 100, epoch, {"loss": 10.0 - epoch}) for epoch in range(1, 7)],
    )
    store.series.append(
        run_id,
        attempt,
        step=1000,
        epoch=10.0,
        seconds=10.0,
        first_step=600,
        first_seconds=6.0,
        steps_={"batch_loss": values[600:]},
        epochs_=[(10, 1000, 10.0, {"loss": 0.0})],
    )
    store.snapshots.add(run_id, attempt, states(450, 900))
    store.runs.finish(run_id, attempt, "failed")
    with pytest.raises(RequestError, match="ended or paused"):
        store.run_control.requeue(store.runs.create(SPEC))
    store.run_control.requeue(run_id)
    assert store.run_control.claim_from(run_id, pid=2, step=450, epoch=4.5, seconds=4.5) == attempt + 1
    run = store.runs.get(run_id)
    assert (run.status, run.step, run.metrics["loss"], run.best["epoch"]) == ("running", 450, 6.0, 4)
    assert [snapshot.step for snapshot in store.snapshots.of_run(run_id)] == [450]
    np.testing.assert_array_equal(store.series.curve(run_id, "batch_loss").value, values[:450])
    store.series.append(
        run_id,
        attempt + 1,
        step=500,
        epoch=5.0,
        seconds=5.0,
        first_step=450,
        first_seconds=4.5,
        steps_={"batch_loss": -values[450:500]},
    )
    np.testing.assert_array_equal(store.series.curve(run_id, "batch_loss").value, np.r_[values[:450], -values[450:500]])
    with pytest.raises(StaleAttempt):
        store.series.append(run_id, attempt, step=1001, epoch=10.0, seconds=10.0)


def test_a_paused_run_gives_its_worker_back_and_goes_on(store):
    run_id, attempt = running(store)
    store.run_control.set_paused(run_id, attempt)
    assert store.runs.get(run_id).status == "paused"
    store.run_control.park(run_id, attempt)
    store.run_control.requeue(run_id, pace="full")
    assert (store.runs.get(run_id).status, store.runs.get(run_id).control.pace) == ("queued", "full")
    again = store.runs.claim(run_id, pid=2)
    store.run_control.set_paused(run_id, again)
    store.series.append(run_id, again, step=1, epoch=0.1, seconds=0.1, steps_={"batch_loss": np.ones(1)})
    assert store.runs.get(run_id).status == "running"


def test_a_pause_is_told_once_where_it_took_effect(store):
    run_id, attempt = running(store)

    def did(step):
        store.series.append(run_id, attempt, step=step, epoch=step / 10, seconds=1.0)
        store.run_control.set_paused(run_id, attempt)

    store.run_control.set_paused(run_id, attempt)  # begun at pace "step": nobody paused it
    store.runs.set_control(run_id, pace="step", steps_allowed=0)
    did(7)
    store.run_control.set_paused(run_id, attempt)
    store.runs.set_control(run_id, steps_allowed=8)
    did(8)
    store.runs.set_control(run_id, pace="full", steps_allowed=None)
    store.series.append(run_id, attempt, step=20, epoch=2.0, seconds=2.0)
    store.runs.set_control(run_id, pace="step", steps_allowed=0)
    did(31)
    pauses = [(event.text, event.step, event.epoch) for event in store.runs.events(run_id) if event.kind == "paused"]
    assert pauses == [("Paused", 7, 0.7), ("Paused", 31, 3.1)]


def test_changes_of_a_future_that_was_given_up_are_none(store):
    run_id, attempt = running(store)

    def changed(step, value):
        store.series.append(run_id, attempt, step=step, epoch=step / 10, seconds=1.0)
        store.runs.add_event(run_id, "changed", "rate", data={"name": "optimizer.learning_rate", "after": value})

    changed(10, 0.1)
    changed(20, 0.2)
    changed(30, 0.3)
    store.runs.finish(run_id, attempt, "stopped")
    store.run_control.requeue(run_id, text="Resumed")
    attempt = store.run_control.claim_from(run_id, pid=2, step=15, epoch=1.5, seconds=1.0)
    store.runs.add_event(run_id, "started", "Went on from step 15")
    changed(25, 0.4)
    assert [(event.step, event.data["after"]) for event in store.runs.changed(run_id)] == [(10, 0.1), (25, 0.4)]
    assert len(store.runs.events(run_id)) >= 6


def test_of_conflicting_commands_exactly_one_wins(store):
    run_id, _ = running(store)
    won: list[int] = []

    def steer(who: int) -> None:
        for number in range(50):
            try:
                store.runs.set_control(run_id, expect=number, live={"optimizer.learning_rate": who + number / 100})
                won.append(number)
            except Conflict:
                pass
            while store.runs.control(run_id).number <= number:
                pass

    people = [threading.Thread(target=steer, args=(who,)) for who in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(won) == list(range(50))
