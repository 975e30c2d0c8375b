"""The draft as a Keras script, beside the stack and always up to date; and a finished run to take away as a file."""

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.export import Shapes, script
from nnviz.plain_text import LINE, visible, without_folders
from nnviz.spec import FileData, RunSpec
from nnviz.store import Run
from nnviz.ui.common import worker_job
from nnviz.ui.common.boxes import error_box
from nnviz.ui.common.i18n import _
from nnviz.ui.common.session import Facts

HEIGHT = 520
_ASKED = "nnviz.export"


def code_view(spec: RunSpec | None, facts: Facts) -> None:
    """The script of the draft in an expander; where there is none, why."""
    with st.expander(_("Keras code"), icon=":material/code:", key="code", on_change="rerun") as box:
        # closed, it would be written, sent and coloured at every edit for nobody
        if not box.open:
            return
        if spec is None:
            st.caption(_("The script is shown again once the network is valid."))
            return
        try:
            text = script(spec, Shapes(shape=facts.shape, outputs=facts.outputs, task=facts.task))
        except NnvizError as error:
            st.text(visible(without_folders(error.message), limit=2 * LINE))
            return
        st.code(text, language="python", height=HEIGHT)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                _("Download"),
                text,
                "network.py",
                "text/x-python",
                icon=":material/download:",
                on_click="ignore",
                key="code.download",
            )
            if isinstance(spec.data, FileData):
                st.caption(_("It reads its rows from an .npz file: Export gives both once a run has ended."))
            else:
                st.caption(_("Runs wherever Keras does, without nnviz."))


def take_away(run: Run) -> None:
    """Buttons that make a file of a run that has ended: a script that does it again, or the network for Keras."""
    if not run.is_ended or not run.step:
        return
    asked = st.session_state.get(_ASKED, (None, None))
    with st.popover(_("Export"), icon=":material/ios_share:"):
        st.caption(_("For use elsewhere, without nnviz."))
        titles = {"script": _("Keras script that repeats this run"), "keras": _("Trained network (.keras)")}
        for to, title in titles.items():
            if st.button(title, key=f"export.{to}", width="stretch", disabled=to == "keras" and run.weights is None):
                asked = st.session_state[_ASKED] = (run.id, to)
        if asked[0] != run.id:
            return
        answer = worker_job.ask("export", {"to": asked[1]}, key="export", run_id=run.id, saying=_("Writing the file"))
        if answer is None:
            return
        if answer.error is not None:
            error_box(answer.error)
        elif answer.result is not None:
            file = answer.result
            worker_job.download_link(file)
            for note in file["notes"]:
                st.text(visible(note, limit=2 * LINE))
