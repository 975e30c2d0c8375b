"""Which runs share a worker, which hold one of the places to train at once, and single runs between those of groups."""

import pytest

from nnviz.spec import RunSpec
from nnviz.store import Control
from nnviz.store.jobs.sharing import MOST_OF_GROUPS, MOST_RUNS

SPEC = RunSpec.parse(
    {"data": {"kind": "builtin", "name": "iris"}, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}}
)


@pytest.fixture
def workers(store):
    """Two that are idle, of one tuning each."""
    for name in ("quick", "strong"):
        store.workers.beat(name, pid=1, host="here", state="idle", tuning=name)


def asked(store, *, pace="watch", small=True, needs="quick", rank=None):
    """A run that waits, by its job."""
    run_id = store.runs.create(SPEC, control=Control(pace=pace))
    return store.jobs.add("train", run_id=run_id, payload={"small": small}, needs=needs, rank=rank)


def claim(store, worker="quick", at_once=1):
    job = store.jobs.claim(worker, training_at_once=at_once)
    return None if job is None else job.id


def begin(store, job):
    """Its run trains, in a worker that has claimed it."""
    run_id = store.jobs.get(job).run
    return run_id, store.runs.claim(run_id, pid=1)


def test_a_worker_takes_all_who_watch_small_runs_up_to_a_bound(store, workers):
    waiting = [asked(store) for _ in range(MOST_RUNS + 1)]
    assert [claim(store) for _ in waiting] == [*waiting[:-1], None]
    store.jobs.answer(waiting[0], result={})
    assert claim(store) == waiting[-1]


def test_what_rests_holds_no_place(store, workers):
    rests = asked(store)
    assert claim(store) == rests
    full = asked(store, pace="full")
    large = asked(store, pace="full", small=False, needs="strong")
    assert claim(store) == full, "beside the one that rests"
    assert claim(store) is None
    assert claim(store, "strong") is None, "the only place is taken"
    store.jobs.answer(full, result={})
    assert claim(store, "strong") == large
    assert store.jobs.slots() == {"quick": 0, "strong": 1}


@pytest.mark.parametrize(
    ("pace", "small", "rests", "slots"),
    [
        ("watch", True, None, 0),
        ("watch", True, False, 1),
        ("watch", False, None, 1),
        ("watch", False, True, 0),
        ("step", True, None, 0),
        ("full", True, None, 1),
        ("full", True, True, 1),
    ],
)
def test_who_uses_the_processor_follows_from_the_pace_and_the_workers_word(store, workers, pace, small, rests, slots):
    job = asked(store, pace="full", small=small)
    assert claim(store) == job
    store.runs.set_control(store.jobs.get(job).run, pace=pace)
    if rests is not None:
        assert store.jobs.report(job, {"rests": rests})
    assert store.jobs.slots() == {"quick": slots}


@pytest.mark.parametrize("small", [True, False])
def test_a_paused_run_of_any_size_holds_no_place(store, workers, small):
    job = asked(store, pace="full", small=small)
    claim(store)
    run_id, attempt = begin(store, job)
    assert store.jobs.slots() == {"quick": 1}
    store.run_control.set_paused(run_id, attempt)
    assert store.jobs.slots() == {"quick": 0}
    store.runs.set_control(run_id, pace="full")
    store.series.append(run_id, attempt, step=1, epoch=0.1, seconds=0.1, phase="training")
    assert store.jobs.slots() == {"quick": 1}


def test_a_large_run_has_a_worker_for_itself_but_for_small_ones_that_rest(store):
    store.workers.beat("only", pid=1, host="here", state="idle")
    first = asked(store, small=False, pace="full", needs="")
    assert claim(store, "only", 3) == first
    store.jobs.report(first, {"rests": True})
    second = asked(store, small=False, needs="")
    assert claim(store, "only", 3) is None
    third = asked(store, pace="full")
    fourth = asked(store)
    assert claim(store, "only", 3) == fourth
    assert {store.jobs.get(job).status for job in (second, third)} == {"queued"}


