"""Compare: curves, results and settings of the runs that the address names (?runs=a,b,c), side by side."""

import streamlit as st

from nnviz.ui.common import draft_link
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.session import store
from nnviz.ui.compare.view import REFRESH_SECONDS, compare_view, is_live


def view(is_refreshing: bool) -> None:
    if is_live(store()) != is_refreshing:
        st.rerun()
    compare_view(store())
    draft_link.carry()


live = is_live(store())
st.fragment(guarded(view), run_every=REFRESH_SECONDS if live else None)(live)
