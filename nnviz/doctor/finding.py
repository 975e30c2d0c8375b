"""What a rule concludes, and what of it goes to people and programs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple


class Mark(NamedTuple):
    """A stretch of a chart that shows a finding: the `series` (`val_loss`, `batch_loss`; `layers` for the view of that name),
    from the step `first` to the step `last`; `level`: a value to draw a line at, such as the baseline, None for none; `text`:
    what it shows, in a few words."""

    series: str
    first: int
    last: int
    level: float | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a rule says of a run: it holds since the step `since`, with a `confidence` from 0 to 1. `text`: one sentence with the
    numbers; `what_to_do`: one sentence. `where`: the path of what is concerned, None for the whole. `change`: settings by path,
    of a run that mends it; `from_step`: the recorded moment from which a branch with them begins, None for a new run. `marks`:
    the evidence on charts."""

    since: int
    confidence: float
    text: str
    what_to_do: str
    where: str | None = None
    change: Mapping[str, Any] = field(default_factory=dict)
    from_step: int | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A verdict with the rule that it is from. `rule`: its name; `title`: what it is called; `since_step`, `since_epoch`: when it
    began; `confidence` 0 to 1; `where`, `text`, `what_to_do` as in the verdict; `why`: two sentences of why such a thing happens;
    `what_is_this`: three for a learner; `remedy`: {"from_step", "set"} or None; `evidence`: marks on charts; `also`: the rules of
    findings that this one explains, `also_titles`: what these are called."""

    rule: str
    title: str
    since_step: int
    since_epoch: float
    confidence: float
    where: str | None
    text: str
    why: str
    what_is_this: str
    what_to_do: str
    remedy: Mapping[str, Any] | None
    evidence: tuple[Mark, ...] = ()
    also: tuple[str, ...] = ()
    also_titles: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the command line, events of runs and pages have it."""
        record = asdict(self)
        for name in ("since_step", "since_epoch", "evidence"):
            del record[name]
        return record | {
            "since": {"step": self.since_step, "epoch": round(self.since_epoch, 3)},
            "confidence": round(self.confidence, 2),
            "evidence": [mark._asdict() for mark in self.evidence],
            "also": list(self.also),
            "also_titles": list(self.also_titles),
        }
