"""A hub that follows runs, and what a browser would make of its messages."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgpack

from nnviz.store import Store
from nnviz.stream.hub import Hub, Viewer
from tests.stream.runs import column


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