def test_who_has_something_to_do_leaves_what_uses_the_processor_to_the_idle(store):
    for name in ("one", "two"):
        store.workers.beat(name, pid=1, host="here", state="idle", tuning="quick")
    rests = asked(store)
    assert claim(store, "one", 2) == rests
    full = asked(store, pace="full")
    short = store.jobs.add("predict")
    assert claim(store, "one", 2) is None
    assert claim(store, "two", 2) == short
    assert claim(store, "one", 2) == full, "the other is no longer idle"
    store.jobs.answer(full, result={})
    short = store.jobs.add("predict")
    assert claim(store, "one", 2) == short


def test_members_of_groups_leave_places_for_others(store, workers):
    group = store.runs.create_group(SPEC.with_("split", {"folds": MOST_OF_GROUPS + 2}), control=Control(pace="watch"))
    members = [
        store.jobs.add("train", run_id=run.id, payload={"small": True}, needs="quick") for run in store.runs.group_runs(group)
    ]
    single = asked(store, rank=1e6)
    assert [claim(store) for _ in members] == [*members[:MOST_OF_GROUPS], single, None]


def test_a_worker_that_is_about_to_leave_does_short_jobs_only(store, workers):
    asked(store)
    assert store.jobs.claim("quick", training_at_once=1, runs_too=False) is None
    short = store.jobs.add("predict")
    assert store.jobs.claim("quick", training_at_once=1, runs_too=False).id == short


def test_short_jobs_go_before_runs_and_the_doctors_after_them(store, workers):
    doctor, run, prepare, predict = store.jobs.add("doctor"), asked(store), store.jobs.add("prepare"), store.jobs.add("predict")
    assert [claim(store) for _ in range(3)] == [predict, prepare, run]
    assert [claim(store), claim(store, "strong")] == [None, doctor], "an idle worker takes it"


def grouped(store, folds=5):
    group = store.runs.create_group(SPEC.with_("split", {"folds": folds}))
    return [store.jobs.add("train", run_id=run.id) for run in store.runs.group_runs(group)]


def order(store):
    return [job.id for job in store.queue.in_order() if job.status == "queued"]


def test_single_runs_go_between_the_members_of_a_group(store):
    first, *rest = grouped(store)
    assert claim(store) == first
    one, two, three = (asked(store, pace="full", small=False, needs="") for _ in range(3))
    assert order(store) == [one, rest[0], two, rest[1], three, rest[2], rest[3]]
    store.jobs.answer(first, result={})
    assert claim(store) == one
    # one that comes while a single run trains waits for the next member: a group goes on however many come
    late = asked(store, pace="full", small=False, needs="")
    assert order(store) == [rest[0], two, rest[1], three, rest[2], late, rest[3]]
    last = asked(store, pace="full", small=False, needs="")
    assert order(store)[-1] == last


def test_a_group_that_comes_one_after_the_other_single_run_is_never_passed_twice_by_them(store):
    first, *rest = grouped(store, folds=3)
    assert claim(store) == first
    store.jobs.answer(first, result={})
    passed = []
    while set(order(store)) & set(rest):
        asked(store, pace="full", small=False, needs="")
        passed.append(claim(store))
        store.jobs.answer(passed[-1], result={})
    assert [job in rest for job in passed] == [False, True, False, True]


def test_a_group_that_has_not_begun_keeps_its_first_place_and_those_of_other_groups_theirs(store):
    first, *rest = grouped(store, folds=3)
    single = asked(store, pace="full", small=False, needs="")
    assert order(store) == [first, single, *rest]
    other = grouped(store, folds=2)
    assert order(store) == [first, single, *rest, *other]


def test_a_run_that_somebody_has_moved_stays_there(store):
    _, *rest = grouped(store, folds=4)
    claim(store)
    single = asked(store, pace="full", small=False, needs="")
    store.queue.move(single, "last")
    assert order(store) == [*rest, single]
    late = asked(store, pace="full", small=False, needs="")
    assert order(store) == [*rest, single, late]
    for job in (single, late):  # taken out of the queue: nobody goes by them any more
        store.runs.set_control(store.jobs.get(job).run, stop=True)
    last = asked(store, pace="full", small=False, needs="")
    assert order(store) == [rest[0], last, *rest[1:]]
