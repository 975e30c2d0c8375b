"""Asking a trained network: a row typed into a form, or a file of rows; and what it answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from nnviz.catalog import COSTS
from nnviz.charts.numbers import in_unit
from nnviz.charts.palette import colour
from nnviz.jobs.endings import weights_words
from nnviz.plain_text import LINE, NAME, distinct, html, markdown, visible
from nnviz.store import Run, Store
from nnviz.stream import download
from nnviz.ui.common import worker_job
from nnviz.ui.common.boxes import trouble_box, warnings
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.run_format import age_text, measure, metric_title
from nnviz.ui.common.upload import upload
from nnviz.ui.predict.table import table

NEEDED = 30
LABEL = 48
"""Characters of a column's name over its field."""
FIELDS = 12
"""Columns whose fields are shown at once; the rest is folded."""
BARS = 10
Answer = Mapping[str, Any]


def trained_runs(store: Store) -> list[Run]:
    """The runs that can predict, newest first."""
    return [run for run in store.runs.list_runs() if run.weights is not None and not run.broken]


def pick_run(runs: Sequence[Run]) -> Run:
    """The picker of the run; the address holds it as `run`."""
    by_id = {run.id: run for run in runs}
    asked = st.query_params.get("run")
    if asked is not None and asked not in by_id:
        st.caption(_("The run in the address cannot predict: it has no weights or is gone. Shown is the last one that can."))
    start = list(by_id).index(asked) if asked in by_id else 0
    chosen = st.selectbox(
        _("Run"),
        list(by_id),
        index=start,
        key=f"predict.run.{by_id[asked].id if asked in by_id else ''}",
        format_func=distinct(
            by_id, lambda run_id: f"{visible(by_id[run_id].name)} · {age_text(by_id[run_id].created)}"
        ).__getitem__,
    )
    if chosen != asked:
        st.query_params["run"] = chosen
    words = weights_words(by_id[chosen])
    if words:
        st.caption(words[:1].upper() + words[1:])
    return by_id[chosen]


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
        _("Loss by"),
        [own, *others],
        key=f"predict.cost.{run.id}",
        help=_(
            "Labelled rows also give the loss. It can be calculated by another cost than the one that "
            "the network was trained with."
        ),
    )
    return None if chosen == own else chosen


def typed_row(encoder: Mapping[str, Any], *, key: str) -> dict[str, str]:
    """A field for each column the network was trained on, at first with the usual value; gives texts by column."""
    columns = encoder["columns"]
    texts: dict[str, str] = {}
    _fields(columns[:FIELDS], texts, key)
    if len(columns) > FIELDS:
        with st.expander(counted("{n} more column", "{n} more columns", len(columns) - FIELDS)):
            _fields(columns[FIELDS:], texts, key)
    return texts


def ask_typed(run: Run, row: Mapping[str, str]) -> None:
    """What the network says of one row."""
    answer = worker_job.ask("predict", {"rows": [dict(row)]}, key="predict.typed", run_id=run.id, saying=_("Predicting"))
    if answer is None:
        return
    if answer.error is not None:
        trouble_box(answer.error)
    elif answer.result is not None:
        prediction = answer.result
        _answer_card(prediction["table"][0], prediction["columns"], prediction["target"])
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
        st.caption(_("It needs: {columns}").format(columns=markdown(needed, limit=NEEDED * NAME)))
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
            trouble_box(answer.error)
        elif answer.result is not None:
            _file_answer(answer.result, uploaded.name, cost or run.spec_json["cost"]["kind"])


