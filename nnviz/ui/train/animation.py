"""A run's history to take away: an animated GIF of its recorded steps, asked for under the curves."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.ui.common import session, worker_job
from nnviz.ui.common.boxes import error_box
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _, counted

_ASKED = "nnviz.film"


def film_dialog(asked: Mapping[str, Any] | None) -> None:
    """`asked`: {"run"} where it was asked for in this rerun, also while the run trains: the film is of what is recorded until
    then. The dialog stays until it is closed."""
    if asked is not None:
        worker_job.forget("film")
        st.session_state[_ASKED] = str(asked["run"])
    if _ASKED in st.session_state:
        _dialog(st.session_state[_ASKED])


def close() -> None:
    """The dialog is closed."""
    st.session_state.pop(_ASKED, None)


@st.dialog(_("Save film"), on_dismiss=close)
@guarded
def _dialog(run_id: str) -> None:
    st.caption(_("The history so far as an animated GIF: what the network answered, and the loss."))
    answer = worker_job.ask("film", {}, key="film", run_id=run_id, saying=_("Making the film"))
    if answer is None:
        return
    if answer.error is not None:
        error_box(answer.error)
    elif answer.result is not None:
        film = answer.result
        st.image(session.store().blobs.get(film["sha256"]), width=300)
        st.caption(counted("{n} frame", "{n} frames", film["frames"]))
        worker_job.download_link(film)
