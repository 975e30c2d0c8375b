"""One reader a run, however many watch it: what is new in the store is encoded once and handed to every viewer.

A viewer subscribes first and reads the backlog then, so nothing falls between the two; the browser drops what it has
seen. A viewer too slow for its queue loses the queue and gets the backlog again: memory is bounded, and the picture is
whole.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from nnviz.errors import NotFound
from nnviz.store import Store
from nnviz.store.records import Cursor, Run, Updates
from nnviz.stream import judgement, messages
from nnviz.stream.opening import is_kept, newest_state, opening
from nnviz.stream.progress import Progress
from nnviz.stream.server_store import StoreGone, check_there

log = logging.getLogger(__name__)

QUEUE = 128
PLACE_SECONDS = 0.5
"""Between two reads of a queued run's place."""
ALERT_SECONDS, ALERT_INTERVAL = 1.0, 0.02
"""After a command, a run is polled for so many seconds at that interval (also seconds)."""


class Viewer:
    """One socket: the runs it watches and the messages that wait for it."""

    def __init__(self, hub: "Hub", run_ids: Iterable[str], *, queue: int = QUEUE) -> None:
        self.run_ids = tuple(dict.fromkeys(run_ids))
        self._hub = hub
        self.end = ""
        """Why the stream has ended; empty while it has not."""
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(maxsize=queue)
        self._stale = list(self.run_ids)

    def put(self, message: bytes) -> None:
        """Never blocks: a full queue is emptied, and the backlog of all its runs is sent again."""
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            while not self._queue.empty():
                self._queue.get_nowait()
            self.resync()

    def resync(self, run_id: str | None = None) -> None:
        """Send the backlog of one run (or of all) again."""
        self._stale = list(dict.fromkeys([*self._stale, *([run_id] if run_id else self.run_ids)]))
        if self._queue.empty():
            self._queue.put_nowait(b"")

    def stop(self, why: str) -> None:
        """Ends the stream of messages; `why` is for the user."""
        self.end = why
        if self._queue.empty():
            self._queue.put_nowait(b"")

    async def messages(self) -> AsyncIterator[bytes]:
        """Every message in order, without end, or until `end` is set."""
        while not self.end:
            while self._stale and not self.end:
                run_id = self._stale.pop(0)
                for message in await self._hub.opening(run_id):
                    yield message
            message = await self._queue.get()
            if message:
                yield message


