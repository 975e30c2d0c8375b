"""What a page may ask for anywhere: the store, and the draft, the one piece of state that pages share.

The draft is what the user is putting together: a spec in the making. It lives in the session; what was trained lives in
the store.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import streamlit as st

from nnviz.catalog import COSTS, DATASETS, PRESETS
from nnviz.catalog.presets import stack_for
from nnviz.spec import RunSpec, SplitSpec, check_class_weight, check_cost
from nnviz.store import Run, Store, default_url
from nnviz.ui.common.settings.live_changes import in_effect, with_changes

_DRAFT = "nnviz.draft"
FIRST_DATASET = "spirals"


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The store of this web process, shared by all its sessions."""
    return Store(default_url())


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of the draft's data before any training. `shape`: one row's input; `outputs`: classes or target
    columns; `rows`: how many; `plane`: the names of the two inputs where the data can be drawn in a plane."""

    shape: tuple[int, ...]
    outputs: int
    task: Literal["classification", "regression"]
    rows: int
    columns: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    plane: tuple[str, str] | None = None
    about: Mapping[str, Any] | None = None
    """What a run is known to have read, see `about_data.about`; None where no run says so."""

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Facts":
        """From the facts that a worker gives of what it has read."""
        return cls(
            shape=tuple(record["shape"]),
            outputs=record["outputs"],
            task=record["task"],
            rows=record["rows"],
            columns=tuple(record["columns"]),
            classes=tuple(record["classes"]),
            plane=tuple(record["plane"]) if record.get("plane") else None,
            about=record.get("about_data"),
        )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The blocks of a spec, as mappings; `facts` of its data; `preset` the stack it started from; `report` of an
    uploaded file (the JSON of a data report)."""

    data: Mapping[str, Any]
    facts: Facts
    layers: list[dict[str, Any]]
    cost: dict[str, Any]
    optimizer: dict[str, Any]
    training: dict[str, Any]
    split: dict[str, Any] = field(default_factory=lambda: {"validation": 0.2, "test": 0.2, "seed": 0})
    preset: str = ""
    report: Mapping[str, Any] | None = None
    origin: str = ""
    """The run it was taken from, if any."""
    branch: Mapping[str, Any] | None = None
    """The snapshot it goes on from, if any: `run` and `step`."""

    def record(self) -> dict[str, Any]:
        """The spec that it stands for as JSON, unchecked."""
        blocks = {
            "data": dict(self.data),
            "split": self.split,
            "layers": self.layers,
            "cost": self.cost,
            "optimizer": self.optimizer,
            "training": self.training,
        }
        return blocks | ({"from": dict(self.branch)} if self.branch else {})

    def spec(self) -> RunSpec:
        """The spec that it stands for. Raises SpecError."""
        if self.cost.get("kind") in COSTS:
            check_cost(self.cost["kind"], task=self.facts.task, outputs=self.facts.outputs)
        spec = RunSpec.parse(self.record())
        check_class_weight(spec.cost.class_weight, task=self.facts.task, classes=self.facts.classes, data=spec.data)
        return spec


def has_draft() -> bool:
    """Whether the session has one yet."""
    return _DRAFT in st.session_state


def draft() -> Draft:
    """The session's draft; at first the two spirals with a net that learns them."""
    if _DRAFT not in st.session_state:
        st.session_state[_DRAFT] = fresh(FIRST_DATASET)
    current: Draft = st.session_state[_DRAFT]
    return current


def change_draft(**changes: Any) -> Draft:
    """Replaces some blocks of the draft and gives the new one."""
    st.session_state[_DRAFT] = replace(draft(), **changes)
    return draft()


def fresh(dataset: str) -> Draft:
    """A draft for a data set of the catalog, with the preset that suits it."""
    entry = DATASETS[dataset]
    data: dict[str, Any] = {"kind": entry.kind, "name": dataset}
    if entry.kind == "synthetic":
        data |= {param.name: param.default for param in entry.params}
    empty = Draft(data=data, facts=dataset_facts(dataset), layers=[], cost={}, optimizer={}, training={})
    return with_preset(empty, entry.preset)


