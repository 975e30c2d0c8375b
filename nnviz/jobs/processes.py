"""Processes of this host as the supervisor sees them: the workers it started, whether one lives, and why one ended."""

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

LOG_TAIL = 8000
"""Bytes of a worker's log that are kept with the run it leaves."""


@dataclass
class Child:
    """A worker that the supervisor started. `born`: when, by this process's monotonic clock; `leaving`: whether it is to go
    once its successor is warm, or has been told to."""

    process: "subprocess.Popen[bytes]"
    log: Path
    born: float
    tuning: str = ""
    leaving: bool = False


def is_alive(pid: int) -> bool:
    """Of a process on this host; one that has ended and was not yet taken note of is not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def resident_bytes(pid: int) -> int:
    """The memory that a process holds; 0 where it is gone or may not be looked at."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def exit_reason(code: int) -> str:
    """What an exit code says, as a predicate: "was killed (SIGKILL: ...)"."""
    if code >= 0:
        return f"ended by itself with exit code {code}"
    name = signal.Signals(-code).name
    hint = ": perhaps by hand, perhaps by the system for lack of memory" if name == "SIGKILL" else ""
    return f"was killed ({name}{hint})"


def log_tail(path: Path) -> str:
    """The end of a log; empty where it cannot be read."""
    try:
        return path.read_bytes()[-LOG_TAIL:].decode("utf-8", "replace")
    except OSError:
        return ""
