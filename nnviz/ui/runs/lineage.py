"""The family of a run: what it branched from and what branched from it, as a tree."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from nnviz.plain_text import LINE, html
from nnviz.store import Run
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import measure, metric_title, outcome_of, status_word
from nnviz.ui.common.run_names import NamesBeside
from nnviz.ui.common.theme import heading
from nnviz.verdict.entrants import kept_metrics, main_metric, task_of


@dataclass(frozen=True)
class Relative:
    """`depth`: 0 for the run that all others come from; `epoch`: of its parent, where it branched off, None for the first."""

    run: Run
    depth: int
    epoch: float | None


def family(runs: Sequence[Run], run: Run) -> list[Relative]:
    """All of `runs` that have a common ancestor with `run`, parents before their branches, those in order of their steps."""
    known = {one.id: one for one in runs}
    first, seen = run, {run.id}
    while (parent := known.get(_from(first)[0])) is not None and parent.id not in seen:
        first = parent
        seen.add(first.id)
    children: dict[str, list[Run]] = {}
    for one in sorted(runs, key=lambda one: (_from(one)[1], one.created)):
        children.setdefault(_from(one)[0], []).append(one)
    relatives: list[Relative] = []
    line = [(first, 0)]
    while line:
        one, depth = line.pop()
        parent = known.get(_from(one)[0]) if depth else None
        relatives.append(Relative(one, depth, None if parent is None else _epoch(parent, _from(one)[1])))
        line += [(child, depth + 1) for child in reversed(children.get(one.id, []))]
    return relatives


def family_view(runs: Sequence[Run], run: Run, beside: NamesBeside) -> None:
    """The tree, with names from `beside`; nothing for a run without relatives."""
    relatives = family(runs, run)
    if len(relatives) < 2:
        return
    heading(_("Family"), "family")
    names = beside([one.run for one in relatives])
    st.html("".join(_row(one, names[one.run.id], is_chosen=one.run.id == run.id) for one in relatives))


def _row(one: Relative, name: str, *, is_chosen: bool) -> str:
    metric = f"val_{main_metric(task_of(one.run))}"
    metrics = kept_metrics(one.run)
    metric = metric if metric in metrics else metric.removeprefix("val_")
    words = [status_word(outcome_of(one.run)), f"{metric_title(metric)} {measure(metric, metrics.get(metric))}"]
    if one.epoch is not None:
        words.insert(0, _("from epoch {n}").format(n=f"{one.epoch:.4g}"))
    title = html(name)
    branch = "└ " if one.depth else ""
    return (
        f'<div style="margin-left:{1.4 * one.depth:.1f}rem;line-height:1.7;overflow-wrap:anywhere">{branch}'
        f"{f'<strong>{title}</strong>' if is_chosen else title}"
        f' <span style="opacity:.7">· {html(" · ".join(words), limit=LINE)}</span></div>'
    )


def _from(run: Run) -> tuple[str, int]:
    origin = run.spec_json.get("from") or {}
    return str(origin.get("run", "")), int(origin.get("step", 0))


def _epoch(parent: Run, step: int) -> float:
    return step * parent.epoch / parent.step if parent.step else 0.0
