import asyncio
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest

from nnviz.store import Store
from nnviz.stream.hub import Hub
from tests.stream.following import Browser, watch
from tests.stream.runs import PER_EPOCH, Worker, make_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


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
        assert slow.kinds.count("backlog") >= 2
        assert sorted(slow.loss) == list(range(1, 121))

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
