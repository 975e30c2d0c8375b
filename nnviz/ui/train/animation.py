"""A run's history to take away, asked for under the curves: an animated GIF of its recorded steps, or a replay, one file in which
its page plays on without nnviz."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.plain_text import size_text
from nnviz.ui.common import session, worker_job
from nnviz.ui.common.boxes import error_box
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.train import replay_file

KINDS = ("film", "replay")
"""What can be asked for; of each the session holds what was asked as long as its dialog is open."""


def dialogs(asked: Mapping[str, Any] | None) -> None:
    """`asked`: {"what", "run", "views"} where something was asked for in this rerun, also while the run trains: it is of what is
    recorded until then. A dialog stays until it is closed."""
    if asked is not None and asked["what"] in KINDS:
        close()
        kind = str(asked["what"])
        worker_job.forget(kind)
        st.session_state[f"nnviz.{kind}"] = {"run": str(asked["run"]), "views": asked.get("views") or {}}
    if "nnviz.film" in st.session_state:
        _film(st.session_state["nnviz.film"])
    elif "nnviz.replay" in st.session_state:
        _replay(st.session_state["nnviz.replay"])


def close() -> None:
    """The dialog is closed, or makes way for the other one."""
    for kind in KINDS:
        st.session_state.pop(f"nnviz.{kind}", None)


@st.dialog(_("Save film"), on_dismiss=close)
@guarded
def _film(asked: Mapping[str, Any]) -> None:
    st.caption(_("The history so far as an animated GIF: what the network answered, and the loss."))
    answer = worker_job.ask("film", {}, key="film", run_id=asked["run"], saying=_("Making the film"))
    if answer is None:
        return
    if answer.error is not None:
        error_box(answer.error)
    elif answer.result is not None:
        film = answer.result
        st.image(session.store().blobs.get(film["sha256"]), width=300)
        st.caption(counted("{n} frame", "{n} frames", film["frames"]))
        worker_job.download_link(film)


@st.dialog(_("Save replay"), on_dismiss=close)
@guarded
def _replay(asked: dict[str, Any]) -> None:
    st.caption(
        _(
            "This page of the run as one file that opens in a browser, without nnviz and offline: the curves, the slider, what "
            "it learned, and the open views, the picture of the network always among them. It can save itself as a video."
        )
    )
    answer = worker_job.ask("replay", {"views": asked["views"]}, key="replay", run_id=asked["run"], saying=_("Making the replay"))
    if answer is None:
        return
    if answer.error is not None:
        error_box(answer.error)
    elif answer.result is not None:
        if "file" not in asked:
            asked["file"] = replay_file.stored(session.store(), session.store().runs.get(asked["run"]), answer.result)
        st.caption(" ".join((*replay_file.extent_lines(answer.result), size_text(asked["file"]["bytes"]))))
        worker_job.download_link(asked["file"])
