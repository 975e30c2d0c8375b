"""Asking a trained network: which run answers, with which cost, and for which rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from nnviz.catalog import COSTS
from nnviz.jobs.endings import weights_words
from nnviz.plain_text import LINE, NAME, distinct, html, markdown, visible
from nnviz.store import Run, Store
from nnviz.ui.common import worker_job
from nnviz.ui.common.boxes import error_box, warnings
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.run_format import data_name, minute_text
from nnviz.ui.common.run_names import name_help, run_names
from nnviz.ui.common.upload import upload
from nnviz.ui.predict.answers import answer_card, file_answer

NEEDED = 30


def trained_runs(store: Store) -> list[Run]:
    """The runs that can predict, newest first."""
    return [run for run in store.runs.list_runs() if run.weights is not None and not run.broken]


def pick_run(runs: Sequence[Run]) -> Run:
    """The picker of the run; the address holds it as `run`."""
    by_id = {run.id: run for run in runs}
    names = run_names(runs)
    asked = st.query_params.get("run")
    if asked is not None and asked not in by_id:
        st.caption(
            _("The run in the address cannot predict: it has no weights or is gone. The newest one that can is shown instead.")
        )
    start = list(by_id).index(asked) if asked in by_id else 0
    chosen = st.selectbox(
        _("Run"),
        list(by_id),
        index=start,
        key=f"predict.run.{by_id[asked].id if asked in by_id else ''}",
        format_func=distinct(by_id, lambda run_id: _line(by_id[run_id], names[run_id])).__getitem__,
    )
    if chosen != asked:
        st.query_params["run"] = chosen
    words = weights_words(by_id[chosen])
    if words:
        st.caption(words[:1].upper() + words[1:], help=markdown(name_help(by_id[chosen]), limit=2 * LINE))
    return by_id[chosen]


def _line(run: Run, name: str) -> str:
    """A run in one line: its name, its data where the name does not say it, and when it was made."""
    data, title = data_name(run.spec_json), visible(name)
    return " · ".join([title, *([data] if data and data not in title else []), minute_text(run.created)])


def cost_picker(run: Run) -> str | None:
    """Another cost to calculate; None for the run's own."""
    own = run.spec_json["cost"]["kind"]
    task = run.info.get("task", "classification")
    outputs = run.info.get("outputs", 2)
    others = [
        kind
        for kind, entry in COSTS.items()
        if task in entry.tasks
        and outputs >= entry.least_outputs
        and kind != own
        and not any(param.required for param in entry.params)
    ]  # nothing here asks for them
    chosen = st.selectbox(
        _("Loss function"),
        [own, *others],
        key=f"predict.cost.{run.id}",
        help=_("If the rows have labels, their loss is calculated as well: by the cost of the training, or by another one."),
    )
    return None if chosen == own else chosen


def ask_typed(run: Run, row: Mapping[str, str]) -> None:
    """What the network says of one row."""
    answer = worker_job.ask("predict", {"rows": [dict(row)]}, key="predict.typed", run_id=run.id, saying=_("Predicting"))
    if answer is None:
        return
    if answer.error is not None:
        error_box(answer.error)
    elif answer.result is not None:
        prediction = answer.result
        answer_card(prediction["table"][0], prediction["columns"], prediction["target"])
        warnings(prediction["notes"])


def upload_rows(run: Run, encoder: Mapping[str, Any], cost: str | None, *, where: Any) -> None:
    """A file of rows: its predictions in `where`, how good they are, and all of them as a CSV file."""
    columns = [column["name"] for column in encoder["columns"]]
    note = (
        _("CSV, TSV, JSON records or Parquet with the columns of the training data, up to {limit}")
        if columns
        else _("An image, a zip of images, or .npz with them as x, of the shape {shape}; up to {limit}").replace(
            "{shape}", " × ".join(["n", *(str(side) for side in encoder["shape"])])
        )
    )
    uploaded = upload(key="predict.upload", title=_("Drop rows to predict here"), note=note)
    if columns:
        needed = ", ".join(visible(name) for name in columns[:NEEDED]) + (", …" if len(columns) > NEEDED else "")
        count = counted("It needs {n} column", "It needs {n} columns", len(columns))
        st.caption(f"{count}: {markdown(needed, limit=NEEDED * NAME)}")
    with where:
        if uploaded is None:
            st.html(
                _empty(
                    _("No rows yet"),
                    _(
                        "Drop a file of them. If it also holds the column {name}, accuracy and loss "
                        "are calculated, and the rows that the network gets most wrong come first."
                    ).format(name=visible(", ".join(encoder["target"]["names"]))),
                )
            )
            return
        payload = {"sha256": uploaded.sha256, "name": uploaded.name} | ({"cost": cost} if cost else {})
        answer = worker_job.ask("predict", payload, key="predict.file", run_id=run.id, saying=_("Predicting"))
        if answer is None:
            return
        if answer.error is not None:
            error_box(answer.error)
        elif answer.result is not None:
            file_answer(answer.result, uploaded.name, cost or run.spec_json["cost"]["kind"])


def invitation() -> str:
    """What the page says where nothing can predict yet."""
    return _empty(
        _("No trained network yet"),
        _(
            "Press Train on the first page. Once a run has finished it answers here: for one row that you type, or for "
            "a whole file."
        ),
    )


def _empty(head: str, text: str) -> str:
    return (
        "<div style='padding:2.6rem 1.4rem;text-align:center;border-radius:7px;"
        f"border:1px solid color-mix(in srgb,currentColor 16%,transparent)'><div style='font-weight:600'>{html(head)}</div>"
        "<div style='opacity:.72;max-width:34rem;margin:.3rem auto 0;font-size:.92rem;overflow-wrap:anywhere'>"
        f"{html(text, limit=2 * LINE)}</div></div>"
    )
