"""What a network says: a card for one row; the metrics, the table and the CSV file for a file of rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from nnviz.charts.numbers import in_unit
from nnviz.colours import class_colour
from nnviz.plain_text import LINE, html
from nnviz.stream import download
from nnviz.ui.common.boxes import warnings
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.run_format import measure, metric_title
from nnviz.ui.predict.table import table

BARS = 10
Answer = Mapping[str, Any]


def answer_card(row: Sequence[Any], columns: Sequence[str], target: Mapping[str, Any]) -> None:
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
        f"background:{class_colour(number)}'></div></div>"
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


def file_answer(prediction: Answer, name: str, cost: str) -> None:
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
    if prediction.get("metrics"):
        _score(prediction, cost)
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
            if without := prediction.get("unlabelled"):
                one = "{n} row without a label has no loss: it stands in the order of the file."
                many = "{n} rows without a label have no loss: they stand in the order of the file."
                st.caption(counted(one, many, without))
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


def _score(prediction: Answer, cost: str) -> None:
    """How good the answers are: first on rows that the network was not trained on, and in a line on those that it was."""
    metrics, trained_on, others = prediction["metrics"], prediction.get("trained_on"), prediction.get("others")
    of_all = counted("over {n} row with a label", "over {n} rows with a label", prediction["labelled"])
    if trained_on is None or others is None:
        st.html(_numbers(_titled(metrics, cost), of_all))
        st.caption(_("Rows that it was trained on may be among them, on which a network is often better than on new ones."))
    elif not trained_on["rows"]:
        st.html(_numbers(_titled(metrics, cost), f"{of_all}, {_('none of them seen in training')}"))
    elif not others["rows"]:
        st.html(_numbers(_titled(metrics, cost), f"{of_all}, {_('all of them seen in training')}"))
        st.caption(_("A network is often better on rows that it was trained on than on new ones."))
    else:
        words = counted("over {n} row never seen in training", "over {n} rows never seen in training", others["rows"])
        st.html(_numbers(_titled(others["metrics"], cost), words))
        text = _("The file also holds rows that it was trained on: {n} of {all}. On those: {metrics}. On all: {together}.")
        st.caption(
            text.format(
                n=f"{trained_on['rows']:,}",
                all=f"{prediction['labelled']:,}",
                metrics=_in_words(trained_on["metrics"]),
                together=_in_words(metrics),
            )
        )


def _titled(metrics: Mapping[str, float], cost: str) -> list[tuple[str, str]]:
    return [
        (_("Loss ({cost})").format(cost=cost) if name == "loss" else metric_title(name), measure(name, value))
        for name, value in metrics.items()
    ]


def _in_words(metrics: Mapping[str, float]) -> str:
    """The first two: `Accuracy 97.1 %, Loss 0.093`."""
    return ", ".join(f"{metric_title(name)} {measure(name, metrics[name])}" for name in list(metrics)[:2])


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
