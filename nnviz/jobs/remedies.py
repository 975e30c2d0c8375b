"""Remedies of findings: the spec of a run with one, and what both runs are told of it."""

import math
from collections.abc import Mapping
from typing import Any

from nnviz.errors import NotFound, RequestError
from nnviz.jobs.branches import spec_at
from nnviz.spec import RunSpec
from nnviz.store import Run, Snapshot, Store


def finding_of(run: Run, rule: str) -> dict[str, Any]:
    """What the last judgement of a run says by that rule. Raises NotFound, and RequestError where it has no remedy."""
    finding = next((finding for finding in run.findings or [] if finding.get("rule") == rule), None)
    if finding is None:
        raise NotFound(f"the doctor does not say {rule!r} of this run any more")
    if not finding.get("remedy"):
        raise RequestError(f"there is no remedy for {rule!r} that could be started at once")
    return dict(finding)


def remedy_spec(store: Store, run: Run, remedy: Mapping[str, Any]) -> tuple[RunSpec, Snapshot | None]:
    """The run's spec as it was at the remedy's moment, with what it changes, and that moment (None: a run from fresh weights).
    A branch is trained up to the same epoch as the run, and not less than a tenth of it. Raises SpecError."""
    moment = store.snapshots.newest(run.id, at=remedy["from_step"]) if remedy["from_step"] is not None else None
    spec = run.spec if moment is None else spec_at(store, run, moment.step)
    for path, value in remedy["set"].items():
        spec = spec.with_(path, value)
    if moment is None:
        return spec, None
    planned = max(run.control.epochs or spec.training.epochs, math.ceil(moment.epoch + spec.training.epochs / 10))
    return spec.with_("training.epochs", planned).with_("from", {"run": run.id, "step": moment.step}), moment


def begun(store: Store, parent: Run, rule: str, child: Run) -> None:
    """Tells both runs that the one is to mend the other: the doctor compares them when it has ended."""
    store.runs.add_event(parent.id, "remedy", f"A remedy was started: {child.name}", data={"rule": rule, "run": child.id})
    store.runs.add_event(child.id, "mends", f"A remedy for {parent.name}", data={"rule": rule, "run": parent.id})


def mended(store: Store, child: Run) -> tuple[Run, str] | None:
    """The run that another one is to mend, and the rule of the finding; None where it is to mend none, or that is gone."""
    link = next((event.data for event in store.runs.events(child.id) if event.kind == "mends"), None)
    if link is None:
        return None
    try:
        return store.runs.get(str(link.get("run", ""))), str(link.get("rule", ""))
    except NotFound:
        return None
