"""What a run is at, as those who watch it are told: its place in the queue, its progress, its attempts, its end."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from nnviz.spec import RunSpec
from nnviz.store import Store
from nnviz.store.schema import runs
from nnviz.stream.hub import Hub
from tests.stream.following import Browser, watch
from tests.stream.runs import PER_EPOCH, SPEC, Worker, make_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


def test_the_end_is_told_to_those_who_watch_and_to_those_who_come_late(store: Store) -> None:
    worker = Worker(store)
    worker.epochs(2)

    async def story(hub: Hub) -> None:
        early = Browser(hub.subscribe([worker.run]))
        await early.read(lambda: "backlog" in early.kinds)
        await asyncio.to_thread(worker.finish)
        await early.read(lambda: "end" in early.kinds)
        late = Browser(hub.subscribe([worker.run]))
        await late.read(lambda: "end" in late.kinds)
        assert late.last["hello"]["status"]["status"] == "finished"
        assert sorted(late.loss) == list(range(1, 21))
        assert [event["text"] for event in late.last["backlog"]["events"]][-1] == "Finished"

    watch(store, story)


def test_status_tells_progress_speed_and_time_left(store: Store) -> None:
    worker = Worker(store, epochs=100)

    async def story(hub: Hub) -> None:
        browser = Browser(hub.subscribe([worker.run]))
        await browser.read(lambda: "backlog" in browser.kinds)
        for second in range(1, 5):
            await asyncio.to_thread(lambda s=second: worker.epochs(5, seconds=float(s)))
            await asyncio.sleep(0.05)
        await browser.read(lambda: "append" in browser.last and browser.last["append"]["status"]["epoch"] == 20)
        status = browser.last["append"]["status"]
        assert (status["step"], status["epochs"], status["per_epoch"]) == (200, 100, PER_EPOCH)
        assert status["speed"] == pytest.approx(5)
        assert status["left"] == pytest.approx(16)
        assert browser.last["append"]["written"] > 1e12

    watch(store, story)


def test_a_state_that_was_kept_is_told_at_once_also_where_no_point_came(store: Store) -> None:
    worker = Worker(store)
    worker.epochs(1)

    async def story(hub: Hub) -> None:
        browser = Browser(hub.subscribe([worker.run]))
        await browser.read(lambda: "hello" in browser.last)
        assert browser.last["hello"]["status"]["state"] == ""
        await asyncio.to_thread(store.snapshots.add, worker.run, worker.attempt, [(10, 1.0, 0.1, b"state")])
        await browser.read(lambda: bool(browser.last.get("append", {}).get("status", {}).get("state")))
        assert browser.last["append"]["status"]["state"] == store.snapshots.of_run(worker.run)[0].state
        late = Browser(hub.subscribe([worker.run]))
        await late.read(lambda: "hello" in late.last)
        assert late.last["hello"]["status"]["state"] == store.snapshots.of_run(worker.run)[0].state

    watch(store, story)


def test_a_new_attempt_is_shown_from_the_step_it_goes_on_from(store: Store) -> None:
    worker = Worker(store)
    worker.epochs(5, frame=True)

    async def story(hub: Hub) -> None:
        browser = Browser(hub.subscribe([worker.run]))
        await browser.read(lambda: "backlog" in browser.kinds)
        with store.db.write() as connection:
            connection.execute(update(runs).where(runs.c.id == worker.run).values(status="queued"))
        attempt = await asyncio.to_thread(store.run_control.claim_from, worker.run, pid=2, step=30, epoch=3.0, seconds=0.1)
        await browser.read(lambda: browser.kinds.count("backlog") == 2)
        assert browser.last["hello"]["attempt"] == attempt == 2
        assert sorted(browser.loss) == list(range(1, 31))
        assert browser.kinds.count("frame") <= 1  # that of the steps that were cut off is not sent again
        # the database gives the numbers of the rows that were cut off again
        for first in (30, 40):
            losses = np.full(10, 7.0, np.float32)
            rows = [(first / 10 + 1, first + 10, 0.2, {"loss": 7.0})]
            await asyncio.to_thread(
                store.series.append,
                worker.run,
                attempt,
                step=first + 10,
                epoch=first / 10 + 1,
                seconds=0.2,
                first_step=first,
                steps_={"loss": losses},
                epochs_=rows,
            )
        await browser.read(lambda: len(browser.loss) == 50)
        assert [browser.loss[step] for step in range(31, 51)] == [7.0] * 20

    watch(store, story)


def test_a_run_that_waits_is_told_its_place(store: Store) -> None:
    first, second, third = (store.runs.create(RunSpec.parse(SPEC)) for _ in range(3))
    for run in (first, second, third):
        job = store.jobs.add("train", run_id=run)
    store.jobs.claim("w", training_at_once=1)

    async def story(hub: Hub) -> None:
        browser = Browser(hub.subscribe([third]))
        await browser.read(lambda: "backlog" in browser.last)
        assert browser.last["hello"]["status"]["place"] == 2
        store.queue.move(job, "first")
        await browser.read(lambda: "append" in browser.last and browser.last["append"]["status"]["place"] == 1)
        store.runs.claim(third, pid=1)
        await browser.read(lambda: browser.last["append"]["status"]["status"] == "running")
        assert browser.last["append"]["status"]["place"] is None

    watch(store, story)


def test_an_unknown_run_is_gone_and_leaving_ends_the_reading(store: Store) -> None:
    async def story(hub: Hub) -> None:
        browser = Browser(hub.subscribe(["nobody"]))
        await browser.read(lambda: "gone" in browser.kinds)
        hub.leave(browser.viewer)
        assert hub.channels == {}

    watch(store, story)
