"""Asks a worker for something, and shows for how long, while the page stays usable."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnviz import jobs
from nnviz.errors import NnvizError, from_json
from nnviz.plain_text import markdown
from nnviz.stream import download
from nnviz.ui.common import session
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _

POLL = 0.3
SOON = 0.4
"""Seconds that a page waits in place for an answer before it shows that it waits."""


@dataclass(frozen=True)
class Waiting:
    """A job that has been asked for; `since` in seconds since 1970."""

    job: int
    since: float


@dataclass(frozen=True)
class Answer:
    """What came of it: the job's result, or the error it ended with."""

    result: Mapping[str, Any] | None = None
    error: NnvizError | None = None


def ask(
    kind: str, payload: Mapping[str, Any], *, key: str, run_id: str | None = None, saying: str, soon: float = SOON
) -> Answer | None:
    """The answer of a short job, asked for once for each payload. None while it is being done: then the page says so, with
    the seconds, and is run again when the answer is there. `saying`: what it is doing; `soon`: the seconds that it is waited for
    in place, before the page says so."""
    place = f"nnviz.job.{key}"
    name = fingerprint([kind, run_id, dict(payload)])
    entry = st.session_state.get(place)
    if entry is None or entry[0] != name:
        if entry is not None and isinstance(entry[1], Waiting):
            jobs.cancel(session.store(), entry[1].job)
        try:
            state: Waiting | Answer = Waiting(
                jobs.submit(session.store(), kind, run_id=run_id, payload=dict(payload)), time.time()
            )
        except NnvizError as error:
            state = Answer(error=error)
        entry = st.session_state[place] = (name, state)
    if isinstance(entry[1], Waiting):
        answer = _soon(entry[1], soon)
        if answer is None:
            _wait(place, saying)
            return None
        entry = st.session_state[place] = (name, answer)
    outcome = entry[1]
    return outcome if isinstance(outcome, Answer) else None


def fingerprint(what: Any) -> str:
    """Tells one JSON-able thing from another."""
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]


def forget(key: str) -> None:
    """The next `ask` asks anew."""
    st.session_state.pop(f"nnviz.job.{key}", None)


def error_of(answer: Answer) -> NnvizError | None:
    """The error, whether the job ended with it or answered with what else can be said."""
    if answer.error is not None:
        return answer.error
    if answer.result is not None and "trouble" in answer.result:
        return from_json(answer.result["trouble"])
    return None


def _soon(waiting: Waiting, seconds: float) -> Answer | None:
    """The answer if it is there within a moment."""
    end = time.monotonic() + seconds
    while True:
        answer = _look(waiting)
        if answer is not None or time.monotonic() > end:
            return answer
        time.sleep(0.03)


def _look(waiting: Waiting) -> Answer | None:
    try:
        result = jobs.result(session.store(), waiting.job)
    except NnvizError as error:
        return Answer(error=error)
    return None if result is None else Answer(result=result)


@st.fragment(run_every=POLL)
@guarded
def _wait(place: str, saying: str) -> None:
    entry = st.session_state.get(place)
    if entry is None or not isinstance(entry[1], Waiting):
        return
    waiting: Waiting = entry[1]
    answer = _look(waiting)
    if answer is not None:
        st.session_state[place] = (entry[0], answer)
        st.rerun()
    seconds = time.time() - waiting.since
    job = session.store().jobs.get(waiting.job)
    words = saying
    if job is not None and job.status == "queued" and seconds > 1:
        words = _("Waiting for a worker")
    with st.container(border=True):
        st.text(_("{what} ({seconds:.0f} s)").format(what=words, seconds=seconds))
        if st.button(_("Cancel"), key=f"{place}.cancel", type="tertiary"):
            jobs.cancel(session.store(), waiting.job)
            st.session_state[place] = (entry[0], Answer(error=_cancelled()))
            st.rerun()


def _cancelled() -> NnvizError:
    return NnvizError(_("You cancelled this."), remedy=_("Start it again when you like."))


def download_link(file: Mapping[str, Any]) -> None:
    """The button to download a file that a worker wrote: its `name`, and the `sha256` that the store has it under."""
    st.link_button(
        _("Download {name}").format(name=markdown(file["name"])),
        download.url(file["sha256"], name=file["name"]),
        icon=":material/download:",
        type="primary",
        width="stretch",
    )
