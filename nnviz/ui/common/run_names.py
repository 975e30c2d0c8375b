"""What runs are called: by their owner, else by what tells them from the others that are listed."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from nnviz.errors import NnvizError
from nnviz.plain_text import LINE, visible
from nnviz.spec import RunSpec, summary as network_and_cost
from nnviz.store import Run, default_name
from nnviz.ui.common.i18n import _
from nnviz.ui.common.setting_words import differing, network_words, optimizer_words
from nnviz.ui.common.spec_settings import data_words

NamesBeside = Callable[[Sequence[Run]], dict[str, str]]
"""Names of runs that stand on a page beside those of its table; see `names_beside`."""
MOST_OF_GROUP = 250
"""Characters of a group's name in those of its members (`Runs.create_group`)."""
MOST_LISTS = 64
"""Lists of runs whose names are remembered."""
MOST_DETAILS = 3
"""Settings that a name holds beside data, network and optimizer."""
_LATEST: dict[tuple[tuple[str, str, str, bool], ...], dict[str, str]] = {}


def run_names(runs: Sequence[Run]) -> dict[str, str]:
    """The name of each run among `runs`. One that its owner named keeps that. The others are called by their optimizer, with
    data and network where these differ among them (`Adam 0.01, 32-16, iris`), and, where that is not enough, with the
    settings that differ (`Adam 0.01, seed 1`). Runs of the same settings are numbered, the oldest first."""
    # what a run was asked to do never changes, and a page asks anew at every click
    key = tuple((run.id, run.name, run.label, bool(run.broken)) for run in runs)
    names = _LATEST.get(key)
    if names is None:
        if len(_LATEST) >= MOST_LISTS:
            _LATEST.clear()
        names = _LATEST[key] = _named(runs)
    return dict(names)


def _named(runs: Sequence[Run]) -> dict[str, str]:
    names, specs = {}, {}
    for run in runs:
        spec = None if run.broken else _spec(json.dumps(run.spec_json))
        if spec is None or has_own_name(run, spec):
            names[run.id] = run.name
        else:
            specs[run.id] = spec
    unnamed = [run for run in runs if run.id in specs]
    words = {name: {run_id: part(spec) for run_id, spec in specs.items()} for name, part in _PARTS.items()}
    differ = [name for name, column in words.items() if len(set(column.values())) > 1 or name == "optimizer"]
    for run in unnamed:
        names[run.id] = ", ".join(filter(None, (words[name][run.id] for name in differ)))
    for alike in _alike(unnamed, names):
        _add_details(alike, specs, names)
    for run in unnamed:
        if run.label:
            names[run.id] += f" · {run.label}"
    for alike in _alike(unnamed, names):
        for number, run in enumerate(sorted(alike, key=lambda run: (run.created, run.id)), start=1):
            names[run.id] += f" ({number})"
    return names


def names_beside(names: Mapping[str, str], runs: Sequence[Run], others: Iterable[Run]) -> dict[str, str]:
    """The `names` of `runs`, and those of `others` that stand on the same page: what has a name there keeps it. Where another
    would be called the same, its id stands behind its name."""
    more = [run for run in others if run.id not in names]
    fresh = run_names([*runs, *more]) if more else {}
    taken = set(names.values())
    return dict(names) | {run.id: f"{fresh[run.id]} · {run.id}" if fresh[run.id] in taken else fresh[run.id] for run in more}


def whole_name(run: Run) -> str:
    """What a run is called by itself, whatever stands beside it: `Adam 0.01, 32-16, CE, iris`, or its own name."""
    spec = None if run.broken else _spec(json.dumps(run.spec_json))
    if spec is None or has_own_name(run, spec):
        return run.name or run.id
    parts = [part for part in (words(spec) for words in _PARTS.values()) if part]
    return ", ".join(parts) + (f" · {run.label}" if run.label else "")


def name_help(run: Run) -> str:
    """The tooltip of a run's name, which tells it from all others: its whole name, and its id."""
    return _("{name} (run {id})").format(name=visible(whole_name(run), limit=LINE), id=run.id)


def has_own_name(run: Run, spec: RunSpec) -> bool:
    """Whether somebody named the run, or the spec that it was made of."""
    if run.label:
        return run.name.removesuffix(f" · {run.label}") not in ("", default_name(spec)[:MOST_OF_GROUP])
    return run.name not in ("", default_name(spec))


_PARTS = {
    "optimizer": optimizer_words,
    "network": network_words,
    "cost": lambda spec: network_and_cost(spec).rpartition("-")[2],
    "data": lambda spec: data_words(spec.data).partition(" (")[0],
}


def _alike(runs: Sequence[Run], names: dict[str, str]) -> Iterable[list[Run]]:
    by_name: dict[str, list[Run]] = {}
    for run in runs:
        by_name.setdefault(names[run.id], []).append(run)
    return [several for several in by_name.values() if len(several) > 1]


def _add_details(runs: Sequence[Run], specs: dict[str, RunSpec], names: dict[str, str]) -> None:
    """The first settings in which runs of one name differ; of members of a group not which fold or seed it is, which their
    labels say."""
    rows = differing([specs[run.id] for run in runs])
    labelled = {_("fold"), _("seed"), _("seed of the split"), _("seed of the test part")}
    if all(run.label for run in runs):
        rows = [row for row in rows if row.label not in labelled]
    for row in rows[:MOST_DETAILS]:
        for run, text in zip(runs, row.texts, strict=True):
            if text is not None:
                names[run.id] += f", {row.label} {text}"


@lru_cache(maxsize=2000)
def _spec(text: str) -> RunSpec | None:
    """The spec of a JSON text; None for one that cannot be read."""
    try:
        return RunSpec.parse(json.loads(text))
    except (NnvizError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return None
