"""Over the results of a case: what is wrong here? Then what was right, the lesson, and the next case."""

import streamlit as st

from nnviz.catalog.gallery import CASES
from nnviz.jobs import remedies
from nnviz.plain_text import LINE, markdown, within
from nnviz.store import Run
from nnviz.ui.common import session
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _
from nnviz.ui.common.query_params import show_run
from nnviz.ui.train.gallery import menu, record, start
from nnviz.ui.train.gallery.record import Attempt


def draw(run: Run | None) -> bool:
    """Draws what belongs to a case of the gallery, or to a run that mends one; whether the doctor is to say nothing yet."""
    if run is None:
        return False
    attempt = record.attempt_of(run)
    if attempt is not None:
        with st.container(border=True, key="gallery_case", gap="small"):
            _ask(run, attempt) if attempt.is_open else _tell(attempt)
        return attempt.is_open
    mended = remedies.mended(session.store(), run)
    of_mended = record.attempt_of(mended[0]) if mended is not None else None
    if mended is not None and of_mended is not None and not of_mended.is_open:
        with st.container(border=True, key="gallery_case", gap="small"):
            _mends(run, mended[0], of_mended)
    return False


def examples(run: Run | None) -> list[str]:
    """The rules of which the gallery has an example to see, other than this run itself."""
    attempt = record.attempt_of(run) if run is not None else None
    own = attempt.case.rule if attempt is not None else None
    return [case.rule for case in CASES.values() if case.rule is not None and case.rule != own]


def _head(attempt: Attempt) -> None:
    case = attempt.case
    words = _("Good and broken · case {n} of {all} · {title}")
    st.caption(words.format(n=record.number(case), all=len(CASES), title=markdown(_(case.title))))


def _ask(run: Run, attempt: Attempt) -> None:
    _head(attempt)
    st.markdown(f"**{markdown(_(attempt.case.question), limit=2 * LINE)}**")
    with st.container(horizontal=True, gap="small"):
        for choice in record.choices(attempt.case):
            st.button(
                markdown(record.title_of(choice)), key=f"gallery_guess.{choice}", on_click=_guess, args=(run.id, attempt, choice)
            )
        st.button(_("Show me"), key="gallery_guess.", type="tertiary", on_click=_guess, args=(run.id, attempt, ""))


def _guess(run_id: str, attempt: Attempt, choice: str) -> None:
    record.guessed(run_id, choice)
    if choice:
        menu.keep(attempt.case, is_right=choice == record.answer(attempt.case))


def _tell(attempt: Attempt) -> None:
    _head(attempt)
    st.markdown(_verdict(attempt))
    st.markdown(markdown(_(attempt.case.lesson), limit=6 * LINE))
    with st.container(horizontal=True, gap="small"):
        _onward(attempt)


def _verdict(attempt: Attempt) -> str:
    answer = markdown(within(record.title_of(record.answer(attempt.case))))
    if attempt.is_right:
        return f":green[✓] **{_('Right: {answer}.').format(answer=answer)}**"
    words = _("The answer is: {answer}.").format(answer=answer)
    if not attempt.guess:
        return f"**{words}**"
    yours = _("You said: {answer}.").format(answer=markdown(within(record.title_of(attempt.guess))))
    return f":red[✗] **{_('Not quite.')} {words}** {yours}"


def _onward(attempt: Attempt) -> None:
    following = menu.next_case(attempt.case)
    if following is not None and st.button(_("Next case"), icon=":material/arrow_forward:", key="gallery_next"):
        start.ask(following.name)
    menu.button(key="gallery_all", label=_("All cases"), icon=None)


def _mends(run: Run, parent: Run, attempt: Attempt) -> None:
    words = _("Mends case {n} · {title}")
    st.caption(words.format(n=record.number(attempt.case), title=markdown(_(attempt.case.title))))
    is_over = _outcome(run) is not None
    st.fragment(guarded(_draw_outcome), run_every=None if is_over else "2s")(run.id)
    with st.container(horizontal=True, gap="small"):
        if st.button(_("Back to the case"), icon=":material/arrow_back:", key="gallery_back"):
            show_run(parent.id)
            st.rerun()
        _onward(attempt)


def _outcome(run: Run) -> str | None:
    """What came of the remedy, once that is known."""
    events = [event for event in session.store().runs.events(run.id) if event.kind == "outcome"]
    return events[-1].text.partition(" (before: ")[0] if events else None


def _draw_outcome(run_id: str) -> None:
    text = _outcome(session.store().runs.get(run_id))
    waiting = _("The remedy is being trained. When it has ended, both are compared on the same rows.")
    st.markdown(f"**{markdown(text, limit=3 * LINE)}**" if text else waiting)
