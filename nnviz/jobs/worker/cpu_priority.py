"""A worker that loads TensorFlow keeps two cores busy for seconds. Meanwhile others go first: a page that opens, a web
process that starts again.

Linux shares the cores out between sessions first, and a worker has one of its own: a nice value of the process would say
nothing to the others, that of the session does (sched(7), "The autogroup feature"). Where there is none, nothing changes."""

import os
from contextlib import suppress
from pathlib import Path

SESSION = Path("/proc/self/autogroup")
LOADING = 5
"""A third of the weight of the others: low enough for them, high enough to get ready beside a run on all cores."""


def begin() -> None:
    _set(LOADING)


def end() -> None:
    _set(0)


def _set(nice: int) -> None:
    # in a session of somebody else's, such as a shell's, it is not for this process to say
    if os.getsid(0) == os.getpid():
        with suppress(OSError):
            SESSION.write_text(str(nice))
