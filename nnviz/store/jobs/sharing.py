"""Which of the runs that wait a worker may take beside those that it has.

A run uses the processor, or it rests: paused, or at pace `watch` or `step` and asleep most of the time. Those that use it hold
one of the places that `training_at_once` counts, and a worker has one of them at most; those that rest hold none. Small ones
share a worker, a large one has it for itself but for small ones that rest.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.engine import Row

MOST_RUNS = 16
"""Runs that one worker trains in turns."""
MOST_OF_GROUPS = 8
"""Of these, members of groups: what somebody else starts meanwhile finds a place."""


@dataclass(frozen=True)
class Sharing:
    """A run that trains or waits. `is_member`: of a group."""

    worker: str | None
    is_small: bool
    rests: bool
    is_member: bool


def sharing(row: Row[Any]) -> Sharing:
    """Of a row of a job with its run's `run_status`, `control` and `group_id`, all None where there is no run. What is small is
    taken to rest at pace `watch` and `step` until its worker says otherwise."""
    is_small = _read(row.payload).get("small") is True
    if row.run_status == "paused" and row.status == "running":
        rests = True
    elif _read(row.control).get("pace", "full") == "full":
        rests = False
    else:
        progress = _read(row.result).get("progress")
        rests = progress.get("rests", is_small) if isinstance(progress, dict) else is_small
    return Sharing(row.worker, is_small, rests is True, row.group_id is not None)


def may_take(held: Sequence[Sharing], one: Sharing, *, others_idle: bool) -> bool:
    """Whether a worker that trains `held` may take one more. `others_idle`: whether another worker could that has nothing to
    do."""
    if not held:
        return True
    if len(held) >= MOST_RUNS or not (one.is_small or all(other.is_small for other in held)):
        return False
    if one.rests:
        is_full = one.is_member and sum(other.is_member for other in held) >= MOST_OF_GROUPS
        return not is_full and not (others_idle and not all(other.is_small for other in held))
    return all(other.rests for other in held) and not others_idle


def slots(training: Iterable[Sharing]) -> dict[str, int]:
    """Of each worker that trains, how many of its runs use the processor."""
    counts: dict[str, int] = {}
    for one in training:
        counts[one.worker or ""] = counts.get(one.worker or "", 0) + (not one.rests)
    return counts


@lru_cache(4096)
def _read(text: str | None) -> dict[str, Any]:
    """Every worker asks many times a second about the same rows."""
    try:
        document = json.loads(text or "{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
