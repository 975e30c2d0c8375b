"""The ways to hold rows back for validation: once, in folds, again and again, by a column. One form for every page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnviz.catalog.param import Param
from nnviz.catalog.training import SPLIT, TRAINING
from nnviz.plain_text import distinct, visible
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.param_fields import whole_field

Blocks = tuple[dict[str, Any], dict[str, Any]]
ORDER = ("by", "column")
"""The fields of a split that name a column of the data."""


@dataclass(frozen=True)
class Choice:
    """A column that rows may be split by."""

    name: str
    is_date: bool


def choices(report: Mapping[str, Any] | None) -> list[Choice]:
    """The columns of a data report (its JSON) beside the target; none for images or where there is no report."""
    if report is None or report.get("shape"):
        return []
    return [
        Choice(column["name"], column["type"] == "date") for column in report["columns"] if column["name"] not in report["target"]
    ]


def scheme_of(split: Mapping[str, Any], training: Mapping[str, Any]) -> str:
    """Which way the blocks of a spec go: hold_out, folds, repeated, hold_outs, trainings or column."""
    again = _count(split) != 1
    if split.get("column") is not None:
        return "column"
    if split.get("folds") is not None:
        return "repeated" if again else "folds"
    return "hold_outs" if again else "trainings" if _count(training) != 1 else "hold_out"


def _count(block: Mapping[str, Any]) -> int:
    """Its repeats; a number out of range stays what it is, so that its field goes on saying so."""
    repeats = block.get("repeats")
    return 1 if repeats is None else int(repeats)


def split_text(split: Mapping[str, Any], training: Mapping[str, Any]) -> str:
    """The split in short: `60% / 20% / 20%`, `3 x 5 folds, test 20%`."""
    way = scheme_of(split, training)
    validation, test = float(split["validation"]), float(split["test"])
    if way == "column":
        return _("by {column}").format(column=visible(split["column"]))
    shares = f"{1 - validation - test:.0%} / {validation:.0%} / {test:.0%}"
    again = _count(split)
    if way in ("folds", "repeated"):
        count = f"{again} × {split['folds']}" if again != 1 else str(split["folds"])
        return _("{count} folds, test {test:.0%}").format(count=count, test=test)
    times = again if way == "hold_outs" else _count(training)
    return f"{times} × {shares}" if times != 1 else shares


def copies_text(report: Mapping[str, Any] | None) -> str:
    """How many rows stand more than once, and how many of them in training and in another part; "" where nobody looked."""
    copies = (report or {}).get("copies") or {}
    if not copies:
        return ""
    if not copies["counted"]:
        return _("In data of this size, copies are counted only if they are kept together.")
    if not copies["rows"]:
        return _("No row occurs twice.")
    duplicates = counted("{n} row is a copy of another", "{n} rows are copies of others", copies["rows"])
    crossing = [
        _("{n} in training and in {part}").format(n=f"{count:,}", part=names[part])
        for names in [{"validation": _("validation"), "test": _("test")}]
        for part, count in copies["crossing"].items()
        if count
    ]
    return " · ".join([duplicates, *crossing])


def split_fields(split: Mapping[str, Any], training: Mapping[str, Any], columns: Sequence[Choice], *, key: str) -> Blocks:
    """Draw the fields and give both blocks as they say. `key` begins the widgets' keys."""
    titles = {
        "hold_out": _("One part of the rows (hold-out)"),
        "folds": _("k folds"),
        "repeated": _("k folds, repeated"),
        "hold_outs": _("Hold-out, repeated"),
        "trainings": _("Same split, training repeated"),
        "column": _("Rows marked by a column"),
    }
    by = next((column for column in columns if column.name == split.get("by")), None)
    now = scheme_of(split, training)
    offered = [
        way
        for way in titles
        if way == now
        or not ((way == "column" and not columns) or (way in ("repeated", "hold_outs") and by is not None and by.is_date))
    ]
    way = st.selectbox(
        _("Validate on"),
        offered,
        index=offered.index(now),
        format_func=titles.__getitem__,
        key=f"{key}way.{now}.{len(offered)}",
        help=_("Folds and repeats train one network each, as runs of a group, and show how much the result varies."),
    )
    new_split = {name: value for name, value in split.items() if name not in ("folds", "repeats", "fold", "column")}
    new_training = {name: value for name, value in training.items() if name != "repeats"}
    if way == "column":
        names = [column.name for column in columns]
        chosen = split.get("column")
        new_split["column"] = st.selectbox(
            _("Column"),
            names,
            index=names.index(chosen) if chosen in names else 0,
            key=f"{key}column",
            format_func=distinct(names).__getitem__,
            help=_("A column whose cells say train, validation or test."),
        )
        for name in ("by", "duplicates"):
            new_split.pop(name, None)
        return new_split, new_training
    left, right = st.columns(2)
    if way in ("folds", "repeated"):
        with left:
            folds = split.get("folds")
            new_split["folds"] = whole_field(
                SPLIT["folds"], 5 if folds is None else int(folds), key=f"{key}folds", help=_(SPLIT["folds"].help)
            )
        if new_split["folds"] == split.get("folds") and split.get("fold") is not None:
            new_split["fold"] = split["fold"]
    if way in ("repeated", "hold_outs"):
        with right if way == "repeated" else left:
            new_split["repeats"] = _repeats(SPLIT["repeats"], split, key=f"{key}repeats")
    if way == "trainings":
        with left:
            new_training["repeats"] = _repeats(TRAINING["repeats"], training, key=f"{key}trainings")
    elif way == now and "repeats" in training:
        new_training["repeats"] = training["repeats"]
    if way not in ("folds", "repeated"):
        new_split["validation"] = st.slider(
            _("Validation"),
            0.0,
            max(0.5, float(split["validation"])),
            float(split["validation"]),
            0.05,
            key=f"{key}validation",
            format="percent",
            help=_(SPLIT["validation"].help),
        )
    new_split["test"] = st.slider(
        _("Test"),
        0.0,
        max(0.4, float(split["test"])),
        float(split["test"]),
        0.05,
        key=f"{key}test",
        format="percent",
        help=_(SPLIT["test"].help),
    )
    rest = {name: value for name, value in new_split.items() if name != "duplicates"}
    new_split = rest | (
        {"duplicates": "together"}
        if st.checkbox(
            _("Keep copies together"),
            split.get("duplicates") == "together",
            key=f"{key}duplicates",
            help=_(
                "Rows that are equal in every input and in the target go into one part, so that no validation or test row was "
                "seen in training."
            ),
        )
        else {}
    )
    help_ = _("Another seed puts other rows into each part.")
    new_split["seed"] = whole_field(SPLIT["seed"], int(split["seed"]), key=f"{key}seed", help=help_)
    return _by(new_split, columns, key=key), new_training


def _repeats(param: Param, block: Mapping[str, Any], *, key: str) -> int:
    count = _count(block)
    return whole_field(param, 3 if count == 1 else count, key=key, title=_("Repeats"), help=_(param.help))


def _by(split: dict[str, Any], columns: Sequence[Choice], *, key: str) -> dict[str, Any]:
    # not None: the widget takes that for "nothing chosen" and says so
    names = ["", *(column.name for column in columns)]
    dates = {column.name for column in columns if column.is_date}
    labels = distinct(names)
    if len(names) == 1:
        return split
    now = split.get("by")
    by = st.selectbox(
        _("Split by"),
        names,
        index=names.index(now) if now in names else 0,
        key=f"{key}by",
        format_func=lambda name: (
            _("rows, at random")
            if not name
            else _("time: {name}").format(name=labels[name])
            if name in dates
            else _("groups: {name}").format(name=labels[name])
        ),
        help=_(
            "Rows of one group (a patient, a customer) stay in one part. Dates are cut along time: the network is "
            "validated and tested on later rows than it was trained on."
        ),
    )
    return {name: value for name, value in split.items() if name != "by"} | ({"by": by} if by else {})
