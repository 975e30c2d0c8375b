"""The beginning of a branch: the parent's snapshot becomes the first one of the new run."""

from collections.abc import Mapping
from typing import Any

from nnviz import data, engine
from nnviz.errors import RunError
from nnviz.jobs.branches import check_fits, parent_of
from nnviz.spec import RunSpec, changes
from nnviz.store import Run, Store

MAX_CHANGES = 6


def begin(
    store: Store, run: Run, attempt: int, spec: RunSpec, *, prepared: data.Prepared, session: engine.Session
) -> engine.State:
    """The state that a branch starts from. It is kept as the run's own first snapshot, so that from then on the parent may
    go; events say where the run comes from, what it does otherwise, and what could not be carried over.

    Raises SpecError where the parent, its snapshot or its form is missing or does not fit, DamagedSnapshot."""
    parent = parent_of(store, spec)
    if parent is None or spec.branch is None:
        raise RunError("this run is no branch", where=run.id)
    check_fits(parent, prepared)
    parent_state = engine.State.from_bytes(store.snapshots.get(parent.id, spec.branch.step))
    branched = engine.branch(
        parent_state, parent=parent.spec, spec=spec, prepared=prepared, rows=parent.info["rows"]["train"], session=session
    )
    state = branched.state
    epoch, seconds = state.calendar(session.loop.steps_per_epoch).share(state.step), state.notes["seconds"]
    store.series.append(run.id, attempt, step=state.step, epoch=epoch, seconds=seconds, phase="building")
    store.snapshots.add(run.id, attempt, [(state.step, epoch, seconds, state.to_bytes())])
    store.runs.add_event(
        run.id,
        "branch",
        f"Goes on from step {parent_state.step:,} of {parent.name}, {_words(parent.spec, spec)}",
        data={"run": parent.id, "step": parent_state.step},
    )
    for note in (*branched.notes, *_about_data(store, parent, spec, prepared)):
        store.runs.add_event(run.id, "branch", note)
    return state


def _words(parent: RunSpec, spec: RunSpec) -> str:
    differences = [f"{path} {_value(values[0])} → {_value(values[1])}" for path, values in changes(parent, spec).items()]
    if not differences:
        return "with nothing changed"
    more = [f"and {len(differences) - MAX_CHANGES} more"] if len(differences) > MAX_CHANGES else []
    return "but with " + ", ".join([*differences[:MAX_CHANGES], *more])


def _value(value: Any) -> str:
    text = "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _about_data(store: Store, parent: Run, spec: RunSpec, prepared: data.Prepared) -> list[str]:
    if parent.spec.data == spec.data and parent.spec.split == spec.split:
        return []
    notes = ["Other rows or another split: rows of validation and test may be among those that the other run learned from"]
    if _without_form(store.runs.encoder(parent.id)) != _without_form(prepared.encoder.to_json()):
        notes.append("Columns are scaled and encoded by these rows, not by those of the other run")
    return notes


def _without_form(encoder: Mapping[str, Any] | None) -> dict[str, Any]:
    """How the file was written tells nothing of the numbers that the network sees."""
    return {name: value for name, value in (encoder or {}).items() if name != "dialect"}
