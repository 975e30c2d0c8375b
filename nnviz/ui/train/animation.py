"""A run's history to take away: an animated GIF of its recorded moments."""

import streamlit as st

from nnviz.plain_text import markdown
from nnviz.store import Run
from nnviz.stream import download
from nnviz.ui.common import session, worker_job
from nnviz.ui.common.boxes import error_box
from nnviz.ui.common.i18n import _, counted

_ASKED = "nnviz.film"


def save_film(run: Run) -> None:
    """A button that has a film made of what is recorded so far, also while the run trains."""
    if not run.step:
        return
    with st.popover(_("Save film"), icon=":material/movie:"):
        st.caption(_("The history so far as an animated GIF: what the network answered, and the loss."))
        if st.button(_("Make the film"), key="film.make", width="stretch"):
            worker_job.forget("film")
            st.session_state[_ASKED] = run.id
        if st.session_state.get(_ASKED) != run.id:
            return
        answer = worker_job.ask("film", {}, key="film", run_id=run.id, saying=_("Making the film"))
        if answer is None:
            return
        if answer.error is not None:
            error_box(answer.error)
        elif answer.result is not None:
            film = answer.result
            st.image(session.store().blobs.get(film["sha256"]), width=300)
            st.link_button(
                _("Download {name}").format(name=markdown(film["name"])),
                download.url(film["sha256"], name=film["name"]),
                icon=":material/download:",
                type="primary",
                width="stretch",
            )
            st.caption(counted("{n} moment", "{n} moments", film["frames"]))
