"""The run that the Train page shows: started, controlled and watched."""

from typing import Literal

import numpy as np
import streamlit as st

from nnviz import jobs
from nnviz.data.sources import synthetic
from nnviz.errors import NnvizError, NotFound
from nnviz.plain_text import LINE, log_lines, markdown, visible
from nnviz.spec import RunSpec, is_group
from nnviz.stream.backlog import read_ahead
from nnviz.ui.common import custom_components, session
from nnviz.ui.common.custom_components import is_readable
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _
from nnviz.ui.common.live import live_run, status_bar
from nnviz.ui.common.query_params import MAX_ID
from nnviz.ui.common.run_format import failure_text, status_word, task_of
from nnviz.ui.train import branch
from nnviz.ui.train.animation import save_film
from nnviz.ui.train.code_view import take_away
from nnviz.ui.train.group_panel import follow, group_panel
from nnviz.ui.train.step_dialog import step_dialog

_PREPARED = "nnviz.prepared"
_PACE: Literal["watch"] = "watch"


def shown_run() -> str | None:
    """The run that the address names, if there is one; the draft is taken from it when the page is opened by a link."""
    asked = st.query_params.get("run")
    if not asked:
        return None
    try:
        run = session.store().runs.get(asked[:MAX_ID])
    except NotFound as error:
        st.warning(_("This address names a run that is not here. {why}").format(why=markdown(error.message, limit=LINE)))
        del st.query_params["run"]
        return None
    if run.broken:
        name = markdown(run.name or run.id, limit=LINE)
        st.warning(_("The run {name} cannot be shown.").format(name=name), icon=":material/error:")
        st.text(failure_text(run))
        del st.query_params["run"]
        return None
    read_ahead(session.store(), run)
    if "nnviz.opened" not in st.session_state:
        try:
            st.session_state["nnviz.draft"] = session.draft_from(run)
        except NnvizError as error:
            custom_components.explain_unreadable(run, error)
    st.session_state["nnviz.opened"] = True
    return run.id


def controls(run_id: str | None, spec: RunSpec | None, error: NnvizError | None) -> str | None:
    """The strip on top: the Train button and the live controls. Gives the run to show, a new one where Train was pressed."""
    left, right = st.columns([1, 6.2])
    pressed = left.button(
        _("Train"),
        type="primary",
        icon=":material/play_arrow:",
        shortcut="Ctrl+Enter",
        width="stretch",
        disabled=spec is None,
        key="train",
        help=markdown(error.message, limit=2 * LINE) if error else None,
    )
    if pressed and spec is not None:
        run_id = _start(spec)
        st.session_state["nnviz.opened"] = True
        st.query_params.from_dict({"run": run_id})
    with right:
        if error is not None:
            st.text("⚠ " + visible(error.message, limit=2 * LINE))
        status_bar(run_id, key="status")
    return run_id


def _start(spec: RunSpec) -> str:
    """Starts the run, or all runs that the spec stands for; gives the one to show."""
    store = session.store()
    if not is_group(spec):
        return jobs.start_run(store, spec, pace=_PACE)
    # what counts of a group is what it comes to: at full speed, not spread over time to be watched
    group_id = jobs.start_group(store, spec)
    follow(group_id)
    return store.runs.group_runs(group_id)[0].id


def results(run_id: str | None, draft: session.Draft) -> None:
    """Curves, what the network has learned, and what happened."""
    plane, classes, points = draft.facts.plane, draft.facts.classes, None
    if run_id is None and draft.data["kind"] == "synthetic":
        data = draft.data
        x, y = synthetic.make(data["name"], samples=data["samples"], noise=data["noise"], seed=data["seed"])
        points = _points(x, y, draft.facts.task)
    run = session.store().runs.get(run_id) if run_id is not None else None
    if run is not None and run.group:
        group_panel(run)
        st.caption(markdown(run.label))
    offers: list[Literal["explain", "branch"]] = ["explain"]
    if run is not None and is_readable(run):
        offers.append("branch")
    asked = live_run(
        run_id,
        key="live",
        points=points,
        extent=(-6, 6, -6, 6) if points else None,
        axes=[visible(name) for name in plane or ()],
        classes=[visible(name) for name in classes],
        task=task_of(run) if run is not None else draft.facts.task,
        offers=offers,
        behind=branch.behind(run) if run is not None else None,
    )
    if asked is not None and asked["what"] == "branch":
        branch.ask(str(asked["run"]), int(asked["step"]))
    step_dialog(asked if asked is not None and asked["what"] == "explain" else None)
    if run is not None:
        st.fragment(guarded(_ended), run_every=None if run.is_ended else "2s")(run.id)


def prepare(spec: RunSpec | None) -> None:
    """Has a worker build and compile what the user is looking at, once for each change."""
    if spec is None:
        return
    key = jobs.key_of(spec)
    if st.session_state.get(_PREPARED) != key:
        st.session_state[_PREPARED] = key
        jobs.prepare(session.store(), spec)


def _ended(run_id: str) -> None:
    run = session.store().runs.get(run_id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        take_away(run)
        save_film(run)
    if run.error is None:
        return
    st.error(_("The run {status}.").format(status=status_word(run.status)), icon=":material/error:")
    st.text(failure_text(run))
    if run.log:
        with st.expander(_("Log")):
            st.code(log_lines(run.log), language=None)


def _points(x: np.ndarray, y: np.ndarray, task: str) -> list[dict[str, object]]:
    return [
        {"x": float(a), "y": float(b), "label": int(label) if task == "classification" else float(label), "part": "train"}
        for (a, b), label in zip(x[:1000], y[:1000], strict=True)
    ]
