"""Runs: every training that was ever started here, to find, sort, edit, compare, repeat or delete."""

import streamlit as st

from nnviz.ui.runs import REFRESH_SECONDS, is_live, no_runs, runs_view
from nnviz.ui.session import change_draft, draft_from, store
from nnviz.ui.text import _


def view(is_refreshing: bool) -> None:
    runs = store().list_runs()
    if is_live(runs) != is_refreshing:
        st.rerun()
    wanted = runs_view(runs, store=store())
    if wanted.compare:
        st.switch_page("pages/compare.py", query_params={"runs": ",".join(wanted.compare)})
    if wanted.open:
        st.switch_page("pages/train.py", query_params={"run": wanted.open.id})
    if wanted.again:
        change_draft(**vars(draft_from(wanted.again)))
        st.switch_page("pages/train.py")


st.subheader(_("Runs"), anchor=False)
found = store().list_runs()
if found:
    live = is_live(found)
    st.fragment(view, run_every=REFRESH_SECONDS if live else None)(live)
elif no_runs():
    st.switch_page("pages/train.py")
