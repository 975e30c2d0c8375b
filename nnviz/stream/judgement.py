"""What the doctor said of a run, as it is sent to browsers."""

import math
from collections.abc import Mapping
from typing import Any

from nnviz.store import Run
from nnviz.stream import messages

_TEXTS = ("rule", "title", "text", "why", "what_is_this", "what_to_do")


def judgement(run: Run) -> dict[str, Any] | None:
    """The run's last judgement: {"step", "findings"}; None where nobody has judged it. Only findings that can be shown: those of
    a run from a file may be anything."""
    if run.findings is None:
        return None
    step = run.info["doctor"].get("step")
    return {"step": int(step) if _is_number(step) else 0, "findings": [*filter(_can_be_shown, run.findings)]}


def packed(run: Run) -> bytes:
    """The message `judgement`."""
    return messages.pack("judgement", run.id, judgement=judgement(run))


def _can_be_shown(finding: Any) -> bool:
    if not isinstance(finding, Mapping) or not all(isinstance(finding.get(name), str) for name in _TEXTS):
        return False
    since, remedy, evidence = (finding.get(name) for name in ("since", "remedy", "evidence"))
    return (
        _is_number(finding.get("confidence"))
        and isinstance(since, Mapping)
        and all(_is_number(since.get(name)) for name in ("step", "epoch"))
        and (remedy is None or _is_remedy(remedy))
        and isinstance(evidence, list)
        and all(map(_is_mark, evidence))
    )


def _is_remedy(remedy: Any) -> bool:
    step = remedy.get("from_step", math.nan) if isinstance(remedy, Mapping) else math.nan
    return (step is None or _is_number(step)) and isinstance(remedy.get("set"), Mapping)


def _is_mark(mark: Any) -> bool:
    return (
        isinstance(mark, Mapping)
        and isinstance(mark.get("series"), str)
        and isinstance(mark.get("text"), str)
        and all(_is_number(mark.get(name)) for name in ("first", "last"))
        and (mark.get("level") is None or _is_number(mark["level"]))
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
