"""What is said of a run's recorded moments, and what cannot be asked of them."""

import asyncio
import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgpack
import numpy as np
import pytest

from nnviz.errors import RequestError
from nnviz.stream import Hub
from nnviz.stream.moments import MOST_AT_ONCE, Asker, listed
from tests.stream.runs import Worker, make_store


def columns(message: bytes) -> dict[str, list[float]]:
    record = msgpack.unpackb(message)
    kinds = {"step": "<u4", "epoch": "<f4", "time": "<f4", "attempt": "<u4"}
    return {name: np.frombuffer(record[name], kind).tolist() for name, kind in kinds.items()}


def test_moments_are_listed_with_the_one_before_the_first_step_but_without_damaged_ones(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    worker = Worker(store)
    assert columns(listed(store, worker.run))["step"] == []
    store.snapshots.add(worker.run, worker.attempt, [(1, 0.1, 0.5, b"one"), (2, 0.2, 1.5, b"two"), (10, 1.0, 2.5, b"ten")])
    moments = columns(listed(store, worker.run))
    assert moments["step"] == [0, 1, 2, 10]
    assert moments["epoch"] == pytest.approx([0, 0.1, 0.2, 1.0])
    assert moments["time"] == [0, 0.5, 1.5, 2.5]
    assert moments["attempt"] == [worker.attempt] * 4
    other = Worker(store)
    store.snapshots.add(other.run, other.attempt, [(7, 0.7, 0.5, b"first kept"), (9, 0.9, 0.6, b"second")])
    path = next((store.snapshots.folder / other.run).glob("*.snap"))
    path.write_bytes(b"first keptsecoXX")
    with pytest.raises(Exception, match="damaged"):
        store.snapshots.get(other.run, 9)
    assert columns(listed(store, other.run))["step"] == [7]
    store.close()


def test_questions_are_bounded_and_must_name_steps(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    worker = Worker(store)

    class Silent:
        def put(self, message: bytes) -> None:
            raise AssertionError("no worker has answered")

    async def ask() -> None:
        asker = Asker(Hub(store), Silent())  # type: ignore[arg-type]
        for steps in (None, [], "all", [-1], [True], list(range(41)), [2**40]):
            with pytest.raises(RequestError, match="1 to 40 steps"):
                asker.ask({"run": worker.run, "command": "moment", "steps": steps})
        for _number in range(MOST_AT_ONCE):
            asker.ask({"run": worker.run, "command": "moment", "steps": [1]})
        with pytest.raises(RequestError, match="too many"):
            asker.ask({"run": worker.run, "command": "moments"})
        while len(store.jobs.open_jobs()) < MOST_AT_ONCE:
            await asyncio.sleep(0.01)
        # a viewer that leaves takes its questions back
        asker.close()
        while store.jobs.open_jobs():
            await asyncio.sleep(0.01)

    with ThreadPoolExecutor(1) as beside:  # a browser test of this process may have a loop in this thread
        beside.submit(lambda: asyncio.run(asyncio.wait_for(ask(), 20))).result()
    store.close()


def test_a_view_is_of_the_moment_that_was_asked_for_or_of_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store(tmp_path)
    worker = Worker(store)
    asked: list[dict[str, object]] = []
    sent: list[dict[str, object]] = []

    def result(_store: object, _job: int) -> dict[str, object]:
        (step,) = asked[-1]["steps"]  # type: ignore[misc]
        body = base64.b64encode(b"picture").decode()
        return {"moments": [{"step": step, "why": "gone"} if step == 99 else {"step": step, "view": "network", "body": body}]}

    monkeypatch.setattr("nnviz.stream.moments.jobs.submit", lambda *_a, payload, **_k: asked.append(payload) or len(asked))
    monkeypatch.setattr("nnviz.stream.moments.jobs.result", result)

    class Viewer:
        def put(self, message: bytes) -> None:
            sent.append(msgpack.unpackb(message))

    async def ask(wanted: dict[str, object]) -> dict[str, object]:
        sent.clear()
        asker = Asker(Hub(store), Viewer())  # type: ignore[arg-type]
        asker.ask({"run": worker.run, "command": "view", "view": "network", **wanted})
        while not sent:
            await asyncio.sleep(0.01)
        return sent[0]

    def answer(**wanted: object) -> dict[str, object]:
        with ThreadPoolExecutor(1) as beside:
            return beside.submit(lambda: asyncio.run(asyncio.wait_for(ask(wanted), 20))).result()

    assert "no moment of this run is kept yet" in str(answer()["why"])
    store.snapshots.add(worker.run, worker.attempt, [(1, 0.1, 0.5, b"one"), (10, 1.0, 2.5, b"ten")])
    first = answer()
    state = first.pop("state")
    assert first == {"type": "view", "run": worker.run, "view": "network", "step": 10, "body": b"picture"}
    assert asked[-1] == {"steps": [10], "view": "network"}
    # nothing is computed while the viewer has the newest
    count = len(asked)
    assert answer(state=state) == {"type": "view", "run": worker.run, "view": "network", "step": 10, "state": state}
    assert len(asked) == count
    store.snapshots.add(worker.run, worker.attempt, [(11, 1.1, 2.6, b"eleven")])
    newer = answer(state=state)
    assert (newer["step"], newer["body"]) == (11, b"picture")
    assert newer["state"] != state
    assert answer(step=1, choice={"row": 3})["step"] == 1
    assert asked[-1] == {"steps": [1], "view": "network", "choice": {"row": 3}}
    assert answer(step=99)["why"] == "gone"
    for wanted in (
        {"view": ""},
        {"view": 3},
        {"view": "x" * 41},
        {"step": -1},
        {"step": True},
        {"step": "1"},
        {"choice": []},
        {"choice": {"a": "x" * 2000}},
    ):
        with pytest.raises(RequestError):
            answer(**wanted)
    store.close()


@pytest.fixture(autouse=True)
def _no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnviz.jobs.launcher.ensure_supervisor", lambda url: None)
