"""What is compared, made of runs and groups: which runs pair, by which metric, and why some cannot be compared."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnviz.catalog import METRICS
from nnviz.catalog.metrics import TASK_METRICS
from nnviz.errors import NnvizError
from nnviz.plain_text import visible, within
from nnviz.store import Run, is_whole
from nnviz.verdict.judge import Measure, Results, measure_of
from nnviz.verdict.paired import overlap

ROW_SHARES = ("accuracy", "top3", "top5")
"""Metrics of which one validation row makes one n-th."""
NAMED = 4
"""Runs that keep a verdict from being given and are named; of more, how many there are."""


@dataclass(frozen=True)
class Entrant:
    """One setting that is compared: a group's `members`, or one run alone; `name` as the reader knows it."""

    id: str
    name: str
    members: tuple[Run, ...]


@dataclass(frozen=True)
class Sentence:
    """A text with what it is filled with: `text` is looked up in the user's language, `values` are not."""

    text: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def words(self, t: Callable[[str], str]) -> str:
        """In the language that `t` looks up."""
        return t(self.text).format(**self.values)


@dataclass(frozen=True)
class Refusal:
    """Why there is no verdict. `is_wrong`: these can never be compared; else they cannot be yet, or as they are."""

    why: Sentence
    is_wrong: bool = True


@dataclass(frozen=True)
class Matched:
    """Paired results of the entrants, and what has to be said of them (`notes`)."""

    results: Results
    notes: tuple[Sentence, ...] = ()


def match(entrants: Sequence[Entrant], metric: str | None = None) -> Matched | Refusal:
    """Pairs the runs of two entrants or more by the rows they validate on and, of several there, by their place among these.
    `metric`: a validation metric (`val_accuracy`); None for the first of the task that all have."""
    refusal = _of_other_kind(entrants) or _unfinished(entrants)
    if refusal is not None:
        return refusal
    members = [_by_rows(entrant.members) for entrant in entrants]
    common = [key for key in members[0] if all(key in other for other in members[1:])]
    if not common:
        text = "{a} and {b} validate on different rows (another split or other settings of the data): they cannot be compared."
        other = next(entrant for entrant, theirs in zip(entrants, members, strict=True) if not set(theirs) & set(members[0]))
        return Refusal(Sentence(text, {"a": entrants[0].name, "b": other.name}))
    runs = [[theirs[key] for theirs in members] for key in common]
    name = metric or _usual_metric(runs)
    trouble = _metric_trouble(entrants, runs, name)
    if trouble is not None:
        return trouble
    assert name is not None
    notes = [
        Sentence(
            "Only the {n} that all have count: {more} of {a} have no partner.", {"n": len(common), "more": more, "a": one.name}
        )
        for one, theirs in zip(entrants, members, strict=True)
        if (more := len(theirs) - len(common))
    ]
    return Matched(_results(runs, common, name), tuple(notes))


def measure_named(name: str) -> Measure:
    """What is known of a validation metric by its name, `val_accuracy`."""
    entry = METRICS[name.removeprefix("val_")]
    title = f"validation {within(entry.short or entry.title)}"
    return measure_of(name, title, percent=entry.percent, is_lower_better=entry.better == "lower")


def setting_of(run: Run) -> str:
    """All that a run is asked to do but its split, its seed and its name: the same text for folds and repeats of one setting, and
    another one for each run of a race or a sweep."""
    spec = {name: value for name, value in run.spec_json.items() if name not in ("name", "split", "version")}
    training = {name: value for name, value in spec.get("training", {}).items() if name != "seed"}
    return json.dumps(spec | {"training": training}, sort_keys=True)


def validates_on(run: Run) -> str:
    """Which rows a run validates on: the same text for the same rows."""
    try:
        spec = run.spec
    except NnvizError:
        return repr((run.spec_json.get("data"), run.spec_json.get("split")))
    split = spec.split.model_dump(mode="json")
    data = spec.data.model_dump(mode="json", exclude={"path"} if getattr(spec.data, "sha256", None) else None)
    return repr((data, split))


def costs_on(run: Run) -> str:
    """By which cost and weights of classes its losses are: the same text for losses that compare."""
    cost = run.spec_json.get("cost", {})
    return repr((cost.get("kind"), cost.get("expression"), cost.get("class_weight")))


def kept_metrics(run: Run) -> dict[str, float]:
    """The metrics of the weights that test and prediction use: of the best epoch by validation where the spec says
    `keep: best`, else the last ones."""
    keeps_best = run.spec_json.get("training", {}).get("keep") == "best"
    return run.metrics | {name: value for name, value in run.best.items() if keeps_best and name in run.metrics}


def task_of(run: Run) -> str:
    """The task as the data turned out to be; before that, what its metrics tell, else classification."""
    return str(run.info.get("task") or ("regression" if any(name.endswith("r2") for name in run.metrics) else "classification"))


def main_metric(task: str) -> str:
    """What runs of a task are ranked by: accuracy, or R\N{SUPERSCRIPT TWO}."""
    return "r2" if task == "regression" else TASK_METRICS["classification"][1]


def rows_in(run: Run, part: str) -> int:
    """How many rows a part has; 0 where that is not known."""
    rows = run.info.get("rows")
    count = rows.get(part, 0) if isinstance(rows, Mapping) else 0
    return count if isinstance(count, int) else 0


