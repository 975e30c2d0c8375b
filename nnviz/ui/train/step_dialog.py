"""The question what a step did, asked under the curves: a dialog with the batch, its costs and one weight's formula."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.plain_text import distinct
from nnviz.ui.common import worker_job
from nnviz.ui.common.boxes import error_box
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _
from nnviz.ui.train import step_report
from nnviz.ui.train.variable_words import variable_words

_ASKED = "nnviz.explain"


def step_dialog(asked: Mapping[str, Any] | None) -> None:
    """`asked`: {"run", "step"} where it was asked in this rerun; the dialog stays until it is closed."""
    if asked is not None:
        st.session_state[_ASKED] = {"run": str(asked["run"]), "step": int(asked["step"])}
    if _ASKED in st.session_state:
        _dialog(**st.session_state[_ASKED])


def close() -> None:
    """The dialog is closed, or makes way for another one."""
    st.session_state.pop(_ASKED, None)


@st.dialog(_("What did this step do?"), width="large", on_dismiss=close)
@guarded
def _dialog(run: str, step: int) -> None:
    place = f"explain.variable.{run}"
    chosen = st.session_state.get(place)
    payload = {"step": step} | ({"variable": chosen} if chosen else {})
    answer = worker_job.ask("explain", payload, key="explain", run_id=run, saying=_("Repeating the step"))
    if answer is None:
        return
    if answer.error is not None:
        error_box(answer.error)
    elif answer.result is not None:
        explanation = answer.result
        name = explanation["story"]["variable"]
        st.selectbox(
            _("Weights"),
            explanation["variables"],
            index=explanation["variables"].index(name),
            key=place,
            format_func=distinct(explanation["variables"], variable_words).__getitem__,
            help=_("Of these, the one with the largest gradient is shown."),
        )
        step_report.draw(explanation["story"])
