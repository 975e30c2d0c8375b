"""nnviz: `streamlit run dashboard.py`. Where a page is drawn it is the router, else the server's application."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nnviz.stream.access import notice
from nnviz.stream.application import lifespan
from nnviz.stream.guard import guards
from nnviz.stream.routes import routes
from nnviz.ui.common.guard import guard, say
from nnviz.ui.common.i18n import _
from nnviz.ui.common.theme import set_up

if get_script_run_ctx(suppress_warning=True) is not None:
    set_up()
    if notice():
        st.caption(":material/group: " + _(notice()))
    page = st.navigation(
        [
            st.Page("pages/train.py", title=_("Train"), icon=":material/play_circle:", default=True),
            st.Page("pages/data.py", title=_("Data"), icon=":material/table_view:"),
            st.Page("pages/runs.py", title=_("Runs"), icon=":material/list:"),
            st.Page("pages/compare.py", title=_("Compare"), icon=":material/compare:"),
            st.Page("pages/predict.py", title=_("Predict"), icon=":material/online_prediction:"),
        ],
        position="top",
    )
    with guard():
        page.run()
else:
    # Until a session has called st.navigation, Streamlit would serve the files of pages/ by themselves: the first visitor
    # of /runs would get a sidebar and no theme.
    PagesManager.uses_pages_directory = False
    app = st.App(__file__, routes=routes(), lifespan=lifespan, middleware=guards(), on_script_error=say)