def _of_other_kind(entrants: Sequence[Entrant]) -> Refusal | None:
    """Of another task, other data or another target than the first."""
    questions: list[tuple[str, Callable[[Run], Any]]] = [
        ("{a} is about {first}, {b} about {second}: their metrics have nothing in common.", task_of),
        ("{a} learns from {first}, {b} from {second}: results on different data cannot be compared.", _data_of),
        ("{a} predicts {first}, {b} predicts {second}: results for different targets cannot be compared.", _target_of),
    ]
    for text, asked in questions:
        first = asked(entrants[0].members[0])
        for entrant in entrants[1:]:
            second = asked(entrant.members[0])
            if second != first:
                names = {"a": entrants[0].name, "b": entrant.name, "first": visible(str(first)), "second": visible(str(second))}
                return Refusal(Sentence(text, names))
    return None


def _data_of(run: Run) -> str:
    data = run.spec_json.get("data", {})
    return str(data.get("name") or str(data.get("path", "")).rsplit("/", 1)[-1])


def _target_of(run: Run) -> str:
    return str(run.spec_json.get("data", {}).get("target", "the last column"))


def _unfinished(entrants: Sequence[Entrant]) -> Refusal | None:
    """Where a member was not trained to its end: those that were are no fair sample of the setting."""
    failed: list[str] = []
    waiting: list[str] = []
    for entrant in entrants:
        for run in entrant.members:
            if not is_whole(run):
                (failed if run.is_ended else waiting).append(f"{_called(entrant, run)} ({run.status})")
    if failed:
        text = (
            "No verdict: {runs} did not finish. What is left would be no fair sample, so nothing is computed from it. "
            "Resume what is missing, or train it again."
        )
        return Refusal(Sentence(text, {"runs": _listed(failed)}), is_wrong=False)
    if waiting:
        return Refusal(Sentence("No verdict yet: {runs} still to be trained.", {"runs": _listed(waiting)}), is_wrong=False)
    return None


def _by_rows(members: Sequence[Run]) -> dict[tuple[str, int], Run]:
    seen: dict[str, int] = {}
    by_rows = {}
    for run in sorted(members, key=lambda run: run.member):
        rows = validates_on(run)
        place = seen[rows] = seen.get(rows, -1) + 1
        by_rows[rows, place] = run
    return by_rows


def _usual_metric(runs: Sequence[Sequence[Run]]) -> str | None:
    usual = [f"val_{main_metric(task_of(runs[0][0]))}", "val_loss"]
    return next((name for name in usual if all(name in kept_metrics(run) for pair in runs for run in pair)), None)


def _metric_trouble(entrants: Sequence[Entrant], runs: Sequence[Sequence[Run]], name: str | None) -> Refusal | None:
    """Why the runs cannot be compared by a metric."""
    recorded = dict.fromkeys(metric for pair in runs for run in pair for metric in kept_metrics(run) if metric.startswith("val_"))
    if name is None or not recorded:
        return Refusal(Sentence("These runs have no validation rows, so there is nothing to compare them by."))
    if name not in recorded or name.removeprefix("val_") not in METRICS:
        text = "There is no metric {name!r} to compare by; there are {names}."
        return Refusal(Sentence(text, {"name": name, "names": ", ".join(recorded)}))
    if name == "val_loss" and len({costs_on(run) for pair in runs for run in pair}) > 1:
        return Refusal(Sentence("The losses come from different costs and cannot be compared; the other metrics can."))
    values = [(place, run, kept_metrics(run).get(name, math.nan)) for pair in runs for place, run in enumerate(pair)]
    empty = [_called(entrants[place], run) for place, run, value in values if not math.isfinite(value)]
    if empty:
        text = "No verdict: {runs} without a finite number for this metric."
        return Refusal(Sentence(text, {"runs": _listed(empty)}), is_wrong=False)
    return None


def _called(entrant: Entrant, run: Run) -> str:
    return f"{visible(run.label)} of {entrant.name}" if run.label and len(entrant.members) > 1 else entrant.name


def _results(runs: Sequence[Sequence[Run]], common: Sequence[tuple[str, int]], name: str) -> Results:
    bare = name.removeprefix("val_")
    values = np.array([[kept_metrics(run)[name] for run in pair] for pair in runs])
    numbers = {rows: number for number, rows in enumerate(dict.fromkeys(rows for rows, _place in common))}
    splits = tuple(numbers[rows] for rows, _place in common)
    trainings = len(runs) / len(numbers) if len(numbers) > 1 else 1
    everything = [[run.metrics for run in pair] for pair in runs]
    k = values.shape[1]
    return Results(
        measure=measure_named(name),
        values=values,
        splits=splits,
        labels=tuple(pair[0].label or pair[0].name for pair in runs),
        rho=_rho([pair[0] for pair in runs]) if len(numbers) > 1 else 0.0,
        # the mean of several trainings is finer by as much
        resolution=_row_share(bare, [pair[0] for pair in runs]) / trainings,
        is_same=np.array([[all(row[i] == row[j] for row in everything) for j in range(k)] for i in range(k)]),
    )


def _row_share(metric: str, runs: Sequence[Run]) -> float:
    """What one row makes of a metric; 0 where that has no bound or is not known."""
    fewest = min(rows_in(run, "validation") for run in runs)
    return 1 / fewest if metric in ROW_SHARES and fewest else 0.0


def _rho(runs: Sequence[Run]) -> float:
    """Of the parts' sizes; where they are not known, of the number of folds."""
    train, test = (sum(rows_in(run, part) for run in runs) for part in ("train", "validation"))
    if train and test:
        return overlap(train, test)
    return 1 / int(runs[0].spec_json.get("split", {}).get("folds") or 2)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
