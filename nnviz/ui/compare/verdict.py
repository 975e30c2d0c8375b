"""The verdict on what is chosen: whether one side is better than another, as far as that can be known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnviz.ui.common.i18n import _
from nnviz.ui.compare.entries import Entry
from nnviz.verdict import words
from nnviz.verdict.entrants import Entrant, Matched, Refusal, match
from nnviz.verdict.judge import ManyVerdict, Verdict, judge, judge_many

MOST_SIDES = 12
"""More are not judged: of so many pairs hardly one could still be claimed."""


@dataclass(frozen=True)
class Answer:
    """`names` and `ids` of the sides; `refusal`: why there is no verdict, else empty; of two sides `verdict`, of more `many`,
    with the results that they come from, and `notes` on these. `has_groups`: whether a side is more than one run."""

    names: tuple[str, ...]
    ids: tuple[str, ...]
    has_groups: bool
    refusal: str = ""
    matched: Matched | None = None
    verdict: Verdict | None = None
    many: ManyVerdict | None = None

    @property
    def text(self) -> str:
        """The sentence."""
        if self.verdict is not None:
            return words.sentence(self.verdict, self.names[0], self.names[1], _)
        return words.of_many(self.many, self.names, _) if self.many is not None else self.refusal

    @property
    def metric(self) -> str:
        """What was compared; empty where nothing was."""
        return "" if self.matched is None else self.matched.results.measure.name

    @property
    def best(self) -> str:
        """The id of the side that is better than each of the others; empty where none is shown to be."""
        if self.verdict is not None and self.verdict.is_better is not None:
            return self.ids[0 if self.verdict.is_better else 1]
        return self.ids[self.many.best] if self.many is not None and self.many.best is not None else ""


def verdict_of(entries: Sequence[Entry], *, url: str) -> Answer | None:
    """Of entries of the store with this URL, worked out once for the state they are in; None where there is one alone."""
    state = tuple((entry.id, entry.name, tuple((run.id, run.revision) for run in entry.runs)) for entry in entries)
    return _verdict_of(entries, url, state)


@st.cache_data(max_entries=32, show_spinner=False)
def _verdict_of(_entries: Sequence[Entry], url: str, state: tuple[Any, ...]) -> Answer | None:
    entrants = [Entrant(entry.id, entry.name, entry.runs) for entry in _entries]
    if len(entrants) < 2:
        return None
    called, ids = tuple(entrant.name for entrant in entrants), tuple(entrant.id for entrant in entrants)
    has_groups = any(len(entrant.members) > 1 for entrant in entrants)
    if not has_groups:
        return Answer(called, ids, has_groups, words.one_each(_))
    if len(entrants) > MOST_SIDES:
        text = _("{n} are chosen: verdicts are given on up to {most}.").format(n=len(entrants), most=MOST_SIDES)
        return Answer(called, ids, has_groups, text)
    matched = match(entrants)
    if isinstance(matched, Refusal):
        return Answer(called, ids, has_groups, matched.why.words(_))
    if len(entrants) == 2:
        return Answer(called, ids, has_groups, matched=matched, verdict=judge(matched.results))
    return Answer(called, ids, has_groups, matched=matched, many=judge_many(matched.results))
