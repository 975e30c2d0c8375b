"""The table of predictions: what the network says of each row beside the row's own label, loss and inputs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from nnviz.charts.numbers import one_format
from nnviz.plain_text import LINE, distinct, markdown, visible
from nnviz.ui.common.i18n import _

Answer = Mapping[str, Any]
MOST_HIGH = 18
"""Rows of a table that is as high as they are; one of more is scrolled."""
LEAST_WIDE, MOST_WIDE = 110, 240
"""Pixels of a probability, whose head is the name of its class."""


def table(rows: Sequence[Sequence[Any]], columns: Sequence[str], answer: Answer) -> None:
    """Rows of predictions beside their labels, losses and inputs, those with the wrong class marked; `answer`: the whole one."""
    frame = pd.DataFrame([list(map(_cell, row)) for row in rows], columns=list(columns))
    marks = _wrong(frame) if answer["target"]["task"] == "classification" and "label" in columns else None
    frame = _with_gaps(frame)
    first = [
        "row",
        *(["label"] if "label" in columns else []),
        *[name for name in columns if name.startswith("prediction")],
        *(["loss"] if "loss" in columns else []),
    ]
    frame = frame[[*first, *[name for name in columns if name not in first]]]
    config: dict[str, Any] = {
        "row": st.column_config.NumberColumn(_("Row"), width=60, pinned=True),
        "label": st.column_config.Column(_("Label")),
        "prediction": st.column_config.Column(_("Prediction")),
        "loss": st.column_config.NumberColumn(_("Loss"), help=_("This row's own loss.")),
    }
    for name in columns:
        if name.startswith("probability_"):
            head = f"p({visible(name.removeprefix('probability_'))})"
            width = min(MOST_WIDE, max(LEAST_WIDE, 40 + 7 * len(head)))
            config[name] = st.column_config.ProgressColumn(
                head, min_value=0.0, max_value=1.0, format="%.3f", width=width, help=markdown(head, limit=2 * LINE)
            )
    if marks is not None:
        frame.insert(1, "wrong", marks)
        config["wrong"] = st.column_config.TextColumn(_("Wrong"), width=60, help=_("The prediction is not the label."))
    if answer["images"]:
        pictures = dict(enumerate(answer["images"], start=1))
        frame.insert(1, "image", [f"data:image/png;base64,{pictures[row]}" if row in pictures else None for row in frame["row"]])
        config["image"] = st.column_config.ImageColumn(_("Image"), width=60)
    inputs, names = answer["inputs"]["rows"], answer["inputs"]["columns"]
    for place, name in enumerate(names):
        cells = [_cell(inputs[row - 1][place]) if row <= len(inputs) else None for row in frame["row"]]
        frame[name if name not in frame.columns else f"{name} "] = cells
    formats = _formats(frame)
    names = distinct(frame.columns)
    frame, config = _renamed(frame, config)
    written = frame.style.format({names[name]: write for name, write in formats.items()})
    st.dataframe(
        written, hide_index=True, width="stretch", height="content" if len(frame) <= MOST_HIGH else 620, column_config=config
    )


def _wrong(frame: pd.DataFrame) -> list[str]:
    """A cross for each row whose label is another class than its prediction; rows without a label have none."""
    pairs = zip(frame["label"], frame["prediction"], strict=True)
    return ["✗" if label not in ("", None) and str(label) != str(prediction) else "" for label, prediction in pairs]


def _with_gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """Labels that are numbers as such, with gaps: they are sorted and written as the predictions are."""
    if "label" in frame and frame["label"].map(lambda label: label == "" or isinstance(label, int | float)).all():
        frame["label"] = pd.to_numeric(frame["label"].replace("", None), errors="coerce")
    return frame


def _formats(frame: pd.DataFrame) -> dict[str, Callable[[float | None], str]]:
    """How the numbers of each column are written: labels and predictions alike, so that they can be compared."""
    numeric = [name for name in frame.columns if pd.api.types.is_numeric_dtype(frame[name].dtype)]
    same = [name for name in numeric if name == "label" or name.startswith("prediction")]
    together = one_format(value for name in same for value in frame[name].dropna().tolist())
    alone = [name for name in numeric if name == "loss" or name.startswith("score_")]
    return dict.fromkeys(same, together) | {name: one_format(frame[name].dropna().tolist()) for name in alone}


def _cell(value: Any) -> Any:
    return visible(value, limit=LINE) if isinstance(value, str) else value


def _renamed(frame: pd.DataFrame, config: Mapping[str, Any]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table under names that can be shown."""
    names = distinct(frame.columns)
    return frame.rename(columns=names), {names[name]: column for name, column in config.items() if name in names}
