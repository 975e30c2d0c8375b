"""The run that the Train page shows: started, controlled and watched."""

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from nnviz import jobs
from nnviz.errors import NnvizError, NotFound
from nnviz.jobs.sweep.control import is_sweep, start_sweep
from nnviz.plain_text import LINE, log_lines, markdown, visible
from nnviz.spec import RunSpec, is_group, layer_kinds
from nnviz.store import Run
from nnviz.stream.backlog import read_ahead
from nnviz.ui.common import custom_components, session
from nnviz.ui.common.custom_components import is_readable
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _
from nnviz.ui.common.live import Offer, live_run, status_bar
from nnviz.ui.common.query_params import MAX_ID, show_run
from nnviz.ui.common.run_format import failure_text, status_word
from nnviz.ui.train import animation, baselines, branch, cold_start, data_panel, live_follow, remedy, whose
from nnviz.ui.train.code_view import take_away
from nnviz.ui.train.gallery import question, start as gallery
from nnviz.ui.train.group_panel import follow, group_panel, rivals
from nnviz.ui.train.several import menu
from nnviz.ui.train.several.sweep_panel import sweep_panel
from nnviz.verdict.entrants import task_of

_PREPARED = "nnviz.prepared"
_PACE: Literal["watch"] = "watch"
TRAIN_WIDTH = 116
"""Pixels; the button that the strip draws in its place is as wide."""


def shown_run() -> str | None:
    """The run that the address names, if there is one; the draft is taken from it when the page is opened by a link."""
    asked = st.query_params.get("run")
    if not asked:
        return None
    try:
        run = session.store().runs.get(asked[:MAX_ID])
    except NotFound:
        name = markdown(asked, limit=LINE)
        st.warning(_("This address names a run that is not here: {name}. The page Runs lists those that are.").format(name=name))
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


def controls(run_id: str | None, spec: RunSpec | None, error: NnvizError | None, *, is_on_card: bool = False) -> str | None:
    """The strip on top: the Train button with its menu, and the live controls. Gives the run to show, new where one was started.
    `error`: why the draft cannot be trained; `is_on_card`: which stands on a card of the stack already."""
    with st.container(key="strip", horizontal=True, gap="small"):
        pressed = st.button(
            _("Train"),
            type="primary",
            icon=":material/play_arrow:",
            shortcut="Ctrl+Enter",
            width=TRAIN_WIDTH,
            disabled=spec is None,
            key="train",
            help=markdown(_words(error), limit=2 * LINE) if error else None,
        )
        group = menu.draw(spec)
        asked = next((room for room in (remedy, gallery) if room.is_to_begin()), None)
        wanted = group or (spec if whose.is_pressed() or pressed or asked is not None else None)
        if wanted is not None and not _is_under_way(run_id, wanted):
            run_id = _start(wanted)
            if asked is not None:
                asked.begun(run_id)
            live_follow.begin(run_id)
            st.session_state["nnviz.opened"] = True
            show_run(run_id)
        run = session.store().runs.get(run_id) if run_id is not None else None
        is_changed = run is not None and bool(whose.changes_since(run, spec))
        status_bar(
            run_id,
            key="status",
            is_changed=is_changed,
            has_ended=run is not None and run.is_ended,
            changes=_live_changes(run),
            start=whose.start_words(),
            loading=cold_start.loading(session.store(), run),
        )
    if error is not None and not is_on_card:
        st.text("⚠ " + visible(_words(error), limit=2 * LINE))
    st.html(whose.style(run=run, is_changed=is_changed))
    return run_id


def _live_changes(run: Run | None) -> int:
    """How many changes of its settings this page knows of: the strip asks for it again when there are more."""
    return sum(event.kind == "changed" for event in session.store().runs.events(run.id)) if run is not None else 0


def _words(error: NnvizError) -> str:
    """What is wrong and what to do, without the path of the field."""
    return NnvizError(error.what[:1].upper() + error.what[1:], remedy=error.remedy).message


def _is_under_way(run_id: str | None, spec: RunSpec) -> bool:
    """Whether the shown run is in training and just what the draft asks for: a second press does not start it again."""
    if run_id is None:
        return False
    run = session.store().runs.get(run_id)
    return not run.is_ended and not whose.changes_since(run, spec)


