"""A spec that stands for a search: fields that vary, how their values are chosen, and by which metric trials are judged."""

import itertools
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from pydantic.functional_validators import PlainValidator
from pydantic.json_schema import WithJsonSchema

from nnviz.catalog import METRICS
from nnviz.catalog.metrics import TASK_METRICS
from nnviz.catalog.param import Param, quote
from nnviz.errors import SpecError
from nnviz.spec.blocks import SplitSpec, TrainingSpec
from nnviz.spec.parts import Checked, Part, choice
from nnviz.spec.sweep.fields import field_type, with_value

if TYPE_CHECKING:
    from nnviz.spec.run import RunSpec

MAX_TRIALS = 1000
METHODS = ("bayes", "random", "grid")
_FIXED = ("version", "name", "from", "sweep")
"""What no trial may vary."""
_TRIALS = Param(name="trials", type="int", default=20, minimum=1, maximum=MAX_TRIALS, help="How many trials are trained.")
_SEED = Param(name="seed", type="int", default=0, minimum=0, maximum=2**31 - 1, help="The same seed draws the same values.")


def _check_pair(value: Any) -> Any:
    if value is None or (isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_number, value))):
        return value if value is None else list(value)
    raise ValueError(f"a range must be two numbers, the lowest and the highest: [0.1, 0.5]; got {quote(value)}")


def _check_goal(value: Any) -> Any:
    names = value if isinstance(value, list | tuple) else [value]
    allowed = [f"{prefix}{name}" for name in METRICS for prefix in ("val_", "")]
    for name in names:
        if isinstance(name, str) and name.startswith("test_"):
            raise ValueError(f"the test rows are not for choosing among trials; use {quote('val_' + name[5:])}")
        if not isinstance(name, str) or name not in allowed:
            raise ValueError(f"goal must be a metric or a list of metrics, of {', '.join(allowed)}; got {quote(name)}")
    if not names or len(set(names)) < len(names) or len(names) > 4:
        raise ValueError(f"goal must be one to four different metrics; got {quote(value)}")
    return list(names) if isinstance(value, list | tuple) else value


