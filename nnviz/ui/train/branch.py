"""Branches on the Train page: the button that takes a run's moment into the draft, the note that says so, and the run that
is drawn behind its branch."""

import math
from dataclasses import replace
from typing import Any

import streamlit as st

from nnviz import jobs
from nnviz.catalog import OPTIMIZERS, SCHEDULES
from nnviz.errors import NnvizError, NotFound, SpecError
from nnviz.plain_text import visible
from nnviz.store import Run, Snapshot
from nnviz.ui.common import session
from nnviz.ui.common.i18n import _
from nnviz.ui.common.session import Draft, change_draft, draft, draft_from

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
        st.warning(error.message)
        return
    st.session_state["nnviz.draft"] = branched
    for key in [key for key in st.session_state if isinstance(key, str)]:
        value = _field(key, branched)
        if value is not ... and st.session_state[key] != value:
            st.session_state[key] = value


def moment_of(run: Run, step: int) -> Snapshot | None:
    """The snapshot that a branch from after that step starts from: the newest not past it; None before the first."""
    snapshots = [
        snapshot for snapshot in session.store().snapshots.of_run(run.id) if not snapshot.damaged and snapshot.step <= step
    ]
    return snapshots[-1] if snapshots else None


def draft_of(run: Run, moment: Snapshot | None) -> Draft:
    """The run's settings as they were at that moment, to be changed; planned for longer where nothing would be left to do.
    Before the first step there is nothing to go on from: the same start, by the seed."""
    spec = run.spec
    if moment is None:
        return draft_from(replace(run, group=""))
    for event in session.store().runs.changed(run.id):
        if event.step <= moment.step:
            try:
                spec = spec.with_(event.data["name"], event.data["after"])
            except SpecError:
                continue  # a setting that no spec has
    planned = run.control.epochs or spec.training.epochs
    if moment.epoch >= planned - 1e-9:
        planned = math.ceil(moment.epoch - 1e-9) + spec.training.epochs
    spec = spec.with_("training.epochs", planned)
    branched = draft_from(replace(run, spec_json=spec.to_json(), group=""))
    return replace(branched, branch={"run": run.id, "step": moment.step})


def note() -> None:
    """Says that the draft is a branch, of which run, with a button that drops it; nothing for a draft that starts afresh."""
    origin = draft().branch
    if origin is None:
        return
    with st.container(border=True, key="branch_note"):
        left, right = st.columns([7, 1], vertical_alignment="center")
        left.text(_text(origin))
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


def _text(origin: Any) -> str:
    try:
        parent = session.store().runs.get(origin["run"])
    except NotFound:
        return _("Branch of a run that is not here any more.")
    at = next(
        (snapshot.epoch for snapshot in session.store().snapshots.of_run(parent.id) if snapshot.step == origin["step"]), None
    )
    step = f"{origin['step']:,}"
    place = (
        _("epoch {epoch} · step {step}").format(epoch=_epoch(at), step=step) if at is not None else _("step {n}").format(n=step)
    )
    return _("Branch of {name} from {place}: change what you like, then press Train.").format(
        name=visible(parent.name), place=place
    )


def _epoch(epoch: float) -> str:
    return f"{epoch:.4g}" if epoch < 1000 else f"{epoch:,.0f}"


def _field(key: str, branched: Draft) -> Any:
    """What the field of that key has to show for a draft; ... for what is none. A field that stays on the page would else
    keep what it showed before."""
    group, _sep, rest = key.partition(":")
    kind, _sep, name = rest.partition(":")
    schedule, training = branched.optimizer.get("schedule") or {}, branched.training
    if group in ("rate", "more") and kind == branched.optimizer["kind"]:
        return _of(OPTIMIZERS[kind].params, branched.optimizer, name)
    if group == "schedule" and name and kind == schedule.get("kind"):
        return _of(SCHEDULES[kind].params, schedule, name)
    stopping = training.get("early_stopping")
    known = {
        f"schedule:{branched.optimizer['kind']}": schedule.get("kind"),
        f"epochs:{branched.preset}": training.get("epochs", 30),
        f"batch:{branched.preset}": training.get("batch_size", 32),
        "training:seed": training.get("seed", 0),
        "training:record_every": training.get("record_every", 1),
        "training:early": stopping is not None,
        "training:patience": (stopping or {}).get("patience", 20),
        "training:keep": training.get("keep") == "best",
        "split:validation": float(branched.split["validation"]),
        "split:test": float(branched.split["test"]),
        "split:seed": branched.split["seed"],
    }
    if branched.data["kind"] == "synthetic":
        name = branched.data["name"]
        known |= {
            f"samples:{name}": int(branched.data.get("samples", 500)),
            f"noise:{name}": float(branched.data.get("noise", 0.2)),
        }
    return known.get(key, ...)


def _of(params: Any, values: Any, name: str) -> Any:
    param = next((param for param in params if param.name == name), None)
    if param is None:
        return ...
    value = values.get(name, param.default)
    if param.type in ("ints", "floats"):
        return ", ".join(f"{number:g}" if param.type == "floats" else str(number) for number in value or ())
    return float(value) if param.type == "float" and value is not None else value
