"""The learning-rate finder: a dialog that watches the job `find_rate` and puts what it suggests into the draft."""

import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz import jobs
from nnviz.charts.rate import sweep, sweep_figure
from nnviz.doctor import RateRange
from nnviz.errors import NnvizError
from nnviz.plain_text import LINE, markdown, visible, without_folders
from nnviz.spec import RunSpec
from nnviz.ui.common import session
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _
from nnviz.ui.common.settings.labels import page_words

LOWEST, HIGHEST, STEPS = 1e-6, 1.0, 200
POLL = 0.4
_JOB = "nnviz.find_rate"
_CHOSEN = "nnviz.find_rate.chosen"
_SWEPT = "nnviz.find_rate.range"


def find_button() -> None:
    """The button near the learning rate; it opens the dialog."""
    if st.button(
        _("Find a rate"),
        icon=":material/search:",
        type="tertiary",
        key="find_rate",
        help=_("Trains for a moment at ever larger rates and suggests one."),
    ):
        _cancel()
        _start()
        _dialog()


def chosen_rate() -> float | None:
    """The rate that was picked in the dialog just now, once."""
    rate: float | None = st.session_state.pop(_CHOSEN, None)
    return rate


def range_for(spec: RunSpec) -> RateRange | None:
    """What the last sweep said, where it was of this draft but for its rate, name and epochs; None where there was none."""
    swept, of = st.session_state.get(_SWEPT) or (None, None)
    return swept if swept is not None and of == swept_parts(spec) else None


def swept_parts(spec: RunSpec) -> dict[str, Any]:
    """What of a spec a sweep depends on."""
    record = spec.to_json()
    optimizer = {name: value for name, value in record["optimizer"].items() if name not in ("learning_rate", "schedule")}
    batch = record.get("training", {}).get("batch_size")
    return {**{name: record.get(name) for name in ("data", "layers", "cost")}, "optimizer": optimizer, "batch_size": batch}


def rounded(rate: float) -> float:
    """To three digits, as it is offered."""
    return float(f"{rate:.3g}")


def _start() -> None:
    try:
        spec = session.draft().spec()
        payload = {"spec": spec.to_json(), "lowest": LOWEST, "highest": HIGHEST, "steps": STEPS}
        job = jobs.submit(session.store(), "find_rate", payload=payload)
        st.session_state[_JOB] = {"id": job, "since": time.time(), "of": swept_parts(spec)}
    except NnvizError as error:
        st.session_state[_JOB] = {"error": error}


def _cancel() -> None:
    state = st.session_state.get(_JOB)
    if state and "id" in state:
        jobs.cancel(session.store(), state["id"])


def _stop() -> None:
    _cancel()
    st.session_state[_JOB]["stopped"] = True


@st.dialog(_("Find a learning rate"), width="large", on_dismiss=_cancel)
@guarded
def _dialog() -> None:
    st.caption(_("A copy of the network trains from its initial weights, one batch at each rate, from very small to large."))
    _watch()


@st.fragment(run_every=POLL)
@guarded
def _watch() -> None:
    state: dict[str, Any] = st.session_state[_JOB]
    answer = _look(state)
    error, swept = state.get("error"), answer or state.get("progress")
    if error is not None:
        st.error(markdown(without_folders(page_words(error.what)), limit=2 * LINE), icon=":material/error:")
        if error.remedy:
            st.text(visible(page_words(error.remedy), limit=LINE))
    ended = error is not None or answer is not None or state.get("stopped", False)
    count = len(swept["rates"]) if swept else 0
    if not ended:
        st.progress(count / STEPS, text=_progress_text(state, count))
    if swept and count:
        curve = sweep(swept)
        st.plotly_chart(sweep_figure(curve, span=(LOWEST, HIGHEST)), config={"displayModeBar": False}, key="find_rate.chart")
    if swept and ended:
        _explain(swept, stopped=answer is None)
    left, right = st.columns(2)
    if not ended:
        left.button(_("Stop"), icon=":material/stop:", key="find_rate.stop", on_click=_stop)
    if swept and ended:
        _offer(swept, left)
    if ended:
        right.button(_("Sweep again"), icon=":material/refresh:", key="find_rate.again", on_click=_start)


def _look(state: dict[str, Any]) -> dict[str, Any] | None:
    """The job's result if it is there; what it reports on its way is kept in `state`."""
    if "result" in state or "id" not in state or "error" in state:
        return state.get("result")
    store = session.store()
    state["progress"] = jobs.progress(store, state["id"]) or state.get("progress")
    if not state.get("stopped"):
        try:
            answer = jobs.result(store, state["id"])
        except NnvizError as error:
            state["error"] = error
            return None
        if answer is not None:
            state["result"] = answer
            st.session_state[_SWEPT] = (RateRange(answer["suggestion"], answer["rises"]), state.get("of"))
    return state.get("result")


def _explain(swept: dict[str, Any], *, stopped: bool) -> None:
    """Which rule chose, and why; or that no rate stands out."""
    if swept["suggestion"] is None:
        st.warning(no_choice(stopped=stopped, rate=float(session.draft().optimizer.get("learning_rate", 0.0))))
    else:
        st.text(why(swept))


def why(swept: Mapping[str, Any]) -> str:
    """The rule that chose the suggestion, in words."""
    rises = swept.get("rises")
    numbers = {"rate": f"{rounded(swept['suggestion']):g}", "high": f"{rounded(rises):g}" if rises else ""}
    if swept["rule"] == "tenth":
        words = _("Why {rate}: the loss hardly falls in so few steps, but begins to rise at {high}; this is a tenth of that.")
    elif rises:
        words = _("Why {rate}: there the loss falls fastest. It begins to rise at {high}.")
    else:
        words = _("Why {rate}: there the loss falls fastest, and up to the highest rate it does not rise again.")
    return words.format(**numbers)


def no_choice(*, stopped: bool, rate: float) -> str:
    """That no rate is suggested, and why."""
    if stopped:
        return _("Stopped before the loss had fallen: there is nothing to suggest yet.")
    words = _("No rate stands out: at all of them the loss moves by no more than its noise, so there is nothing to suggest.")
    yours = _("Yours stays as it is: {rate}.").format(rate=f"{rate:g}")
    return f"{words} {yours}" if rate else words


def _offer(swept: dict[str, Any], place: Any) -> None:
    if swept["suggestion"] is None:
        return
    rate = rounded(swept["suggestion"])
    if place.button(_("Use {rate}").format(rate=f"{rate:g}"), type="primary", key="find_rate.use"):
        st.session_state[_CHOSEN] = rate
        st.rerun()


def _progress_text(state: dict[str, Any], count: int) -> str:
    if count:
        return _("{n} of {all} rates").format(n=count, all=STEPS)
    job = session.store().jobs.get(state["id"]) if "id" in state else None
    waiting = job is not None and job.status == "queued"
    return _("Waiting for a worker") if waiting else _("Building and compiling the network")
