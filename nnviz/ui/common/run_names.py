"""What runs are called: by their owner, else by what tells them from the others that are listed."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache

from nnviz.errors import NnvizError
from nnviz.spec import RunSpec, summary as network_and_cost
from nnviz.store import Run, default_name
from nnviz.ui.common.i18n import _
from nnviz.ui.common.setting_words import differing, network_words, optimizer_words
from nnviz.ui.common.spec_settings import data_words

MOST_OF_GROUP = 250
"""Characters of a group's name in those of its members (`Runs.create_group`)."""
MOST_DETAILS = 3
"""Settings that a name holds beside data, network and optimizer."""


def run_names(runs: Sequence[Run]) -> dict[str, str]:
    """The name of each run among `runs`. One that its owner named keeps that. The others are called by their optimizer, with
    data and network where these differ among them (`Adam 0.01, 32-16, iris`), and, where that is not enough, with the
    settings that differ (`Adam 0.01, seed 1`). Runs of the same settings are numbered, the oldest first."""
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
