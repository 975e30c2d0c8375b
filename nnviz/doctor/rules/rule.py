"""What a rule is."""

from collections.abc import Callable
from dataclasses import dataclass

from nnviz.doctor.evidence import Evidence
from nnviz.doctor.finding import Verdict


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that can be wrong. `name`: for programs; `title`: for people; `explains`: names of rules whose findings are its
    consequences where both hold. `why`: two sentences of why it happens; `what_is_this`: three sentences for a learner. `judge`:
    the verdict on evidence, None where the rule does not hold or cannot tell."""

    name: str
    title: str
    why: str
    what_is_this: str
    judge: Callable[[Evidence], Verdict | None]
    explains: tuple[str, ...] = ()
    is_early: bool = False
    """Whether it can be asked of a run that has only begun; others judge what was learned."""
