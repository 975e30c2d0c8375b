"""Runs: every training that was ever started here, to find, sort, edit, compare, repeat or delete."""

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.ui.common import custom_components, draft_link
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _
from nnviz.ui.common.session import change_draft, draft_from, store
from nnviz.ui.common.theme import heading
from nnviz.ui.runs.view import REFRESH_SECONDS, no_runs, runs_view

HELD = "runs.held"


def view(is_refreshing: bool) -> None:
    wanted = runs_view(store=store())
    if wanted.compare:
        st.switch_page("pages/compare.py", query_params={"runs": ",".join(wanted.compare)})
    if wanted.open:
        st.switch_page("pages/train.py", query_params={"run": wanted.open.id})
    if wanted.again:
        try:
            again = draft_from(wanted.again)
        except NnvizError as error:
            custom_components.explain_unreadable(wanted.again, error)
        else:
            draft_link.forget()
            change_draft(**vars(again))
            st.switch_page("pages/train.py")
    draft_link.carry()
    # While runs are chosen the table holds still: a refresh that comes in between a click and the page it leads to would
    # leave that page empty, since Streamlit then runs a fragment of a page that is gone.
    st.session_state[HELD] = wanted.is_choosing
    if (store().listing.has_open() and not wanted.is_choosing) != is_refreshing:
        st.rerun()


heading(_("Runs"), "runs")
if store().listing.has_any():
    live = store().listing.has_open() and not st.session_state.get(HELD, False)
    st.fragment(guarded(view), run_every=REFRESH_SECONDS if live else None)(live)
elif no_runs(store()):
    st.switch_page("pages/train.py")
else:
    draft_link.carry()
