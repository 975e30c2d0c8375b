"""What a run knows of the gallery: events say which case it is, and what somebody took it for. So a reload changes nothing, and
whoever opens the run later sees the same."""

from dataclasses import dataclass

from nnviz.catalog.gallery import CASES, GalleryCase
from nnviz.doctor import RULES
from nnviz.store import Run
from nnviz.ui.common import session
from nnviz.ui.common.i18n import _

CASE, GUESS = "gallery", "guess"
"""Kinds of events."""
HEALTHY = "healthy"
"""The answer that nothing is wrong; others are names of rules."""


@dataclass(frozen=True)
class Attempt:
    """A run of a case. `guess`: what it was taken for, empty for who asked to be shown, None while it is open."""

    case: GalleryCase
    guess: str | None

    @property
    def is_open(self) -> bool:
        """Whether what is wrong is still to be guessed: the doctor says nothing yet."""
        return self.guess is None

    @property
    def is_right(self) -> bool:
        return self.guess == answer(self.case)


def answer(case: GalleryCase) -> str:
    """What is right to say of it."""
    return case.rule or HEALTHY


def title_of(guess: str) -> str:
    """An answer in words."""
    return _("Nothing: it is healthy") if guess == HEALTHY else _(RULES[guess].title)


def choices(case: GalleryCase) -> list[str]:
    """Four answers, the right one among them, by their words; that nothing is wrong comes last."""
    rules = {*case.others} | ({case.rule} if case.rule else set())
    return [*sorted(rules, key=lambda rule: RULES[rule].title), HEALTHY]


def number(case: GalleryCase) -> int:
    """Its place in the menu, from 1."""
    return list(CASES).index(case.name) + 1


def name_of(case: GalleryCase) -> str:
    """What it is called where it stands alone: `Case 3: Spirals, three layers of ReLU`."""
    return _("Case {n}: {title}").format(n=number(case), title=_(case.title))


def attempt_of(run: Run) -> Attempt | None:
    """None for a run that is no case of the gallery."""
    events = session.store().runs.events(run.id)
    begun = next((event for event in events if event.kind == CASE), None)
    case = CASES.get(str(begun.data.get("case"))) if begun is not None else None
    if case is None:
        return None
    guesses = [str(event.data.get("answer", "")) for event in events if event.kind == GUESS]
    known = [guess for guess in guesses if guess in ("", *choices(case))]
    return Attempt(case, known[0] if known else None)


def begun(run_id: str, case: GalleryCase) -> None:
    """That run is a training of the case, and is called so."""
    store = session.store()
    store.runs.edit(run_id, name=name_of(case))
    store.runs.add_event(run_id, CASE, _("A case of “Good and broken”"), data={"case": case.name})


def guessed(run_id: str, guess: str) -> None:
    """Somebody has said what is wrong, or with an empty `guess` asks to be shown. The first answer counts."""
    text = _("Guessed: {answer}").format(answer=title_of(guess)) if guess else _("Shown without a guess")
    session.store().runs.add_event(run_id, GUESS, text, data={"answer": guess})
