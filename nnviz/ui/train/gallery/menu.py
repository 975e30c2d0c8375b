"""The menu "Good and broken": a button under the data that opens all cases."""

import streamlit as st

from nnviz.catalog.gallery import CASES, GalleryCase
from nnviz.plain_text import markdown
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _
from nnviz.ui.train.gallery import record, start

_RESULTS = "nnviz.gallery_results"


def button(*, key: str, label: str = "", icon: str | None = ":material/troubleshoot:") -> None:
    """The button that opens the menu."""
    words = label or _("Good and broken")
    if st.button(words, icon=icon, width="stretch" if not label else "content", key=key, help=None if label else _about()):
        _dialog()


def keep(case: GalleryCase, *, is_right: bool) -> None:
    """The session has answered a case; the first answer counts."""
    results: dict[str, bool] = st.session_state.setdefault(_RESULTS, {})
    results.setdefault(case.name, is_right)


def next_case(case: GalleryCase) -> GalleryCase | None:
    """The next one in the menu that this session has not answered yet; None where there is none."""
    names = list(CASES)
    place = names.index(case.name)
    ahead = [*names[place + 1 :], *names[:place]]
    return next((CASES[name] for name in ahead if name not in _results()), None)


def _results() -> dict[str, bool]:
    results: dict[str, bool] = st.session_state.get(_RESULTS, {})
    return results


def _about() -> str:
    return _("Sixteen small trainings to judge: what is wrong, if anything? Then the doctor says.")


@st.dialog(_("Good and broken"), width="large")
@guarded
def _dialog() -> None:
    st.write(
        _(
            "Sixteen small trainings. Most have one thing wrong, some only look like it. Watch one learn, say what is wrong, "
            "and see what the doctor says; then mend it."
        )
    )
    half = len(CASES) // 2
    cases = list(CASES.values())
    for column, part in zip(st.columns(2), (cases[:half], cases[half:]), strict=True):
        with column, st.container(gap="small", key=f"gallery_cases.{part[0].name}"):
            for case in part:
                if st.button(_label(case), key=f"gallery.{case.name}", width="stretch"):
                    start.ask(case.name)
    results = _results()
    if results:
        st.caption(_("{n} of {all} right in this session.").format(n=sum(results.values()), all=len(results)))


def _label(case: GalleryCase) -> str:
    right = _results().get(case.name)
    mark = "" if right is None else ":green[✓] " if right else ":red[✗] "
    return f"{mark}{record.number(case)} · {markdown(_(case.title))}"