def _file_answer(prediction: Answer, name: str, cost: str) -> None:
    head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    with head:
        st.html(f"<div><b>{html(name)}</b> · {html(counted('{n} row', '{n} rows', prediction['rows']))}</div>")
        st.link_button(
            _("Download all predictions (CSV)"),
            download.url(prediction.get("csv_safe", prediction["csv"]), name="predictions.csv"),
            icon=":material/download:",
            help=_(
                "An apostrophe stands before texts that a spreadsheet would run as formulas, like =1+1. The exact "
                "texts are in the other file."
            )
            if "csv_safe" in prediction
            else None,
        )
        if "csv_safe" in prediction:
            st.link_button(
                _("Exact, for programs"), download.url(prediction["csv"], name="predictions-exact.csv"), type="tertiary"
            )
    warnings(prediction["notes"])
    metrics = prediction.get("metrics")
    if metrics:
        st.html(
            _numbers(
                [
                    (_("Loss ({cost})").format(cost=cost) if name == "loss" else metric_title(name), measure(name, value))
                    for name, value in metrics.items()
                ],
                _("over {n} rows with a label").format(n=f"{prediction['labelled']:,}"),
            )
        )
        order = st.segmented_control(
            _("Order"),
            ["loss", "file"],
            default="loss",
            required=True,
            key="predict.order",
            label_visibility="collapsed",
            format_func=lambda order: _("Highest loss first") if order == "loss" else _("Order of the file"),
        )
        if order == "loss":
            table(prediction["worst"], [*prediction["columns"], "label", "loss"], prediction)
            return
    rows = prediction["table"]
    columns = list(prediction["columns"])
    if prediction["labels"]:
        rows = [[*row, label, loss] for row, label, loss in zip(rows, prediction["labels"], prediction["costs"], strict=True)]
        columns += ["label", "loss"]
    table(rows, columns, prediction)
    if prediction["rows"] > len(prediction["table"]):
        st.caption(_("The first {n} rows; the CSV file has them all.").format(n=f"{len(prediction['table']):,}"))


def _answer_card(row: Sequence[Any], columns: Sequence[str], target: Mapping[str, Any]) -> None:
    values = dict(zip(columns, row, strict=True))
    name = html(", ".join(target["names"]))
    if target["task"] == "regression":
        # of an answer of before, which does not tell how its targets spread, 5 digits
        scales = target.get("scale") or [abs(value) / 10 for value in row[1:]]
        st.html("".join(_big(in_unit(row[place + 1], scales[place]), what) for place, what in enumerate(target["names"])))
        return
    shares = [(number, label, float(row[number + 2])) for number, label in enumerate(target["classes"])]
    is_probability = columns[2].startswith("probability_")
    ranked = sorted(shares, key=lambda share: -share[2])[:BARS]
    low, high = (0.0, 1.0) if is_probability else (min(s[2] for s in shares), max(s[2] for s in shares) or 1.0)
    bars = "".join(
        "<div style='overflow:hidden;text-overflow:ellipsis;white-space:nowrap' "
        f"title='{html(label, limit=LINE)}'>{html(label)}</div>"
        "<div style='background:color-mix(in srgb,currentColor 9%,transparent);border-radius:4px;height:.75rem'>"
        f"<div style='width:{max(0.5, 100 * (share - low) / ((high - low) or 1)):.1f}%;height:100%;border-radius:4px;"
        f"background:{colour(number)}'></div></div>"
        f"<div style='text-align:right'>{_percent(share) if is_probability else f'{share:.3g}'}</div>"
        for number, label, share in ranked
    )
    st.html(
        _big(str(values["prediction"]), ", ".join(target["names"]))
        + (
            "<div style='display:grid;grid-template-columns:minmax(4rem,11rem) 1fr 4rem;gap:.45rem .9rem;align-items:center;"
            f"font-variant-numeric:tabular-nums;margin-top:.9rem' aria-label='{name}'>{bars}</div>"
        )
    )


def _fields(columns: Sequence[Mapping[str, Any]], texts: dict[str, str], key: str) -> None:
    for start in range(0, len(columns), 2):
        for place, column in zip(st.columns(2), columns[start : start + 2], strict=False):
            with place:
                texts[column["name"]] = _field(column, f"{key}.{worker_job.fingerprint(column['name'])}")


