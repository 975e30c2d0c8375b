"""Two single runs row by row, when somebody asks: whether one network is better there, and on which rows they disagree."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from nnviz.plain_text import visible
from nnviz.store import Run
from nnviz.ui.common import worker_job
from nnviz.ui.common.boxes import error_box
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.compare.entries import Entry
from nnviz.verdict import words
from nnviz.verdict.entrants import measure_named, task_of, validates_on
from nnviz.verdict.on_rows import of_answers

_ASKED = "nnviz.two_networks"
LISTED = 12


def two_networks(entries: Sequence[Entry]) -> None:
    """Draw a button, and below it what came of it; nothing unless these are two runs that validate on the same rows."""
    runs = [run for entry in entries for run in entry.runs]
    if len(runs) != 2 or not all(map(_can_be_asked, runs)) or len({(task_of(run), validates_on(run)) for run in runs}) > 1:
        return
    ids = tuple(run.id for run in runs)
    if st.session_state.get(_ASKED) != ids:
        st.button(
            _("Compare row by row"),
            icon=":material/rule:",
            key="compare.rows",
            help=_("Asks both networks for every validation row: whether one is better there, and where they disagree."),
            on_click=_ask,
            args=(ids,),
        )
        return
    answers = []
    for place, run in enumerate(runs):
        answer = worker_job.ask(
            "row_results", {}, key=f"rows.{place}", run_id=run.id, saying=_("Asking {name}").format(name=entries[place].name)
        )
        if answer is None:
            return
        if answer.error is not None or answer.result is None:
            st.session_state.pop(_ASKED)
            if answer.error is not None:
                error_box(answer.error)
            return
        answers.append(answer.result)
    for line in lines_of(answers[0], answers[1], [entry.name for entry in entries]):
        st.text(line)


def lines_of(first: Mapping[str, Any], second: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """What is said of the answers of two networks to the same rows; which rows only one gets right, counted from 1."""
    compared = of_answers(first, second)
    if compared is None:
        return [_("These two networks were asked for different rows, so they cannot be compared row by row.")]
    result, metric = compared
    lines = [words.on_rows(result, names[0], names[1], measure_named(metric), _)]
    if "right" not in first:
        return lines
    triples = list(zip(first["rows"], first["right"], second["right"], strict=True))
    for name, rows in (
        (names[0], [row + 1 for row, one, other in triples if one and not other]),
        (names[1], [row + 1 for row, one, other in triples if other and not one]),
    ):
        count = counted("{n} row", "{n} rows", len(rows))
        text = _("Only {name} is right on {rows}").format(name=visible(name), rows=count)
        more = _(" and {n} more").format(n=len(rows) - LISTED) if len(rows) > LISTED else ""
        listed = ", ".join(map(str, sorted(rows)[:LISTED]))
        lines.append(f"{text}: {listed}{more}." if rows else f"{text}.")
    return lines


def _can_be_asked(run: Run) -> bool:
    return run.is_ended and run.weights is not None


def _ask(ids: tuple[str, ...]) -> None:
    for place in range(len(ids)):
        worker_job.forget(f"rows.{place}")
    st.session_state[_ASKED] = ids
