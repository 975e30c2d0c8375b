"""The process that children are forked from. It has loaded what reading needs and reads no file itself, so every child begins
clean; one child is always there ahead and has read a small table, so the first file does not pay for what is loaded lazily.

`python -m nnviz.jobs.worker.reader.server DESCRIPTOR`, or a fork of a worker before it loads TensorFlow.
"""

import gc
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module

from nnviz.errors import log_unexpected_to
from nnviz.store import home

_NEEDED = (
    "nnviz.jobs.worker.reader.child",
    "nnviz.jobs.worker.reader.work",
    "pyarrow.csv",
    "pyarrow.parquet",
    "charset_normalizer",
    "PIL.PngImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
)
WARM_SECONDS = 0.3
"""How long a child waits for work before it warms up: the one before it has just begun, and needs the cores."""


def load() -> None:
    """Imports what a child needs. No thread is left behind by it, so that forking is safe."""
    for name in _NEEDED:
        import_module(name)


def serve(control: socket.socket) -> None:
    """Gives each connection that comes over `control` to a child; returns once its other end is closed. No child lives on
    after that."""
    # Ctrl+C in a terminal goes to all of its processes; it is for the one that asked to end the children
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    log_unexpected_to(home() / "logs" / "errors.log")
    load()
    # a collection in a child would otherwise copy the pages of everything that was loaded here
    gc.collect()
    gc.freeze()
    children: set[int] = set()
    spare = _forked(control, children)
    while True:
        try:
            byte, descriptors, _flags, _address = socket.recv_fds(control, 1, 1)
        except OSError:
            byte, descriptors = b"", []
        if not byte:
            break
        try:
            socket.send_fds(spare, [b"."], descriptors)
        except OSError:
            # it was killed while it waited
            spare = _forked(control, children)
            socket.send_fds(spare, [b"."], descriptors)
        os.close(descriptors[0])
        spare.close()
        children -= {pid for pid in children if os.waitpid(pid, os.WNOHANG)[0] == pid}
        spare = _forked(control, children)
    for pid in children:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _forked(control: socket.socket, children: set[int]) -> socket.socket:
    """A new child, among the `children` from now on: the socket over which it takes the one connection that it works for."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid:
        theirs.close()
        children.add(pid)
        return ours
    try:
        control.close()
        ours.close()
        _wait_and_work(theirs)
    finally:
        os._exit(1)


def _wait_and_work(waiting: socket.socket) -> None:
    """Of a child: warms up, takes its connection, does the work and leaves."""
    from nnviz.jobs.worker.reader import child

    if not select.select([waiting], [], [], WARM_SECONDS)[0]:
        child.warm_up()
    byte, descriptors, _flags, _address = socket.recv_fds(waiting, 1, 1)
    if byte:
        child.work(socket.socket(fileno=descriptors[0]))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
