"""Settings that were changed while a run trained: what it trains with now, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnviz.errors import SpecError
from nnviz.spec import RunSpec
from nnviz.store import Run, Store


@dataclass(frozen=True)
class LiveChange:
    """The last change of a setting: its `value` since then, after so many epochs (with parts of one)."""

    value: float
    epoch: float


def in_effect(store: Store, run: Run) -> dict[str, LiveChange]:
    """By path, what is other now than the run's spec says."""
    written = run.settings
    latest: dict[str, LiveChange] = {}
    for event in store.runs.changed(run.id):
        value = event.data["after"]
        if isinstance(value, int | float):
            latest[event.data["name"]] = LiveChange(value, event.epoch)
    return {name: change for name, change in latest.items() if written.get(name) != change.value}


def with_changes(spec: RunSpec, changes: Mapping[str, LiveChange]) -> RunSpec:
    """The spec of a run that is trained so from its first step."""
    for name, change in changes.items():
        try:
            spec = spec.with_(name, change.value)
        except SpecError:
            continue  # a setting that no spec has
    return spec
