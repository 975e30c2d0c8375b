"""How many seconds and how much memory reading one file may take.

On a dashboard, where anybody may bring a file, both grow with its size up to a bound; on the command line they grow without
one. NNVIZ_READ_SECONDS and NNVIZ_READ_MB, where they are set, hold for every file instead.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

MB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """`seconds` of waiting for the reading process; `bytes` of memory beyond what that process had when it began."""

    seconds: float
    bytes: int


LimitsOf = Callable[[int], Limits]
"""From the size of a file in bytes to its limits."""


def for_dashboard(size: int) -> Limits:
    """9 s and 2 s more for each MB, at most 300 s; 750 MB and 10 times the file's size, at most 4,000 MB."""
    return _set_by_owner(Limits(min(300.0, 9.0 + 2.0 * size / MB), min(4000 * MB, 750 * MB + 10 * size)))


def for_command_line(size: int) -> Limits:
    """60 s and 5 s more for each MB; 2,000 MB and 4 times the file's size."""
    return _set_by_owner(Limits(60.0 + 5.0 * size / MB, 2000 * MB + 4 * size))


def _set_by_owner(limits: Limits) -> Limits:
    seconds, megabytes = _number("NNVIZ_READ_SECONDS"), _number("NNVIZ_READ_MB")
    return Limits(seconds or limits.seconds, int(megabytes * MB) if megabytes else limits.bytes)


def _number(name: str) -> float | None:
    """What the environment says; None where it says nothing, or no number above 0."""
    try:
        value = float(os.environ.get(name, ""))
    except ValueError:
        return None
    return value if 0 < value < 1e9 else None
