"""Runs that begin at another run's snapshot: whether there is such a one, and whether the data fits it."""

import contextlib
from typing import Any

from nnviz.errors import NotFound, SpecError
from nnviz.spec import RunSpec
from nnviz.store import Run, Store

MOST_COLUMNS = 500
"""Names that are kept with a run."""
_SAME = {
    "task": "the task",
    "shape": "rows of the form",
    "outputs": "classes or targets in number",
    "classes": "the classes",
    "columns": "the columns",
}


def parent_of(store: Store, spec: RunSpec) -> Run | None:
    """The run that a spec goes on from; None for a spec that begins anew. Raises SpecError where that run, or a snapshot of
    it after so many steps, is not in the store."""
    if spec.branch is None:
        return None
    try:
        parent = store.runs.get(spec.branch.run)
    except NotFound as error:
        raise SpecError(error.what, where="from.run", remedy=error.remedy) from error
    step = spec.branch.step
    known = [snapshot.step for snapshot in store.snapshots.of_run(parent.id) if not snapshot.damaged]
    if step in known:
        return parent
    if not known:
        raise SpecError(f"no snapshot of run {parent.id} is kept", where="from.step", remedy="Train it again.")
    before, after = [at for at in known if at < step], [at for at in known if at > step]
    near = " and ".join(f"{at:,}" for at in (*before[-1:], *after[:1]))
    raise SpecError(
        f"the moment after {step:,} steps is not among those recorded of run {parent.id}",
        where="from.step",
        remedy=f"The nearest are those after {near}.",
    )


def rooted(store: Store, spec: RunSpec) -> RunSpec:
    """The spec with the whole id of the run that it goes on from, where it has one. Raises SpecError as `parent_of`."""
    parent = parent_of(store, spec)
    return spec if parent is None else spec.with_("from.run", parent.id)


def spec_at(store: Store, run: Run, step: int) -> RunSpec:
    """The spec of a run with the settings that it was trained with after so many steps."""
    spec = run.spec
    for event in store.runs.changed(run.id):
        if event.step <= step:
            with contextlib.suppress(SpecError):  # a setting that no spec has
                spec = spec.with_(event.data["name"], event.data["after"])
    return spec


def check_fits(parent: Run, prepared: Any) -> None:
    """Whether the parent's network can go on learning from this data: rows of the same form, with the same columns, and the
    same classes or number of targets. Raises SpecError."""
    for name, words in _SAME.items():
        before, now = parent.info.get(name), getattr(prepared, name)
        if isinstance(now, list | tuple):
            now = list(now)[:MOST_COLUMNS]
        if before is not None and before != now:
            raise SpecError(
                f"the other run has {words} {_short(before)}, and this data {_short(now)}",
                where="data",
                remedy="A branch takes more or other rows, but of the same columns and classes.",
            )


def _short(value: Any) -> str:
    if not isinstance(value, list | tuple):
        return str(value)
    listed = ", ".join(map(str, value[:8]))
    return f"{listed}, ... ({len(value)})" if len(value) > 8 else listed or "none"
