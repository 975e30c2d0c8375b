"""One click from a finding to the run that is to mend it: its settings become the draft, which is trained at once."""

from dataclasses import replace
from typing import Any

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.jobs import remedies
from nnviz.plain_text import LINE, markdown
from nnviz.store import Run
from nnviz.ui.common import session
from nnviz.ui.common.session import draft_from
from nnviz.ui.common.settings.labels import page_words
from nnviz.ui.train import draft_fields

_ASKED, _BEGIN = "nnviz.remedy", "nnviz.remedy_begins"


def ask(run_id: str, rule: str) -> None:
    """The remedy of that rule's finding is to be trained: reruns the page for it."""
    st.session_state[_ASKED] = {"run": run_id, "rule": rule}
    st.rerun()


def take() -> None:
    """Takes what was asked for into the draft. Called before any field of the page is drawn: these show the draft then."""
    st.session_state.pop(_BEGIN, None)
    asked = st.session_state.pop(_ASKED, None)
    if asked is None:
        return
    try:
        run = session.store().runs.get(asked["run"])
        finding = remedies.finding_of(run, asked["rule"])
        spec, moment = remedies.remedy_spec(session.store(), run, finding["remedy"])
        mended = draft_from(run, spec=spec)
    except NnvizError as error:
        st.warning(markdown(page_words(error.message), limit=LINE))
        return
    if moment is not None:
        mended = replace(mended, branch={"run": run.id, "step": moment.step})
    st.session_state["nnviz.draft"] = mended
    draft_fields.show(mended)
    st.session_state[_BEGIN] = asked


def is_to_begin() -> bool:
    """Whether the draft is a remedy that was asked for in this rerun."""
    return _BEGIN in st.session_state


def begun(run_id: str) -> None:
    """That run is the remedy: both runs are told."""
    asked, store = st.session_state.pop(_BEGIN), session.store()
    remedies.begun(store, store.runs.get(asked["run"]), asked["rule"], store.runs.get(run_id))


def behind(run: Run) -> dict[str, Any] | None:
    """The run that this one is to mend, whose curves stand faintly behind its own."""
    parent = remedies.mended(session.store(), run)
    return {"id": parent[0].id, "name": parent[0].name, "behind": True} if parent is not None else None