def _field(column: Mapping[str, Any], key: str) -> str:
    name = column["name"]
    label = markdown(name, limit=LABEL)
    # what the label leaves out
    whole = markdown(name, limit=2 * LINE) if len(name) > LABEL else None
    if column["type"] == "category":
        chosen = st.selectbox(
            label,
            column["categories"],
            key=key,
            placeholder=_("not known"),
            help=whole,
            format_func=distinct(column["categories"]).__getitem__,
        )
        return "" if chosen is None else str(chosen)
    if column["type"] == "boolean":
        chosen = st.selectbox(
            label, ["true", "false"], key=key, help=whole, format_func=lambda value: _("yes") if value == "true" else _("no")
        )
        return str(chosen)
    if column["type"] == "date":
        return st.text_input(label, _middle(column), key=key, help=_("A date, as 2024-05-31."))
    scale = float(column["scale"][0])
    digits = _digits(scale)
    value = st.number_input(
        label, value=round(float(column["fill"][0]), digits), step=_step(scale), format=f"%.{digits}f", key=key, help=whole
    )
    # the network's reader takes a text by the column's own decimal mark
    return repr(float(value)).replace(".", "," if str(column.get("way", ""))[5:6] == "," else ".")


def _middle(column: Mapping[str, Any]) -> str:
    """A moment in the middle of the training rows: by the days since the first one, where the encoder counts them, else by each
    part alone; what does not vary is that of the first one, where it is known."""
    middle = dict(zip(column.get("parts", ()), column.get("fill", ()), strict=False))
    try:
        moment = datetime(1970, 1, 1) + timedelta(
            seconds=float(column["start"]) if "start" in column else _IN_2024, days=middle.get("elapsed", 0)
        )
        if "elapsed" not in middle:
            year, month, day, hour, minute, second = (int(middle.get(part, getattr(moment, part))) for part in _CLOCK)
            moment = datetime(year, month, min(28, day), hour, minute, second)
    except (OverflowError, ValueError):
        moment = datetime(2024, 1, 1)
    return moment.isoformat(sep=" ", timespec="seconds") if {"hour", "minute", "second"} & set(middle) else f"{moment:%Y-%m-%d}"


_IN_2024 = 1_704_067_200.0
_CLOCK = ("year", "month", "day", "hour", "minute", "second")


def _digits(scale: float) -> int:
    """Decimals that tell values of such a spread apart."""
    return next((digits for digits, least in enumerate((30.0, 3.0, 0.3, 0.03, 0.003)) if scale >= least), 6)


def _step(scale: float) -> float:
    """One press: about a tenth of the spread, as a 1 with noughts."""
    return float(f"1e{len(str(int(scale))) - 2}") if scale >= 1 else float(f"1e-{_digits(scale)}")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if 0.0005 <= share <= 0.9995 else ("< 0.1 %" if share < 0.5 else "> 99.9 %")


def _big(value: str, what: str) -> str:
    return (
        f"<div style='font-size:.85rem;opacity:.7'>{html(what)}</div><div style='font-size:2rem;font-weight:700;"
        f"line-height:1.2;letter-spacing:-.01em;overflow-wrap:anywhere'>{html(value)}</div>"
    )


def _numbers(numbers: Sequence[tuple[str, str]], note: str) -> str:
    cells = "".join(
        f"<div><div style='font-size:.82rem;opacity:.7'>{html(name)}</div><div style='font-size:1.5rem;font-weight:700;"
        f"font-variant-numeric:tabular-nums'>{html(value)}</div></div>"
        for name, value in numbers
    )
    return (
        f"<div style='display:flex;flex-wrap:wrap;gap:.4rem 2.2rem;align-items:end'>{cells}"
        f"<div style='font-size:.82rem;opacity:.7;padding-bottom:.3rem'>{html(note, limit=LINE)}</div></div>"
    )


def _empty(head: str, text: str) -> str:
    return (
        "<div style='padding:2.6rem 1.4rem;text-align:center;border-radius:7px;"
        f"border:1px solid color-mix(in srgb,currentColor 16%,transparent)'><div style='font-weight:600'>{html(head)}</div>"
        "<div style='opacity:.72;max-width:34rem;margin:.3rem auto 0;font-size:.92rem;overflow-wrap:anywhere'>"
        f"{html(text, limit=2 * LINE)}</div></div>"
    )


def invitation() -> str:
    """What the page says where nothing can predict yet."""
    return _empty(
        _("No trained network yet"),
        _(
            "Press Train on the first page. Once a run has finished it answers here: for one row that you type, or for "
            "a whole file."
        ),
    )