_PAIR = {"type": ["array", "null"], "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_Pair = Annotated[Any, PlainValidator(_check_pair), WithJsonSchema(_PAIR)]
_GOAL = {
    "type": ["string", "array"],
    "items": {"type": "string"},
    "description": "The metric by which trials are judged; several: none is better than another one unless it is so in all.",
}


class Vary(Part):
    """The values of one field: those of a `list`, a `range` from the first number to the second, or the same on a logarithmic
    scale, `log`. `step`: from one value of a range to the next."""

    list: Annotated[tuple[Any, ...] | None, Field(strict=False)] = None
    range: _Pair = None
    log: _Pair = None
    step: float | None = None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The lowest and the highest value; None for a list."""
        pair = self.range or self.log
        return None if pair is None else (pair[0], pair[1])


class SweepSpec(Part):
    """Up to `trials` runs of one spec, each with other values of the fields in `vary`, given by their paths. `method`: "bayes"
    learns from the trials that have ended which values are worth a try (Optuna's tree-structured Parzen estimator), "random"
    draws them, "grid" goes through all combinations. `goal`: the metric that says which trial is the best. `prune`: a trial that
    is behind the others is stopped early."""

    vary: dict[str, Vary] = Field(min_length=1, max_length=50)
    method: Annotated[str, choice("method", *METHODS)] = "bayes"
    trials: Annotated[int, Checked(_TRIALS)] = _TRIALS.default
    goal: Annotated[Any, PlainValidator(_check_goal), WithJsonSchema(_GOAL)] = "val_loss"
    prune: bool = False
    seed: Annotated[int, Checked(_SEED)] = 0

    @property
    def goals(self) -> tuple[str, ...]:
        """The metrics by which trials are judged, the first one first."""
        return (self.goal,) if isinstance(self.goal, str) else tuple(self.goal)


def sweep_of(spec: "RunSpec") -> SweepSpec:
    """The sweep of a spec that has one. Raises SpecError."""
    if spec.sweep is None:
        raise SpecError("this spec says nothing that varies", where="sweep", remedy='Add {"vary": {...}}.')
    return spec.sweep


def is_better_higher(goal: str) -> bool:
    """Whether a higher value of the metric `goal`, such as val_accuracy, is the better one."""
    return METRICS[goal.removeprefix("val_")].better == "higher"


def pruning_metric(spec: "RunSpec") -> str:
    """By which trials are compared on their way: the first goal, where it is taken after each epoch, else the validation loss."""
    goal = sweep_of(spec).goals[0]
    return goal if any(goal.removeprefix("val_") in names for names in TASK_METRICS.values()) else "val_loss"


def base_spec(spec: "RunSpec") -> "RunSpec":
    """The spec without its sweep: what every trial has in common."""
    record = spec.to_json()
    record.pop("sweep", None)
    return type(spec).parse(record)


def trial_spec(spec: "RunSpec", values: Mapping[str, Any]) -> "RunSpec":
    """The spec of the trial with these values, by path. Raises SpecError where they do not go together."""
    record = spec.to_json()
    record.pop("sweep", None)
    for path in sorted(values, key=_depth):
        record = with_value(record, path, values[path], fit_kind=True)
    return type(spec).parse(record)


def choices(spec: "RunSpec", path: str) -> list[Any] | None:
    """All values that a field may have, in order; None where there are infinitely many."""
    vary = sweep_of(spec).vary[path]
    if vary.bounds is None:
        return list(vary.list or ())
    low, high = vary.bounds
    is_whole = field_type(spec, path) == "int"
    if vary.log is not None or (not is_whole and vary.step is None):
        return list(range(int(low), int(high) + 1)) if is_whole else None
    step = vary.step or 1
    count = math.floor((high - low) / step + 1e-9) + 1
    return [int(low) + number * int(step) if is_whole else low + number * step for number in range(count)]


def combinations(spec: "RunSpec") -> int | None:
    """How many different trials there are; None for infinitely many."""
    counts = [choices(spec, path) for path in sweep_of(spec).vary]
    return None if any(values is None for values in counts) else math.prod(len(values or ()) for values in counts)


def grid(spec: "RunSpec") -> list[dict[str, Any]]:
    """Every combination of the values of the fields that vary, those of the last field next to each other."""
    paths = list(sweep_of(spec).vary)
    lists = [choices(spec, path) or [] for path in paths]
    return [dict(zip(paths, values, strict=True)) for values in itertools.product(*lists)]


def check_sweep(spec: "RunSpec") -> None:
    """What the fields of a sweep say against the spec. Raises SpecError at the path of the field in the sweep."""
    sweep = spec.sweep
    if sweep is None:
        return
    _check_alone(spec, spec.split, spec.training)
    base = base_spec(spec)
    for path, vary in sweep.vary.items():
        _check_vary(base, path, vary, where=f"sweep.vary.{path}")
    _check_goals(spec)
    if sweep.method == "grid":
        _check_grid(spec)


def _check_alone(spec: "RunSpec", split: SplitSpec, training: TrainingSpec) -> None:
    several = [
        name
        for name, is_set in (
            ("split.folds", split.folds is not None and split.fold is None),
            ("split.repeats", split.repeats > 1),
            ("training.repeats", training.repeats > 1),
            ("from", spec.branch is not None),
            ("race", spec.race is not None),
        )
        if is_set
    ]
    if several:
        raise SpecError(
            f"each trial of a sweep is one run, begun anew, and {several[0]} asks for something else",
            where="sweep",
            remedy=f"Leave out {several[0]}, or the sweep.",
        )


def _check_vary(base: "RunSpec", path: str, vary: Vary, *, where: str) -> None:
    ways = [name for name in ("list", "range", "log") if getattr(vary, name) is not None]
    if len(ways) != 1:
        raise SpecError(
            f"{' and '.join(ways)} cannot be used together" if ways else "this says no values",
            where=where,
            remedy='Give one of {"list": [8, 16]}, {"range": [0, 0.5]}, {"log": [0.0001, 0.1]}.',
        )
    if path.split(".")[0].split("[")[0] in _FIXED:
        raise SpecError(f"{path} is the same for all trials", where=where, remedy="Vary another field.")
    kind = field_type(base, path, where=where)
    if vary.step is not None and (vary.range is None or not vary.step > 0 or not math.isfinite(vary.step)):
        raise SpecError(f"a step goes with a range and is above 0; got {quote(vary.step)}", where=where, remedy="Leave it out.")
    if vary.bounds is None:
        _check_list(base, path, vary, where=where)
        return
    if kind not in ("int", "float"):
        raise SpecError(f"{path} is no number, so it has no range", where=where, remedy='Give its values: {"list": [...]}.')
    low, high = vary.bounds
    if not low < high:
        raise SpecError(
            f"the range from {low:g} to {high:g} is empty", where=where, remedy="The first number must be the lower one."
        )
    if vary.log is not None and low <= 0:
        raise SpecError(
            f"a logarithmic range is above 0; got {low:g}", where=where, remedy="Raise the first number, or use a plain range."
        )
    for bound in (low, high):
        _check_value(base, path, bound, where=where)
    if kind == "int" and vary.step is not None and not float(vary.step).is_integer():
        raise SpecError(f"{path} takes whole numbers, and so must the step be", where=where)


def _check_list(base: "RunSpec", path: str, vary: Vary, *, where: str) -> None:
    if not vary.list:
        raise SpecError("this list must not be empty", where=where, remedy="Give the values to try.")
    if any(value in vary.list[:at] for at, value in enumerate(vary.list)):
        raise SpecError("a value stands twice in this list", where=where, remedy="Give each value once.")
    for value in vary.list:
        _check_value(base, path, value, where=where)


def _check_value(base: "RunSpec", path: str, value: Any, *, where: str) -> None:
    try:
        changed = type(base).parse(with_value(base.to_json(), path, value, fit_kind=True))
    except SpecError as error:
        raise SpecError(error.what, where=where, remedy=error.remedy) from error
    _check_alone(changed, changed.split, changed.training)


def _check_goals(spec: "RunSpec") -> None:
    sweep, split = sweep_of(spec), spec.split
    has_validation = split.validation > 0 or split.column or split.folds or getattr(spec.data, "validation_path", None)
    if not has_validation and any(goal.startswith("val_") for goal in sweep.goals):
        raise SpecError(
            "there are no validation rows to judge trials by",
            where="sweep.goal",
            remedy="Give split.validation a share of the rows.",
        )
    if sweep.prune and len(sweep.goals) > 1:
        raise SpecError(
            "trials are pruned by one goal, and there are several", where="sweep.prune", remedy="Leave it out, or keep one goal."
        )


def _check_grid(spec: "RunSpec") -> None:
    for path, vary in sweep_of(spec).vary.items():
        if choices(spec, path) is None:
            raise SpecError(
                f"a grid needs values that can be counted, and {path} has a continuous range",
                where=f"sweep.vary.{path}",
                remedy='Give {"list": [...]}, or a range with a "step".' if vary.log is None else 'Give {"list": [...]}.',
            )
    count = combinations(spec) or 0
    if count > MAX_TRIALS:
        raise SpecError(
            f"this grid has {count:,} combinations", where="sweep.vary", remedy=f"At most {MAX_TRIALS:,} are allowed."
        )


def _depth(path: str) -> tuple[int, bool, str]:
    """Whole blocks before the fields within them, and the kind of a block before its other fields."""
    return path.count(".") + path.count("["), not path.endswith("kind"), path


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