def dataset_facts(dataset: str) -> Facts:
    """What the catalog knows of a data set, before anything of it is read."""
    entry = DATASETS[dataset]
    is_plane = entry.shape == (2,)
    return Facts(
        shape=entry.shape,
        outputs=entry.classes or 1,
        task=entry.task,
        rows=entry.rows,
        columns=entry.columns,
        classes=entry.names,
        plane=(entry.columns[0], entry.columns[1]) if is_plane else None,
    )


def with_preset(before: Draft, preset: str) -> Draft:
    """The draft with a preset's stack, optimizer and training, and the cost that suits its task."""
    entry = PRESETS[preset]
    return replace(
        before,
        preset=preset,
        layers=[copy.deepcopy(dict(layer)) for layer in stack_for(preset, before.facts.shape)],
        cost={"kind": default_cost(before.facts.task)},
        optimizer=dict(entry.optimizer),
        training=dict(entry.training),
    )


def default_cost(task: str) -> str:
    """The cost that a draft for `task` starts with."""
    return "CrossEntropy" if task == "classification" else "MeanSquaredError"


def with_data(
    before: Draft, data: Mapping[str, Any], facts: Facts, *, preset: str, report: Mapping[str, Any] | None = None
) -> Draft:
    """The draft on other data. A stack that still is its preset's makes way for the one that suits the new data; a stack
    that the user has worked on stays, and only a cost that no longer fits the task is replaced."""
    untouched = before.preset and before.layers == [dict(layer) for layer in stack_for(before.preset, before.facts.shape)]
    # columns that the split names are those of the data before
    split = {name: value for name, value in before.split.items() if name not in ("by", "column")}
    moved = replace(before, data=data, facts=facts, report=report, split=split, origin="")
    if untouched:
        return with_preset(moved, preset)
    if isinstance(moved.cost.get("class_weight"), Mapping) and not set(moved.cost["class_weight"]) <= set(facts.classes):
        # weights of the classes of the data before
        moved = replace(moved, cost={name: value for name, value in moved.cost.items() if name != "class_weight"})
    return moved if facts.task == before.facts.task else replace(moved, cost={"kind": default_cost(facts.task)})


def trained_spec(run: Run) -> RunSpec:
    """What a run is trained by: its spec with what was changed while it trained; of a group's run the group's. Raises
    SpecError."""
    if run.group:
        return store().runs.group(run.group).spec
    return with_changes(run.spec, in_effect(store(), run))


def draft_from(run: Run, *, spec: RunSpec | None = None) -> Draft:
    """The draft that repeats a run as it is trained in the end, or the group that it is a member of; `spec`: in its place."""
    spec = spec or trained_spec(run)
    record = spec.to_json()
    info = run.info
    data = record["data"]
    if "shape" in info:
        facts = Facts.of({**info, "rows": sum(info["rows"].values())})
    elif data["kind"] != "file":
        facts = dataset_facts(data["name"])
    else:
        facts = draft().facts
    split = {"validation": spec.split.validation, "test": spec.split.test, "seed": spec.split.seed}
    return Draft(
        data=data,
        facts=facts,
        layers=record["layers"],
        cost=record["cost"],
        optimizer=record["optimizer"],
        training=record.get("training", {}),
        split=split | record.get("split", {}),
        origin=run.id,
        branch=record.get("from"),
    )


def of_record(record: Mapping[str, Any], facts: Facts, *, report: Mapping[str, Any] | None = None) -> Draft:
    """The draft of a spec's JSON, with what is known of its data. A stack that is a preset's counts as that preset."""
    layers, usual = list(record["layers"]), SplitSpec()
    return Draft(
        data=record["data"],
        facts=facts,
        layers=layers,
        cost=record["cost"],
        optimizer=record["optimizer"],
        training=record.get("training", {}),
        split={"validation": usual.validation, "test": usual.test, "seed": usual.seed} | record.get("split", {}),
        preset=next((name for name in PRESETS if layers == [dict(layer) for layer in stack_for(name, facts.shape)]), ""),
        report=report,
        branch=record.get("from"),
    )
