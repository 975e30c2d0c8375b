import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
from sqlalchemy import update

from nnviz.spec import RunSpec
from nnviz.store import Store
from nnviz.store.schema import runs
from nnviz.stream.hub import Hub, Viewer
from tests.stream.runs import PER_EPOCH, SPEC, Worker, column, make_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


class Browser:
    """Keeps what a browser would: every step's value of each series, what was already seen dropped."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.kinds: list[str] = []
        self.loss: dict[int, float] = {}
        self.repeats = 0
        self.last: dict[str, Any] = {}
        self.frames: list[int] = []
        self._messages = viewer.messages()

    async def read(self, until: Callable[[], bool], *, seconds: float = 20) -> None:
        async def go() -> None:
            while not until():
                self.take(msgpack.unpackb(await anext(self._messages)))

        await asyncio.wait_for(go(), seconds)

    def take(self, message: dict[str, Any]) -> None:
        self.kinds.append(message["type"])
        self.last[message["type"]] = message
        if message["type"] == "backlog":
            self.loss.clear()
        if message["type"] == "frame":
            self.frames.append(message["step"])
        if "loss" in message.get("steps", {}):
            last = max(self.loss, default=0)
            columns = message["steps"]["loss"]
            for step, value in zip(column(columns, "step"), column(columns, "value"), strict=True):
                if step > last:
                    assert step not in self.loss
                    self.loss[int(step)] = float(value)
                else:
                    self.repeats += 1


def watch(store: Store, story: Callable[[Hub], Awaitable[None]], **options: Any) -> None:
    async def go() -> None:
        hub = Hub(store, **({"interval": 0.01, "idle": 0.05} | options))
        try:
            await story(hub)
        finally:
            hub.close()

    # in a thread of its own: the browser of other tests keeps a loop in this one
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, go()).result()


def test_a_viewer_gets_the_backlog_and_then_every_new_point_once(store: Store) -> None:
    worker = Worker(store)
    wanted = [worker.epochs(3)]

    async def story(hub: Hub) -> None:
        browser = Browser(hub.subscribe([worker.run]))
        await browser.read(lambda: len(browser.loss) == 30)
        assert browser.kinds[:2] == ["hello", "backlog"]
        for _ in range(5):
            wanted.append(await asyncio.to_thread(worker.epochs))
            await asyncio.sleep(0.02)
        await browser.read(lambda: len(browser.loss) == 80)
        values = np.concatenate(wanted)
        assert sorted(browser.loss) == list(range(1, 81))
        np.testing.assert_array_equal([browser.loss[step] for step in range(1, 81)], values)
        assert browser.kinds.count("backlog") == 1

    watch(store, story)


def test_viewers_that_come_while_it_trains_miss_nothing(store: Store) -> None:
    worker = Worker(store)

    async def story(hub: Hub) -> None:
        browsers = []
        for _ in range(12):
            await asyncio.to_thread(worker.epochs)
            browsers.append(Browser(hub.subscribe([worker.run])))
        await asyncio.gather(*(browser.read(lambda b=browser: len(b.loss) == 120) for browser in browsers))
        for browser in browsers:
            assert sorted(browser.loss) == list(range(1, 121))

    watch(store, story)


def test_one_reader_and_the_same_bytes_for_all_viewers(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(store)
    calls = 0
    updates = store.series.updates

    def counted(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        return updates(*arguments)

    monkeypatch.setattr(store.series, "updates", counted)

    async def story(hub: Hub) -> None:
        browsers = [Browser(hub.subscribe([worker.run])) for _ in range(20)]
        await asyncio.gather(*(browser.read(lambda b=browser: "backlog" in b.kinds) for browser in browsers))
        before = calls
        await asyncio.sleep(0.3)
        assert calls - before <= 32
        await asyncio.to_thread(worker.epochs)
        await asyncio.sleep(0.1)
        sent = [browser.viewer._queue.get_nowait() for browser in browsers]
        assert all(message is sent[0] for message in sent)

    watch(store, story)


def test_a_full_queue_forces_a_resync_and_the_picture_is_whole(store: Store) -> None:
    worker = Worker(store)

    async def story(hub: Hub) -> None:
        slow = Browser(hub.subscribe([worker.run], queue=3))
        await slow.read(lambda: "backlog" in slow.kinds)
        for _ in range(12):
            await asyncio.to_thread(worker.epochs)
            await asyncio.sleep(0.03)
        await slow.read(lambda: len(slow.loss) == 120)
        assert slow.viewer.resyncs >= 1
        assert slow.kinds.count("backlog") >= 2
        assert sorted(slow.loss) == list(range(1, 121))

    watch(store, story)


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


def test_frames_come_live_and_the_newest_to_late_viewers(store: Store) -> None:
    worker = Worker(store)

    async def story(hub: Hub) -> None:
        early = Browser(hub.subscribe([worker.run]))
        await early.read(lambda: "backlog" in early.kinds)
        for _ in range(3):
            await asyncio.to_thread(lambda: worker.epochs(frame=True))
            await asyncio.sleep(0.05)
        await early.read(lambda: bool(early.frames) and early.frames[-1] == 30)
        late = Browser(hub.subscribe([worker.run]))
        await late.read(lambda: bool(late.frames))
        assert late.frames == [30]
        body = msgpack.unpackb(late.last["frame"]["body"])
        assert len(body["values"]) == body["shape"][0] * body["shape"][1]

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


def test_what_was_just_asked_of_a_run_is_waited_for_closely(store: Store) -> None:
    worker = Worker(store)

    async def story(hub: Hub) -> None:
        browser = Browser(hub.subscribe([worker.run]))
        await browser.read(lambda: "backlog" in browser.kinds)
        await asyncio.sleep(0.1)
        hub.look(worker.run)
        await asyncio.sleep(0.2)
        await asyncio.to_thread(worker.epochs)
        await browser.read(lambda: len(browser.loss) == PER_EPOCH)

    watch(store, story, interval=60.0)


def test_two_runs_on_one_socket_carry_their_ids(store: Store) -> None:
    one, two = Worker(store), Worker(store)

    async def story(hub: Hub) -> None:
        viewer = hub.subscribe([one.run, two.run])
        kinds_by_run: dict[str, set[str]] = {one.run: set(), two.run: set()}

        async def read() -> None:
            async for message in viewer.messages():
                record = msgpack.unpackb(message)
                kinds_by_run[record["run"]].add(record["type"])
                if all("append" in kinds for kinds in kinds_by_run.values()):
                    return
                await asyncio.to_thread(one.epochs)
                await asyncio.to_thread(two.epochs)

        await asyncio.wait_for(read(), 20)
        assert all({"hello", "backlog", "append"} <= kinds for kinds in kinds_by_run.values())

    watch(store, story)


def test_an_unknown_run_is_gone_and_leaving_ends_the_reading(store: Store) -> None:
    async def story(hub: Hub) -> None:
        browser = Browser(hub.subscribe(["nobody"]))
        await browser.read(lambda: "gone" in browser.kinds)
        hub.leave(browser.viewer)
        assert hub.channels == {}

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
