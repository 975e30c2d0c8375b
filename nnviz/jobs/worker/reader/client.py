"""Asks for a reading process and watches over it."""

import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import psutil

from nnviz.errors import DataError, RunError, from_json
from nnviz.jobs.launcher import log_folder, start_module
from nnviz.jobs.worker.reader import transfer
from nnviz.jobs.worker.reader.limits import MB, Limits, LimitsOf, for_dashboard

LOOK = 0.02
"""Seconds between two looks at the memory of a child: a computer fills some 100 MB meanwhile."""
TICK = 0.2
START_SECONDS = 120.0


class Cancelled(RunError):
    """Nobody wants what was being read any more."""


class Reader:
    """A server of reading processes, at the other end of `control`."""

    def __init__(self, control: socket.socket, process: "subprocess.Popen[bytes] | None" = None) -> None:
        self.control = control
        self.process = process

    def run(
        self,
        task: str,
        arguments: dict[str, Any],
        *,
        limits: Limits,
        name: str,
        on_progress: Callable[[str], None] | None = None,
        tick: Callable[[], None] | None = None,
    ) -> Any:
        """The first item that a task gives (see `work.TASKS`). `name`: the file's, for messages. `on_progress` is called with a
        message of how far it is; `tick` is called some times a second, and whatever it raises ends the reading.

        Raises what the task raised, and DataError where it took more than the limits or crashed."""
        return next(self.stream(task, arguments, limits=limits, name=name, on_progress=on_progress, tick=tick))

    def stream(
        self,
        task: str,
        arguments: dict[str, Any],
        *,
        limits: Limits,
        name: str,
        on_progress: Callable[[str], None] | None = None,
        tick: Callable[[], None] | None = None,
    ) -> Iterator[Any]:
        """The items of a task, one after another; see `run`. The process ends with the iterator."""
        ours, theirs = socket.socketpair()
        pid = 0
        try:
            with theirs:
                socket.send_fds(self.control, [b"."], [theirs.fileno()])
            ours.settimeout(START_SECONDS)
            pid = transfer.receive(ours)[1]
            ours.settimeout(None)
            watch = _Watch(pid, limits, name, tick)
            transfer.send(ours, (task, arguments))
            while True:
                kind, value = watch.next_message(ours)
                if kind == "item":
                    yield value
                    with suppress(OSError):
                        transfer.send(ours, None)
                elif kind == "progress":
                    if on_progress is not None:
                        on_progress(value)
                elif kind == "end":
                    return
                elif kind == "memory":
                    raise watch.too_much_memory()
                else:
                    raise from_json(value)
        except TimeoutError as error:
            raise RunError("the process that reads files did not start", where=name, remedy="Try again.") from error
        finally:
            ours.close()
            if pid:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)


class _Watch:
    """Over one child: its clock runs only while somebody waits for it."""

    def __init__(self, pid: int, limits: Limits, name: str, tick: Callable[[], None] | None) -> None:
        self.process = psutil.Process(pid)
        self.limits, self.name, self.tick = limits, name, tick
        self.before = self._memory()
        self.waited = 0.0
        self.next_tick = TICK

    def next_message(self, connection: socket.socket) -> tuple[str, Any]:
        """Raises DataError where a limit is passed or the child is gone."""
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        since = time.monotonic()
        while not poll.poll(1000 * LOOK):
            now = time.monotonic()
            self.waited, since = self.waited + now - since, now
            if self.waited > self.limits.seconds:
                raise DataError(
                    f"reading takes more than {self.limits.seconds:,.0f} s",
                    where=self.name,
                    remedy="Give fewer rows or columns, or ask whoever runs this server to raise NNVIZ_READ_SECONDS.",
                )
            if self._memory() - self.before > self.limits.bytes:
                raise self.too_much_memory()
            if self.tick is not None and self.waited >= self.next_tick:
                self.next_tick = self.waited + TICK
                self.tick()
        self.waited += time.monotonic() - since
        try:
            kind, value = transfer.receive(connection)
        except (EOFError, OSError) as error:
            raise DataError(
                "the process that read this file ended early",
                where=self.name,
                remedy="The file may be damaged, or memory ran out: save it again, or give fewer rows.",
            ) from error
        return kind, value

    def too_much_memory(self) -> DataError:
        return DataError(
            f"reading takes more than {self.limits.bytes / MB:,.0f} MB of memory",
            where=self.name,
            remedy="Give fewer rows or columns, or ask whoever runs this server to raise NNVIZ_READ_MB.",
        )

    def _memory(self) -> int:
        try:
            return int(self.process.memory_info().rss)
        except psutil.Error:
            return 0


_lock = threading.Lock()
_mine: tuple[int, Reader] | None = None
limits_of: LimitsOf = for_dashboard
_limits_within: ContextVar[LimitsOf | None] = ContextVar("limits", default=None)


def use_limits(of: LimitsOf) -> None:
    """Which limits hold for what this process reads from now on."""
    global limits_of
    limits_of = of


@contextmanager
def within_limits(of: LimitsOf | None) -> Iterator[None]:
    """Which limits hold for what is read within; None: those of this process."""
    before = _limits_within.set(of)
    try:
        yield
    finally:
        _limits_within.reset(before)


def limits_for(size: int) -> Limits:
    """Of a file of so many bytes."""
    return (_limits_within.get() or limits_of)(size)


def reader() -> Reader:
    """This process's own, started at its first use, and again where it is gone."""
    global _mine
    with _lock:
        if _mine is None or _mine[0] != os.getpid() or not _is_there(_mine[1]):
            _mine = os.getpid(), _started()
        return _mine[1]


def start_forked() -> None:
    """Starts it as a fork of this process, which has not loaded TensorFlow and has one thread: what it has imported is shared
    with it, and costs neither time nor memory again."""
    global _mine
    from nnviz.jobs.worker.reader import server

    server.load()
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        code = 1
        try:
            ours.close()
            server.serve(theirs)
            code = 0
        finally:
            os._exit(code)
    theirs.close()
    _mine = os.getpid(), Reader(ours)


def _started() -> Reader:
    ours, theirs = socket.socketpair()
    with theirs:
        process = start_module(
            "nnviz.jobs.worker.reader.server", str(theirs.fileno()), log=log_folder() / "reader.log", pass_fds=[theirs.fileno()]
        )
    return Reader(ours, process)


def _is_there(known: Reader) -> bool:
    """Whether the server's end is still open."""
    poll = select.poll()
    poll.register(known.control, 0)
    return not any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))
