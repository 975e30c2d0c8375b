"""What the table of runs shows of a group: one row, with the mean of its runs or, where these are rivals, the best of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nnviz.store import EARLY, ENDED, PRUNED, GroupEntry, MemberEntry, Run
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.run_format import duration_text, spread_text, status_word
from nnviz.ui.common.run_names import run_names
from nnviz.ui.runs.rows import RunRow, row_of
from nnviz.verdict.entrants import main_metric, task_of

_RIVALS = ("race", "sweep")
_PRECEDENCE = ("running", "paused", "queued", "failed", "diverged", "stopped", "finished", EARLY, PRUNED)
"""How a group stands: as the first of these that one of its runs has."""


def kind_words(spec: Mapping[str, Any], count: int) -> str:
    """What kind of group it is, of so many runs: `5 folds`, `3 × 5 folds`, `5 seeds`, `race of 4`, `sweep of 20`."""
    split, training = spec.get("split") or {}, spec.get("training") or {}
    if spec.get("race"):
        return _("race of {n}").format(n=count)
    if spec.get("sweep"):
        return _("sweep of {n}").format(n=count)
    folds, splits, seeds = split.get("folds"), split.get("repeats") or 1, training.get("repeats") or 1
    parts = [str(splits)] if splits > 1 and folds else []
    parts += [counted("{n} fold", "{n} folds", folds)] if folds else []
    parts += [counted("{n} split", "{n} splits", splits)] if splits > 1 and not folds else []
    parts += [counted("{n} seed", "{n} seeds", seeds)] if seeds > 1 else []
    return " \N{MULTIPLICATION SIGN} ".join(parts) or counted("{n} run", "{n} runs", count)


def group_row(
    entry: GroupEntry, first: Run, *, names: Mapping[str, str], is_open: bool, sizes: Mapping[str, int] | None
) -> RunRow:
    """The row of a group whose first run is `first`. `names`: see `group_names`; `is_open`: its runs stand below it."""
    spec, members = entry.group.spec_json, entry.members
    row = row_of(first, (), name=names.get(first.id, entry.group.name))
    metrics, spread = _measured(entry, spec, main_metric(task_of(first)))
    varied = str((spec.get("race") or {}).get("vary", "")).partition(".")[0]
    return replace(
        row,
        outcome=_standing(members),
        optimizer="" if varied == "optimizer" or spec.get("sweep") else row.optimizer,
        cost="" if varied == "cost" else row.cost,
        best={},
        last=metrics,
        spread=spread,
        duration=duration_text(sum(one.ended - one.started for one in members if one.ended and one.started) or None),
        label=_finished_words(members),
        size=sum(sizes.get(one.id, 0) for one in members) if sizes is not None else None,
        is_pinned=all(one.is_pinned for one in members),
        weights="",
        ending="",
        doctor="",
        members=tuple(one.id for one in members),
        unfold=f"{'▾' if is_open else '▸'} {kind_words(spec, len(members))}",
    )


def group_names(runs: Sequence[Run], groups: Mapping[str, GroupEntry]) -> dict[str, str]:
    """What the groups of a list are called, by their first runs' ids: by what all of their runs have."""
    return run_names([_whole(run, groups[run.id]) for run in runs if run.id in groups])


def _whole(first: Run, entry: GroupEntry) -> Run:
    spec = {name: block for name, block in entry.group.spec_json.items() if name not in _RIVALS}
    for block in ("split", "training"):
        if isinstance(spec.get(block), dict):
            spec[block] = {name: value for name, value in spec[block].items() if name not in ("folds", "repeats")}
    return replace(first, name=entry.group.name, spec_json=spec, label="")


def _standing(members: Sequence[MemberEntry]) -> str:
    outcomes = {one.outcome for one in members}
    return next((one for one in _PRECEDENCE if one in outcomes), members[0].outcome)


def _finished_words(members: Sequence[MemberEntry]) -> str:
    """`4 of 5 finished`, with what else became of the others that have ended."""
    counts = Counter("finished" if one.outcome == EARLY else one.outcome for one in members)
    words = [_("{n} of {all} finished").format(n=counts["finished"], all=len(members))]
    words += [f"{counts[name]} {status_word(name)}" for name in (PRUNED, *ENDED[1:]) if counts[name]]
    return ", ".join(words)


def _measured(entry: GroupEntry, spec: Mapping[str, Any], main: str) -> tuple[dict[str, float], str]:
    """The metrics that the row shows, and the deviation of the main one in words."""
    spreads = entry.spreads
    if not any(spec.get(name) for name in _RIVALS):
        words = spread_text(main, spreads[main]) if main in spreads else ""
        return {name: one.mean for name, one in spreads.items()}, words.partition("± ")[2].removesuffix("\N{NO-BREAK SPACE}%")
    ranked = [one for one in entry.finished if main in one.metrics]
    best = max(ranked, key=lambda one: one.metrics[main], default=None)
    return (dict(best.metrics), _("best")) if best is not None else ({}, "")
