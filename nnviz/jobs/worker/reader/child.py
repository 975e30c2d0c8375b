"""The process that reads one file: it does one task for one connection and leaves."""

import os
import queue
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from nnviz.errors import DataError, NnvizError, Unexpected
from nnviz.jobs.worker.reader import transfer
from nnviz.jobs.worker.reader.work import TASKS

AHEAD = 2
"""Items that are made before the first has been taken."""
TELL_SECONDS = 0.1
Send = Callable[[str, Any], None]


def warm_up() -> None:
    """Reads a small table: what pandas and Arrow set up at their first use is there when a file comes."""
    text = "a,b,c\n" + "".join(f"{7 * row % 11}.5,{row % 3},{'xyz'[row % 3]}\n" for row in range(60))
    spec = {
        "data": {"kind": "file", "path": "warm.csv", "sha256": "warm"},
        "layers": [],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam"},
    }
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(text.encode())
        next(TASKS["report"](spec=spec, files={"warm": file}, base=None, tell=lambda words: None))


def work(connection: socket.socket) -> None:
    """Says its process id, takes a task and answers with ("item", value) as often as the task gives one, then "end"; with
    "error" or "memory" where it fails, and "progress" in between."""
    with suppress(OSError, EOFError):  # whoever asked is gone
        _be_first_to_go()
        transfer.send(connection, ("pid", os.getpid()))
        task, arguments = transfer.receive(connection)
        _answer(connection, task, arguments)


def _answer(connection: socket.socket, task: str, arguments: dict[str, Any]) -> None:
    wanted: queue.SimpleQueue[None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(connection, wanted), daemon=True).start()

    def send(kind: str, value: Any) -> None:
        transfer.send(connection, (kind, value))

    try:
        for number, item in enumerate(_items(task, arguments, send)):
            if number >= AHEAD:
                wanted.get()
            send("item", item)
        send("end", None)
    except NnvizError as error:
        send("error", error.to_json())
    except MemoryError:
        send("memory", None)
    except OSError as error:
        send(
            "error",
            DataError(
                f"cannot be read ({error.strerror or type(error).__name__})", remedy="Check the file and the disk."
            ).to_json(),
        )
    except Exception as error:
        send("error", Unexpected.logged(error, where="reading the file").to_json())


def _items(task: str, arguments: dict[str, Any], send: Send) -> Iterator[Any]:
    last = 0.0

    def tell(words: str) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_SECONDS:
            last = time.monotonic()
            send("progress", words)

    return TASKS[task](tell=tell, **arguments)


def _listen(connection: socket.socket, wanted: "queue.SimpleQueue[None]") -> None:
    """Counts the items that were taken; where nobody listens any more the process is of no use."""
    while True:
        try:
            transfer.receive(connection)
        except (OSError, EOFError):
            os._exit(1)
        wanted.put(None)


def _be_first_to_go() -> None:
    """Where memory is short the system takes this process, and not the one that trains."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("900")
