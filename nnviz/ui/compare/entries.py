"""What stands side by side on the Compare page: single runs, and groups of runs of one spec, which are one thing each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nnviz.plain_text import visible
from nnviz.store import Curve, Run, spreads
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.run_format import ABSENT, metric_title, spread_text
from nnviz.ui.compare.results import Cell, Row
from nnviz.verdict.entrants import kept_metrics, setting_of


@dataclass(frozen=True)
class Entry:
    """`id`: of the run, or of the group; its `runs`, one or several in their order; what it is called."""

    id: str
    name: str
    runs: tuple[Run, ...]

    @property
    def is_group(self) -> bool:
        return len(self.runs) > 1


def entries_of(runs: Sequence[Run], names: Mapping[str, str]) -> list[Entry]:
    """Of the chosen runs, in their order: those of one group of which two or more are chosen stand together, at the place of the
    first."""
    groups = {group: members for group, members in groups_of(runs).items() if is_one(members)}
    called = group_names(groups, names)
    entries: dict[str, Entry] = {}
    for run in runs:
        if run.group in groups:
            entries.setdefault(run.group, Entry(run.group, called[run.group], tuple(groups[run.group])))
        else:
            entries[run.id] = Entry(run.id, visible(names[run.id]), (run,))
    return list(entries.values())


def groups_of(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """The members of each group of which two runs or more are chosen, in their order, by the group's id."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        if run.group:
            groups.setdefault(run.group, []).append(run)
    return {group: sorted(members, key=lambda run: run.member) for group, members in groups.items() if len(members) > 1}


def group_names(groups: Mapping[str, Sequence[Run]], names: Mapping[str, str]) -> dict[str, str]:
    """What each group is called: as its members without their labels; a number where two would have one name."""
    called: dict[str, str] = {}
    for group, members in groups.items():
        name = visible(names[members[0].id].removesuffix(f" · {members[0].label}"))
        number = sum(other == name or other.startswith(f"{name} (") for other in called.values())
        called[group] = f"{name} ({number + 1})" if number else name
    return called


def is_one(members: Sequence[Run]) -> bool:
    """Whether runs of a group are the same but for what is drawn anew: folds and seeds; those of a race or a sweep are not."""
    return len(set(map(setting_of, members))) == 1


def entry_rows(
    entries: Sequence[Entry], rows: Sequence[Row], runs: Sequence[Run], *, best: str = "", best_by: str = ""
) -> list[Row]:
    """A table of the runs with a column for each entry instead: of a group mean and standard deviation of a metric over its
    finished runs, and from which to which else. `best`: the entry that the verdict by the metric `best_by` calls better than each
    of the others; there alone a cell is marked."""
    places = {run.id: place for place, run in enumerate(runs)}
    names = {metric_title(name): name for run in runs for name in kept_metrics(run)} | {_("Training loss"): "loss"}
    together = []
    for row in rows:
        metric, cells = names.get(row.label, ""), []
        for entry in entries:
            cell = _together(entry, [row.cells[places[run.id]] for run in entry.runs], metric)
            cells.append(replace(cell, is_best=bool(best) and entry.id == best and metric == best_by))
        together.append(replace(row, cells=tuple(cells)))
    return together


def _together(entry: Entry, cells: Sequence[Cell], metric: str) -> Cell:
    if not entry.is_group:
        return cells[0]
    hidden = next((cell for cell in cells if cell.reveal), None)
    if hidden is not None:
        return replace(hidden, reveal=entry.id)
    texts = list(dict.fromkeys(cell.text for cell in cells if cell.text != ABSENT))
    if not texts:
        return Cell(ABSENT)
    finished = [run for run in entry.runs if run.status == "finished"]
    known = spreads({metric: value} for run in finished if (value := kept_metrics(run).get(metric)) is not None)
    if metric and metric in known:
        spread = known[metric]
        missing = len(entry.runs) - len(spread.values)
        note = counted("{n} run is missing: it has not finished.", "{n} runs are missing: they have not finished.", missing)
        mean = _("Mean ± standard deviation over {n} runs.").format(n=len(spread.values))
        return Cell(
            spread_text(metric, spread).replace(" ", "\N{NO-BREAK SPACE}"),
            so_far=bool(missing),
            help=f"{mean} {note}" if missing else mean,
        )
    return Cell(_range_text(texts), help="\n".join(texts) if len(texts) > 1 else "")


def _range_text(texts: Sequence[str]) -> str:
    """`19 – 25` of numbers, `3 of 5` of words."""
    if len(texts) == 1:
        return texts[0]
    numbers = {text: _number(text) for text in texts}
    if all(number is not None for number in numbers.values()):
        ordered = sorted(texts, key=lambda text: numbers[text] or 0.0)
        return f"{ordered[0]} \N{EN DASH} {ordered[-1]}".replace(" ", "\N{NO-BREAK SPACE}")
    return _("{n} different").format(n=len(texts))


def _number(text: str) -> float | None:
    """Of a text such as `1,024` or `0.3 s`; None of words."""
    amount, _space, unit = text.replace(",", "").partition(" ")
    scale = {"": 1.0, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}.get(unit)
    try:
        return float(amount) * scale if scale is not None else None
    except ValueError:
        return None


def mean_curve(curves: Sequence[Curve], x: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Along `x` (epoch, step or time): places (n,), and there the mean (n,) and the standard deviation (n,; NumPy's, divided by
    the number of curves) of at least two curves, each a straight line between its points."""
    lines = [(getattr(curve, x), curve.value) for curve in curves if len(curve.value)]
    finite = [(at[good], value[good]) for at, value in lines if (good := np.isfinite(value)).any()]
    if len(finite) < 2:
        return np.empty(0), np.empty(0), np.empty(0)
    places = np.unique(np.concatenate([at for at, _value in finite]))
    values = np.array([np.interp(places, at, value, left=np.nan, right=np.nan) for at, value in finite])
    count = np.isfinite(values).sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean = np.nansum(values, axis=0) / np.maximum(count, 1)
        deviation = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / np.maximum(count, 1))
    enough = count >= 2
    return places[enough], mean[enough], deviation[enough]