class Channel:
    """Follows one run for as long as somebody watches it."""

    def __init__(self, hub: "Hub", run_id: str) -> None:
        self.run_id = run_id
        self.viewers: set[Viewer] = set()
        self.task: asyncio.Task[None] | None = None
        self.asked = asyncio.Event()
        self._alert_until = 0.0
        self._is_anew = False
        self._hub = hub
        self._cursor: Cursor | None = None
        self._run: Run | None = None
        self._progress = Progress()
        self._place: int | None = None
        self._next_place = 0.0
        self._state = ""
        self._frames: dict[str, bytes] = {}
        self._reading = asyncio.Lock()
        self._reads = 0
        self._latest: list[bytes] = []
        self._caught_up = asyncio.Event()

    def look(self) -> None:
        """Polls at once, and often for a moment: a command to the run is about to take effect."""
        self._alert_until = time.monotonic() + ALERT_SECONDS
        self.asked.set()

    async def follow(self) -> None:
        while True:
            try:
                sent = await self._hub.call(self._read)
            except StoreGone as error:
                self._caught_up.set()
                for viewer in tuple(self.viewers):
                    viewer.stop(str(error))
                return
            except NotFound:
                self._caught_up.set()
                sent = [messages.pack("gone", self.run_id)]
                self._run = None
            except Exception:
                log.exception("the stream of run %s could not read the store; it tries again", self.run_id)
                sent = []
                await asyncio.sleep(self._hub.idle)
            first = not self._caught_up.is_set()
            self._caught_up.set()
            for viewer in self.viewers if self._is_anew else ():
                viewer.resync(self.run_id)
            self._is_anew = False
            for viewer in () if first else tuple(self.viewers):
                for message in sent:
                    viewer.put(message)
            wait = self._hub.interval if self._run and not self._run.is_ended else self._hub.idle
            if time.monotonic() < self._alert_until:
                wait = min(wait, ALERT_INTERVAL)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.asked.wait(), wait)
            self.asked.clear()

    def _read(self) -> list[bytes]:
        """What is new, as messages; runs in a thread."""
        store = check_there(self._hub.store)
        if self._cursor is None:
            self._cursor = store.series.tail(self.run_id)
        updates = store.series.updates(self.run_id, self._cursor)
        self._cursor = updates.cursor
        sent: list[bytes] = []
        before, run = self._run, updates.run or self._run
        if run is None:
            raise NotFound(f"there is no run {self.run_id!r}")
        self._run = run
        if before is not None and run.attempt > before.attempt:
            # The rows past the state it resumes from were deleted, and their ids may be reused: all is sent again.
            self._cursor = store.series.tail(self.run_id)
            self._frames.clear()
            self._progress = Progress()
            self._is_anew = True
            return []
        if self._is_moved(run) or self._has_new_state(run) or updates.run or updates.steps or updates.epochs or updates.events:
            sent.append(self._append(run, updates))
        if run.info.get("doctor") != (before.info.get("doctor") if before else None):
            sent.append(judgement.packed(run))
        for row in updates.frames:
            self._frames[row.view] = messages.frame(self.run_id, row)
            sent.append(self._frames[row.view])
        if run.is_ended and before is not None and not before.is_ended:
            sent.append(messages.pack("end", self.run_id, status=run.status))
        return sent

    def _is_moved(self, run: Run) -> bool:
        """Whether the place of a queued run has changed."""
        now, before = time.monotonic(), self._place
        if run.status != "queued":
            self._place = None
        elif now >= self._next_place:
            self._next_place = now + PLACE_SECONDS
            self._place = self._hub.store.queue.place(run.id)
        return self._place != before

    def _has_new_state(self, run: Run) -> bool:
        """Whether another state is the newest that was kept: views of it are asked for as soon as that is known."""
        before = self._state
        self._state = newest_state(self._hub.store, run)
        return self._state != before

    def _append(self, run: Run, updates: Updates) -> bytes:
        written = max((block.written for block in updates.steps), default=0.0)
        return messages.pack(
            "append",
            self.run_id,
            attempt=run.attempt,
            steps=messages.step_columns(updates.steps),
            epochs=messages.epoch_columns(updates.epochs),
            events=messages.event_maps(updates.events),
            status=self._progress.status(run, place=self._place, is_kept=is_kept(self._hub.store, run), state=self._state),
            written=written * 1000,
        )

    async def opening(self) -> list[bytes]:
        """hello, backlog and the newest frames. Viewers that ask at the same time share one read, as long as it began
        after they subscribed."""
        await self._caught_up.wait()
        asked = self._reads
        async with self._reading:
            if self._reads == asked:
                self._reads += 1
                self._latest = await self._hub.call(self._read_opening)
            return self._latest

    def _read_opening(self) -> list[bytes]:
        store = self._hub.store
        try:
            run = store.runs.get(self.run_id)
        except NotFound:
            return [messages.pack("gone", self.run_id)]
        place = store.queue.place(run.id) if run.status == "queued" else None
        return opening(store, run, tuple(self._frames.values()), place=place)


class Hub:
    """All channels of one web process. Belongs to the event loop it is first used in.

    `interval` (seconds) is the shortest time between two updates of a run, `idle` between two looks at one that has
    ended."""

    def __init__(self, store: Store, *, interval: float = 0.07, idle: float = 1.5) -> None:
        self.store = store
        self.interval = interval
        self.idle = idle
        self.channels: dict[str, Channel] = {}
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="nnviz-hub")

    async def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Runs a blocking function in one of the hub's threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    def subscribe(self, run_ids: Iterable[str], *, queue: int = QUEUE) -> Viewer:
        """A viewer of these runs, from which its socket reads; each run that nobody else watches is followed from now on.
        `queue`: how many messages may wait for it before it is sent the backlog anew."""
        viewer = Viewer(self, run_ids, queue=queue)
        for run_id in viewer.run_ids:
            channel = self.channels.get(run_id)
            if channel is None:
                channel = self.channels[run_id] = Channel(self, run_id)
                channel.task = asyncio.create_task(channel.follow())
            channel.viewers.add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """Ends a subscription. A run that nobody watches any more is no longer read."""
        for run_id in viewer.run_ids:
            channel = self.channels.get(run_id)
            if channel is None:
                continue
            channel.viewers.discard(viewer)
            if not channel.viewers:
                del self.channels[run_id]
                if channel.task:
                    channel.task.cancel()

    def look(self, run_id: str) -> None:
        """Polls a run at once, after a command to it."""
        if channel := self.channels.get(run_id):
            channel.look()

    async def opening(self, run_id: str) -> list[bytes]:
        """The messages that a viewer gets first: hello, backlog, the newest frames; none for a run nobody has subscribed to."""
        channel = self.channels.get(run_id)
        return await channel.opening() if channel else []

    def close(self) -> None:
        """Stops following every run, without waiting for reads that are under way."""
        for channel in self.channels.values():
            if channel.task:
                channel.task.cancel()
        self.channels.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)
