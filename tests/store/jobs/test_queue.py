"""The order of the runs that wait, how many train at once, and writes that belong together."""

import random

import pytest

from nnviz.errors import RequestError
from nnviz.spec import RunSpec

SPEC = RunSpec.parse(
    {"data": {"kind": "builtin", "name": "iris"}, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}}
)


def queued(store, count):
    """So many runs that wait, by the ids of their jobs."""
    return [store.jobs.add("train", run_id=store.runs.create(SPEC)) for _ in range(count)]


def waiting(store):
    return [job.id for job in store.queue.in_order() if job.status == "queued"]


@pytest.mark.parametrize(
    ("moved", "where", "order"),
    [
        (2, "before", [0, 2, 1, 3]),
        (1, "after", [0, 2, 1, 3]),
        (3, "first", [3, 0, 1, 2]),
        (0, "last", [1, 2, 3, 0]),
        (0, "before", [0, 1, 2, 3]),
        (3, "after", [0, 1, 2, 3]),
    ],
)
def test_a_run_that_waits_is_moved(store, moved, where, order):
    ids = queued(store, 4)
    assert store.queue.move(ids[moved], where)
    assert waiting(store) == [ids[place] for place in order]
    assert [store.jobs.claim(f"w{number}", training_at_once=9).id for number in range(4)] == [ids[place] for place in order]


def test_many_moves_leave_the_order_of_a_list_and_what_comes_later_is_last(store):
    ids, draw = queued(store, 6), random.Random(1)
    order = list(ids)
    for _ in range(150):
        job, where = draw.choice(order), draw.choice(["before", "after", "first", "last"])
        at = order.index(job)
        order.remove(job)
        order.insert({"before": max(0, at - 1), "after": at + 1, "first": 0, "last": len(order)}[where], job)
        store.queue.move(job, where)
    assert waiting(store) == order
    later = queued(store, 1)
    assert waiting(store) == order + later


def test_what_trains_or_was_stopped_is_not_moved_and_has_no_place(store):
    first, second, third = queued(store, 3)
    assert store.jobs.claim("w", training_at_once=1).id == first
    assert not store.queue.move(first, "last")
    store.runs.set_control(store.jobs.get(second).run, stop=True)
    assert not store.queue.move(second, "first")
    assert [job.id for job in store.queue.in_order()] == [first, third]


def test_a_place_is_told_to_a_run_that_others_keep_waiting(store):
    first, second, third = (store.jobs.get(job).run for job in queued(store, 3))
    assert [store.queue.place(run) for run in (first, second, third)] == [None, 2, 3], "nothing trains: the first is about to"
    store.jobs.claim("w", training_at_once=1)
    assert [store.queue.place(run) for run in (first, second, third)] == [None, 1, 2]


def test_so_many_train_as_somebody_wants(store):
    queued(store, 4)
    assert store.queue.training_at_once() is None
    store.queue.set_training_at_once(2)
    claimed = [store.jobs.claim(f"w{number}", training_at_once=1) for number in range(3)]
    assert [job is None for job in claimed] == [False, False, True]
    store.queue.set_training_at_once(3)
    assert store.jobs.claim("w2", training_at_once=1) is not None
    store.queue.set_training_at_once(None)
    assert store.queue.training_at_once() is None
    assert store.jobs.claim("w3", training_at_once=3) is None
    with pytest.raises(RequestError, match="0 runs"):
        store.queue.set_training_at_once(0)


def test_what_is_written_at_once_is_written_whole_or_not_at_all(store):
    def half():
        with store.transaction():
            run_id = store.runs.create(SPEC)
            store.jobs.add("train", run_id=run_id)
            assert [run.id for run in store.runs.list_runs()] == [run_id], "it sees what it has written itself"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert store.runs.list_runs() == []
    assert store.jobs.open_jobs() == []
    with store.transaction():
        store.jobs.add("train", run_id=store.runs.create(SPEC))
    assert len(store.runs.list_runs()) == len(store.jobs.open_jobs()) == 1