def _start(spec: RunSpec) -> str:
    """Starts the run, or all runs that the spec stands for; gives the one to show."""
    store = session.store()
    if spec.sweep is not None:
        group_id = start_sweep(store, spec)
        follow(group_id)
        return store.runs.group_runs(group_id)[0].id
    if not is_group(spec):
        return jobs.start_run(store, spec, pace=_PACE)
    # what counts of folds and repeats is what they come to: at full speed, not spread over time to be watched; a race is watched
    is_race = spec.race is not None
    group_id = jobs.start_group(store, spec, pace=_PACE if is_race else "full")
    if not is_race:
        follow(group_id)
    return store.runs.group_runs(group_id)[0].id


def results(run_id: str | None, draft: session.Draft, spec: RunSpec | None) -> None:
    """Whose they are; curves, what the network has learned, and what happened."""
    run = session.store().runs.get(run_id) if run_id is not None else None
    changes = whose.changes_since(run, spec) if run is not None else []
    whose.line(run, changes, can_train=spec is not None)
    is_guessed = question.draw(run)
    with st.container(key="results"):
        asked = _live(run, draft, spec, is_changed=bool(changes), is_guessed=is_guessed)
        if run is not None:
            st.fragment(guarded(_ended), run_every=None if run.is_ended else "2s")(run.id)
            st.fragment(guarded(baselines.panel), run_every=None if run.is_ended else "2s")(run.id)
    if asked is not None and asked["what"] == "branch":
        branch.ask(str(asked["run"]), int(asked["step"]))
    if asked is not None and asked["what"] == "mend":
        remedy.ask(str(asked["run"]), str(asked["rule"]))
    if asked is not None and asked["what"] == "look":
        show_run(str(asked["rival"]))
        st.rerun()
    animation.dialogs(asked)


def _live(
    run: Run | None, draft: session.Draft, spec: RunSpec | None, *, is_changed: bool, is_guessed: bool
) -> Mapping[str, Any] | None:
    """The live part; gives what is asked of the moment that it shows. `spec`: the draft's, where it is complete; `is_guessed`:
    the doctor is not to say yet what is wrong."""
    drawn = run.spec if run is not None and is_readable(run) else spec if run is None else None
    if run is not None and run.group:
        (sweep_panel if is_sweep(session.store(), run.group) else group_panel)(run)
        st.caption(markdown(run.label))
    offers: list[Offer] = ["back"]
    if run is not None and is_readable(run):
        offers += ["branch", "film", "replay"]
    points = None if run is not None and run.step else _points(run, draft, is_changed=is_changed)
    return live_run(
        run.id if run is not None else None,
        key="live",
        points=points,
        extent=(-6, 6, -6, 6) if points and draft.data["kind"] == "synthetic" else None,
        axes=[visible(name) for name in draft.facts.plane or ()],
        classes=[visible(name) for name in draft.facts.classes],
        task=task_of(run) if run is not None and run.info.get("task") else draft.facts.task,
        shape=(run.info.get("shape") if run is not None else None) or draft.facts.shape,
        kinds=layer_kinds(drawn.layers) if drawn is not None else (),
        cost=drawn.cost.kind if drawn is not None else "",
        offers=offers,
        behind=(branch.behind(run) or remedy.behind(run)) if run is not None else None,
        rivals=rivals(run) if run is not None else (),
        can_mend=run is not None and is_readable(run),
        is_guessed=is_guessed,
        examples=question.examples(run),
        loading=cold_start.loading(session.store(), run),
    )


def _points(run: Run | None, draft: session.Draft, *, is_changed: bool) -> list[dict[str, object]] | None:
    """The rows to be seen before a worker sends those of the run; None where the draft's are others, or lie in no plane."""
    if run is not None and is_changed and run.spec_json.get("data") != draft.data:
        return None
    rows = data_panel.plane_rows(draft.data, draft.report)
    if rows is None:
        return None
    task = draft.facts.task
    return [
        {"x": float(a), "y": float(b), "label": int(label) if task == "classification" else float(label), "part": "train"}
        for (a, b), label in zip(rows[0][:1000], rows[1][:1000], strict=True)
    ]


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
    take_away(run)
    if run.error is None:
        return
    st.error(_("The run {status}.").format(status=status_word(run.status)), icon=":material/error:")
    st.text(failure_text(run))
    if run.log:
        with st.expander(_("Log")):
            st.code(log_lines(run.log), language=None)
