"""Branches on the Train page: the button that takes a run's moment into the draft, the note that says so, and the run that
is drawn behind its branch."""

import math
from dataclasses import replace
from typing import Any

import streamlit as st

from nnviz import jobs
from nnviz.errors import NnvizError, NotFound, SpecError
from nnviz.plain_text import LINE, markdown, visible
from nnviz.store import Run, Snapshot
from nnviz.ui.common import session
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import epoch_text
from nnviz.ui.common.session import Draft, change_draft, draft, draft_from
from nnviz.ui.common.settings.labels import page_words
from nnviz.ui.train import draft_fields

_ASKED = "nnviz.branch"


def ask(run_id: str, step: int) -> None:
    """The moment after that step of the run is to become the draft: reruns the page for it."""
    st.session_state[_ASKED] = {"run": run_id, "step": step}
    st.rerun()


def take() -> None:
    """Takes what was asked for into the draft. Called before any field of the page is drawn: these show the draft then."""
    asked = st.session_state.pop(_ASKED, None)
    if asked is None:
        return
    try:
        run = session.store().runs.get(asked["run"])
    except NotFound:
        return  # deleted meanwhile: the page says so
    try:
        branched = draft_of(run, moment_of(run, asked["step"]))
    except NnvizError as error:
        st.warning(markdown(page_words(error.message), limit=LINE))
        return
    st.session_state["nnviz.draft"] = branched
    draft_fields.show(branched)


def moment_of(run: Run, step: int) -> Snapshot | None:
    """The snapshot that a branch from after that step starts from: the newest not past it; None before the first."""
    return session.store().snapshots.newest(run.id, at=step)


def draft_of(run: Run, moment: Snapshot | None) -> Draft:
    """The run's settings as they were at that moment, to be changed; planned for longer where nothing would be left to do.
    Before the first step there is nothing to go on from: the same start, by the seed."""
    if moment is None:
        return draft_from(run, spec=run.spec)
    spec = jobs.spec_at(session.store(), run, moment.step)
    planned = run.control.epochs or spec.training.epochs
    if moment.epoch >= planned - 1e-9:
        planned = math.ceil(moment.epoch - 1e-9) + spec.training.epochs
    spec = spec.with_("training.epochs", planned)
    branched = draft_from(run, spec=spec)
    return replace(branched, branch={"run": run.id, "step": moment.step})


def note(run_id: str | None) -> None:
    """Says that the draft is a branch, of which run, with a button that drops it; nothing for a draft that starts afresh.
    `run_id`: the run on the page; where that is the branch itself, it is told what it is and no more what to do."""
    origin = draft().branch
    if origin is None:
        return
    is_started = run_id is not None and session.store().runs.get(run_id).spec_json.get("from") == dict(origin)
    with st.container(border=True, key="branch_note"):
        left, right = st.columns([7, 1], vertical_alignment="center")
        left.text(_text(origin, is_started=is_started))
        if right.button(
            "", icon=":material/close:", type="tertiary", key="branch.remove", help=_("Start over with fresh weights instead.")
        ):
            change_draft(branch=None)
            st.rerun()


def start_error() -> SpecError | None:
    """Why the draft, as a branch, cannot start; None where it can or is none."""
    origin, facts = draft().branch, draft().facts
    if origin is None:
        return None
    try:
        parent = jobs.parent_of(session.store(), draft().spec())
    except SpecError as error:
        return error if error.where.startswith("from") else None
    except NnvizError:
        return None  # told where the rest of the draft is
    known = parent.info if parent is not None else {}
    if "shape" in known and (tuple(known["shape"]), known["outputs"], known["task"]) != (facts.shape, facts.outputs, facts.task):
        return SpecError(
            _("this data has another shape than the data of the run that it branches from"),
            where="data",
            remedy=_("Choose rows of the same columns and classes, or remove the branch."),
        )
    return None


def behind(run: Run) -> dict[str, Any] | None:
    """The run whose curves stand faintly behind those of its branch, as `live_run` takes it."""
    origin = run.spec_json.get("from")
    if not origin:
        return None
    try:
        parent = session.store().runs.get(origin["run"])
    except NotFound:
        return None
    return {"id": parent.id, "name": parent.name, "behind": True}


def place(origin: Any) -> tuple[str, str] | None:
    """Where a branch begins, in words: the name of the run, and `epoch 20 · step 200` of it; None where that run is gone."""
    try:
        parent = session.store().runs.get(origin["run"])
    except NotFound:
        return None
    at = next(
        (snapshot.epoch for snapshot in session.store().snapshots.of_run(parent.id) if snapshot.step == origin["step"]), None
    )
    step = f"{origin['step']:,}"
    if at is None:
        return visible(parent.name), _("step {n}").format(n=step)
    return visible(parent.name), _("epoch {epoch} · step {step}").format(epoch=epoch_text(at), step=step)


def _text(origin: Any, *, is_started: bool) -> str:
    where = place(origin)
    if where is None:
        return _("Branch of a run that is not here any more.")
    plain = (
        _("Branch of {name} from {place}.")
        if is_started
        else _("Branch of {name} from {place}: change what you like, then press Train.")
    )
    return plain.format(name=where[0], place=where[1])
