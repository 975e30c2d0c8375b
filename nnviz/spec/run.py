"""RunSpec: all that one run is asked to do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from nnviz.catalog import COSTS
from nnviz.errors import SpecError
from nnviz.spec.blocks import (
    Branch,
    BuiltinData,
    ColumnSpec,
    Data,
    EarlyStopping,
    FileData,
    ReadSpec,
    SplitSpec,
    SyntheticData,
    TrainingSpec,
)
from nnviz.spec.components import COMPONENTS, Cost, Layer, Optimizer
from nnviz.spec.expansion import expand
from nnviz.spec.group import check_branch, check_group, check_split
from nnviz.spec.parts import Component, Part
from nnviz.spec.race import RaceSpec
from nnviz.spec.reading import MAX_NESTING, read, too_deep
from nnviz.spec.schedules import check_schedule
from nnviz.spec.sweep.block import SweepSpec, Vary, check_sweep
from nnviz.spec.sweep.fields import with_value
from nnviz.spec.validation_errors import explain


class RunSpec(Part):
    """All that one run is asked to do: the `data`, its `split`, the `layers` up to the `cost`, the `optimizer` and the
    `training`. `version` is that of this format; `name` is shown to people only. `branch` (in JSON: `from`) is the snapshot
    of another run that this one goes on from. A spec with folds, repeats or a `race` stands for several runs: see `members`; one
    with a `sweep` for as many as are tried: see `trial_spec`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, serialize_by_alias=True)

    version: Literal[1] = 1
    name: str = Field(default="", max_length=300)
    data: Data
    split: SplitSpec = SplitSpec()
    layers: list[Layer]
    cost: Cost
    optimizer: Optimizer
    training: TrainingSpec = TrainingSpec()
    branch: Branch | None = Field(default=None, alias="from")
    race: RaceSpec | None = None
    sweep: SweepSpec | None = None

    @classmethod
    def parse(cls, source: Any, *, where: str = "") -> Self:
        """A checked spec from a mapping, a JSON text or a file's path. Raises SpecError at the first mistake.
        `where` names the source where the text is no JSON."""
        record = read(source, where) if isinstance(source, str | Path | bytes) else source
        spec: Self = _validate(cls, record, "")
        _check_together(spec)
        expand(spec.layers)
        return spec

    def to_json(self) -> dict[str, Any]:
        """As it was written: what was left to its default stays out. `parse` of it gives the same spec."""
        return {"version": self.version, **self.written()}

    def with_(self, path: str, value: Any) -> Self:
        """A copy with one field changed, as `--set training.epochs=5` does. Raises SpecError."""
        return type(self).parse(with_value(self.to_json(), path, value))


def parse_layers(mappings: Any, *, where: str = "layers") -> list[Layer]:
    """A checked list of layers from a list of mappings. Raises SpecError."""
    layers: list[Layer] = _validate(_LAYER_LIST, mappings, where)
    return layers


def parse_cost(mapping: Any, *, where: str = "cost") -> Cost:
    """A checked cost from a mapping. Raises SpecError."""
    return _check_transform(_validate(_COST, mapping, where), where)


def parse_component(kind: str, fields: Mapping[str, Any], *, where: str = "") -> Component:
    """A checked layer, cost, schedule or optimizer of a known kind. Raises SpecError; `where` is the kind unless given."""
    component: Component = _validate(COMPONENTS[kind], {"kind": kind, **fields}, where or kind)
    return component


_LAYER_LIST: TypeAdapter[list[Any]] = TypeAdapter(list[Layer])
_COST: TypeAdapter[Any] = TypeAdapter(Cost)


def _validate(model: Any, record: Any, where: str) -> Any:
    if too_deep(record):
        raise SpecError(
            "this is nested too deeply",
            where=where or "spec",
            remedy=f"At most {MAX_NESTING} Repeats or 15 Parallels may stand inside one another.",
        )
    try:
        return model.validate_python(record) if isinstance(model, TypeAdapter) else model.model_validate(record)
    except ValidationError as error:
        raise explain(error, record, where=where, fields=_FIELDS) from error


def _check_together(spec: RunSpec) -> None:
    """What no field can know alone."""
    split = spec.split
    check_split(spec.split, spec.training, spec.data)
    check_branch(spec)
    if split.folds is None and split.validation + split.test >= 1:
        raise SpecError(
            f"validation {split.validation:g} and test {split.test:g} leave no rows to train on",
            where="split",
            remedy="Their sum must be below 1.",
        )
    _check_transform(spec.cost, "cost")
    clips = [name for name in ("clipnorm", "clipvalue", "global_clipnorm") if getattr(spec.optimizer, name) is not None]
    if len(clips) > 1:
        raise SpecError(
            f"{' and '.join(clips)} cannot be set together", where=f"optimizer.{clips[1]}", remedy="Keep one of them."
        )
    check_schedule(spec.optimizer.schedule)
    check_group(spec)
    check_sweep(spec)


def _check_transform(cost: Cost, where: str) -> Cost:
    allowed = COSTS[cost.kind].transforms
    if cost.transform is not None and cost.transform not in allowed:
        raise SpecError(
            f"{cost.kind} does not go with the transform {cost.transform}",
            where=f"{where}.transform",
            remedy=f"Allowed: {', '.join(allowed)}.",
        )
    return cost


def output_columns(cost: Cost, outputs: int) -> int:
    """How many columns the network ends in, for `outputs` classes or target columns: one for two classes of which a
    sigmoid gives one, else as many as outputs. `cost` may be None."""
    return outputs if cost is None else COSTS[cost.kind].width(outputs, cost.transform)


def check_cost(kind: str, *, task: str, outputs: int) -> None:
    """Refuse a cost that does not fit the task ("classification", "regression") or the number of classes or target
    columns. Raises SpecError with the reason and the costs that do."""
    entry = COSTS[kind]
    fitting = ", ".join(name for name, other in COSTS.items() if task in other.tasks and outputs >= other.least_outputs)
    if task not in entry.tasks:
        other = (
            'If its numbers stand for classes, set data.task to "classification".'
            if task == "regression"
            else 'If its values are amounts and no classes, set data.task to "regression".'
        )
        raise SpecError(f"{kind} is no cost for {task}: {entry.reason}", where="cost.kind", remedy=f"Allowed: {fitting}. {other}")
    if outputs < entry.least_outputs:
        raise SpecError(
            f"{kind} needs a target of {entry.least_outputs} columns or more, and this one has {outputs}",
            where="cost.kind",
            remedy=f"Allowed: {fitting}.",
        )


def _fields() -> dict[str, list[str]]:
    blocks: dict[str, type[BaseModel]] = {
        "file": FileData,
        "builtin": BuiltinData,
        "synthetic": SyntheticData,
        "split": SplitSpec,
        "training": TrainingSpec,
        "early_stopping": EarlyStopping,
        "read": ReadSpec,
        "columns": ColumnSpec,
        "spec": RunSpec,
        "from": Branch,
        "race": RaceSpec,
        "sweep": SweepSpec,
        "vary": Vary,
    }
    return {
        name: [field.alias or key for key, field in model.model_fields.items()] for name, model in (COMPONENTS | blocks).items()
    }


_FIELDS = _fields()
