"""A form for one row: a field for each column that the network was trained on, at first with the column's usual value."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from nnviz.catalog.param import Param
from nnviz.plain_text import LINE, distinct, markdown
from nnviz.ui.common import worker_job
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.param_fields import complain

LABEL = 48
"""Characters of a column's name over its field."""
FIELDS = 12
"""Columns whose fields are shown at once; the rest is folded."""
_ORDERS = 30
"""Of magnitude that a number may be away from the column's spread: of the 38 that 32 bits hold, 8 are left to the weights."""
_IN_2024 = 1_704_067_200.0
_CLOCK = ("year", "month", "day", "hour", "minute", "second")


def typed_row(encoder: Mapping[str, Any], *, key: str) -> dict[str, str] | None:
    """A field for each column the network was trained on, at first with the usual value; gives texts by column, None while a
    field says that its number is out of range."""
    columns = encoder["columns"]
    texts: dict[str, str | None] = {}
    _fields(columns[:FIELDS], texts, key)
    if len(columns) > FIELDS:
        with st.expander(counted("{n} more column", "{n} more columns", len(columns) - FIELDS)):
            _fields(columns[FIELDS:], texts, key)
    row = {name: text for name, text in texts.items() if text is not None}
    return row if len(row) == len(texts) else None


def _fields(columns: Sequence[Mapping[str, Any]], texts: dict[str, str | None], key: str) -> None:
    for start in range(0, len(columns), 2):
        for place, column in zip(st.columns(2), columns[start : start + 2], strict=False):
            with place:
                texts[column["name"]] = _field(column, f"{key}.{worker_job.fingerprint(column['name'])}")


def _field(column: Mapping[str, Any], key: str) -> str | None:
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
    if complain(_number(column), value):
        return None
    # the network's reader takes a text by the column's own decimal mark
    return repr(float(value)).replace(".", "," if str(column.get("way", ""))[5:6] == "," else ".")


def _number(column: Mapping[str, Any]) -> Param:
    """What a column's field takes: as far from its usual values as the network can still compute with, in 32 bits."""
    reach = float(f"1e{_ORDERS + math.floor(math.log10(float(column['scale'][0]) or 1.0))}")
    return Param(name=column["name"], type="float", minimum=-reach, maximum=reach)


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


def _digits(scale: float) -> int:
    """Decimals that tell values of such a spread apart."""
    return next((digits for digits, least in enumerate((30.0, 3.0, 0.3, 0.03, 0.003)) if scale >= least), 6)


def _step(scale: float) -> float:
    """One press: about a tenth of the spread, as a 1 with noughts."""
    return float(f"1e{len(str(int(scale))) - 2}") if scale >= 1 else float(f"1e-{_digits(scale)}")
