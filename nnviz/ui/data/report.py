"""What was found in a data set: warnings, how it was read, its columns, its first rows; and what the user overrules."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from nnviz.charts.palette import colour
from nnviz.charts.scatter import scatter, scatter_figure
from nnviz.plain_text import LINE, distinct, html, visible
from nnviz.ui.common import theme
from nnviz.ui.common.boxes import warnings
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.data import date_columns, leakage

TYPES = ("number", "category", "boolean", "date", "text", "identifier")
BARS = 20
MOST_CLASSES = 12
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank"}
SIDES = (16, 24, 28, 32, 48, 64, 96, 128)
ENCODINGS = (
    "utf-8",
    "cp1252",
    "latin-1",
    "cp1250",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1254",
    "utf-16",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_jp",
    "euc_kr",
)
Report = Mapping[str, Any]
Block = dict[str, Any]


def summary(report: Report, *, is_file: bool) -> str:
    """What was read, in one line."""
    shape = report["shape"]
    inputs = [column for column in report["columns"] if column["use"] and column["name"] not in report["target"]]
    parts = [counted("{n} image", "{n} images", report["rows"]) if shape else counted("{n} row", "{n} rows", report["rows"])]
    if report["rows_dropped"]:
        parts.append(counted("{n} row left out", "{n} rows left out", report["rows_dropped"]))
    parts.append(
        " × ".join(str(side) for side in shape) if shape else counted("{n} input column", "{n} input columns", len(inputs))
    )
    read = report["read"]
    if is_file and read.get("format"):
        parts.append(str(read["format"]))
    if is_file and "separator" in read:
        parts += [
            _("separator {name}").format(name=read.get("separator_name") or read["separator"]),
            _("decimal {mark}").format(mark=_("comma") if read["decimal"] == "," else _("point")),
            _encoding(read),
            _("with a header") if read["header"] else _("no header"),
        ]
    return " · ".join(parts)


def _encoding(read: Mapping[str, Any]) -> str:
    """The encoding's name, and how sure it is where it was not proven."""
    name = str(read.get("encoding_name") or read["encoding"])
    sure = {"likely": _("likely"), "guess": _("a guess")}.get(str(read.get("encoding_sure", "")))
    return name if sure is None else f"{name} ({sure})"


def reading(block: Block, read: Mapping[str, Any], *, key: str) -> Block:
    """The popover that overrules how a text file was read; gives the block with what was chosen."""
    if "separator" not in read:
        return block
    overrides = dict(block.get("read") or {})
    with st.popover(_("Read it differently"), icon=":material/tune:", key=f"{key}.popover"):
        separator = _choice(
            _("Separator"),
            overrides.get("separator"),
            tuple(SEPARATORS),
            read["separator"],
            f"{key}.separator",
            lambda mark: _(SEPARATORS.get(mark, visible(mark))),
        )
        decimal = _choice(
            _("Decimal mark"),
            overrides.get("decimal"),
            (".", ","),
            read["decimal"],
            f"{key}.decimal",
            lambda mark: _("comma") if mark == "," else _("point"),
        )
        encoding = _choice(_("Encoding"), overrides.get("encoding"), ENCODINGS, read["encoding"], f"{key}.encoding", visible)
        header = _choice(
            _("First line"),
            block.get("header"),
            (True, False),
            read["header"],
            f"{key}.header",
            lambda has: _("names of the columns") if has else _("a row like the others"),
        )
    # what the form does not ask, such as the words for missing values, stays
    asked = overrides | {"separator": separator, "decimal": decimal, "encoding": encoding}
    chosen = {name: value for name, value in asked.items() if value is not None}
    changed = {name: value for name, value in block.items() if name not in ("read", "header")}
    if header is not None and header != block.get("header"):
        # other names: what was said about columns by name no longer holds
        changed = {name: value for name, value in changed.items() if name not in ("target", "task", "columns", "drop")}
    return changed | ({"read": chosen} if chosen else {}) | ({"header": header} if header is not None else {})


def target_and_task(block: Block, report: Report, *, key: str) -> Block:
    """The pickers of the column to predict and of the task; gives the block with what was chosen."""
    names = [column["name"] for column in report["columns"]]
    now = report["target"][0] if report["target"] else None
    left, right = st.columns([1.3, 1])
    with left:
        target = st.selectbox(
            _("Column to predict"),
            names,
            index=names.index(now) if now in names else 0,
            key=f"{key}.target",
            disabled=bool(report["shape"]),
            format_func=distinct(names).__getitem__,
        )
        st.html(_note(report["target_why"]))
    with right:
        tasks = {"classification": _("classes"), "regression": _("numbers")}
        task = st.segmented_control(
            _("It holds"),
            list(tasks),
            default=report["task"],
            key=f"{key}.task",
            format_func=lambda task: tasks[task],
            required=True,
        )
        st.html(_note(report["task_why"]))
    changed = dict(block)
    if target != now and not report["shape"]:
        known = leakage.forgotten(changed, report)
        changed = {name: value for name, value in known.items() if name != "task"} | {"target": target}
    elif task and task != report["task"]:
        changed["task"] = task
    return changed


def class_bars(report: Report) -> None:
    """How many rows each class has."""
    counts = list(zip(report["classes"], report["class_counts"], strict=True))
    if not counts:
        return
    most = max(count for _name, count in counts)
    rows = [
        f"<div style='{_ELLIPSIS}' title='{html(name, limit=LINE)}'>{html(name)}</div>"
        f"<div style='display:flex;align-items:center;gap:.5rem'><div style='height:.6rem;border-radius:3px;"
        f"background:{colour(number)};width:{max(1.0, 80 * count / most):.1f}%'></div><span>{count:,}</span></div>"
        for number, (name, count) in enumerate(counts[:MOST_CLASSES])
    ]
    rest = len(counts) - MOST_CLASSES
    more = _note(counted("and {n} class more", "and {n} classes more", rest)) if rest > 0 else ""
    st.html(
        "<div style='display:grid;grid-template-columns:minmax(4rem,9rem) 1fr;gap:.2rem .8rem;align-items:center;"
        f"font-variant-numeric:tabular-nums;font-size:.87rem'>{''.join(rows)}</div>{more}"
    )


def columns_table(block: Block, report: Report, *, key: str, can_change: bool) -> Block:
    """Every column: how its values are spread, what it was taken for and why, what will be done with it. Its type and
    whether it is used can be changed where `can_change`; gives the block with what was."""
    columns = report["columns"]
    frame = pd.DataFrame(
        {
            "use": [column["use"] for column in columns],
            "name": [visible(column["name"]) for column in columns],
            "values": [_bars(column["distribution"]) for column in columns],
            "type": [column["type"] for column in columns],
            "why": [visible(column["why"], limit=LINE) for column in columns],
            "action": [visible(column["action"], limit=LINE) for column in columns],
            "missing": [column["missing"] / max(1, report["rows"]) for column in columns],
            "unique": [column["unique"] for column in columns],
            "examples": [visible(", ".join(column["examples"]), limit=LINE) for column in columns],
        }
    )
    config = st.column_config
    edited = st.data_editor(
        frame,
        hide_index=True,
        width="stretch",
        key=key,
        row_height=38,
        height=min(560, 40 + 38 * len(frame)),
        disabled=True if not can_change else ["name", "values", "why", "action", "missing", "unique", "examples"],
        column_config={
            "use": config.CheckboxColumn(_("Use"), width=66, help=_("Whether the network sees this column.")),
            "name": config.TextColumn(_("Column"), width="medium"),
            "values": config.BarChartColumn(
                _("Values"), width=130, y_min=0, help=_("How the values are spread; for words, the most frequent ones.")
            ),
            "type": config.SelectboxColumn(
                _("Taken for"),
                width=105,
                required=True,
                options=list(dict.fromkeys([*TYPES, *(column["type"] for column in columns)])),
            ),
            "why": config.TextColumn(_("Because"), width=210),
            "action": config.TextColumn(_("What will be done with it"), width="large"),
            "missing": config.NumberColumn(_("Missing"), width=75, format="percent"),
            "unique": config.NumberColumn(_("Different"), width=80, help=_("How many different values it has.")),
            "examples": config.TextColumn(_("For example"), width="medium"),
        },
    )
    return _overruled(block, columns, edited) if can_change else block


def _overruled(block: Block, columns: Sequence[Mapping[str, Any]], edited: pd.DataFrame) -> Block:
    overrides = {name: dict(value) for name, value in (block.get("columns") or {}).items()}
    for column, use, kind in zip(columns, edited["use"], edited["type"], strict=True):
        if bool(use) != column["use"]:
            overrides.setdefault(column["name"], {})["use"] = bool(use)
        if kind in TYPES and kind != column["type"]:
            overrides.setdefault(column["name"], {})["type"] = str(kind)
            overrides[column["name"]].pop("use", None)
            overrides[column["name"]].pop("elapsed", None)
    return block | {"columns": overrides} if overrides else block


def first_rows(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The first rows as they stand in the file."""
    if rows:
        frame = pd.DataFrame(
            [[visible(cell, limit=LINE) if isinstance(cell, str) else cell for cell in row] for row in rows],
            columns=list(distinct(map(str, names)).values()),
        )
        st.dataframe(frame, hide_index=True, width="stretch", height=min(300, 38 + 35 * len(frame)))


def picture(points: Sequence[Sequence[float]], *, task: str, names: Sequence[str], classes: Sequence[str], key: str) -> None:
    """Rows with two inputs, as points."""
    plane = scatter(
        np.array([point[:2] for point in points]),
        np.array([point[2] for point in points]),
        task="regression" if task == "regression" else "classification",
        names=names,
        classes=classes,
    )
    theme.show(scatter_figure(plane, height=360, ticks=True), key=key)


def images(samples: Sequence[Mapping[str, str]]) -> None:
    """Some images with their labels."""
    cells = "".join(
        "<figure style='margin:0;text-align:center'><img alt='' style='width:64px;height:64px;image-rendering:pixelated;"
        f"border-radius:4px' src='data:image/png;base64,{html(image['png'], limit=1_000_000)}'>"
        f"<figcaption style='font-size:.8rem;opacity:.8;max-width:64px;{_ELLIPSIS}'>{html(image['label'])}</figcaption>"
        "</figure>"
        for image in samples
    )
    st.html(f"<div style='display:flex;flex-wrap:wrap;gap:.6rem'>{cells}</div>")


def image_words(words: Sequence[str]) -> None:
    """What was found in a zip of images, one line each."""
    style = "font-size:.9rem;margin:.1rem 0;overflow-wrap:anywhere"
    st.html("".join(f"<div style='{style}'>{html(line, limit=LINE)}</div>" for line in words))


def image_size(block: Block, now: Sequence[int], *, key: str) -> Block:
    """The picker of the size that images are brought to; gives the block with what was chosen."""
    override = block.get("image_size")
    options = [None, *SIDES, *([override] if override is not None and override not in SIDES else [])]

    def words(size: Any) -> str:
        if size is None:
            return _("found out: {value}").format(value=" × ".join(map(str, now))) if override is None else _("found out")
        return " × ".join(map(str, size if isinstance(size, list) else [size, size]))

    with st.container(width=260):
        chosen = st.selectbox(
            _("Size of the images"),
            options,
            index=options.index(override),
            key=f"{key}.image_size",
            format_func=words,
            help=_("Every image is stretched to it. Smaller images train faster."),
        )
    rest = {name: value for name, value in block.items() if name != "image_size"}
    return rest | ({"image_size": chosen} if chosen is not None else {})


_ELLIPSIS = "overflow:hidden;text-overflow:ellipsis;white-space:nowrap"


def _note(text: str) -> str:
    return f"<div style='font-size:.82rem;opacity:.72;margin-top:-.5rem'>{html(text, limit=LINE)}</div>" if text else ""


def _bars(distribution: Mapping[str, Any]) -> list[int]:
    counts = [int(count) for count in distribution.get("counts", ())][:BARS]
    return [*counts, int(distribution["others"])] if distribution.get("others") else counts


def _choice(label: str, override: Any, options: Sequence[Any], detected: Any, key: str, words: Any) -> Any:
    """A pick with "found out" as the first option, which says what was."""
    known = [None, *options, *([override] if override is not None and override not in options else [])]
    return st.selectbox(
        label,
        known,
        index=known.index(override),
        key=key,
        format_func=lambda value: _("found out: {value}").format(value=words(detected)) if value is None else words(value),
    )


def title(text: str) -> str:
    """A heading that holds a user's text, as HTML."""
    return f"<h3 style='margin:0;padding:0;font-size:1.3rem;{_ELLIPSIS}'>{html(text)}</h3>"


def mend(block: Block, contents: Mapping[str, Any], *, key: str) -> Block:
    """Where a table can be read but not used: its first rows, and the pickers that may help."""
    if "columns" not in contents:
        return (
            {name: value for name, value in block.items() if name in ("kind", "path", "sha256")}
            if set(block) - {"kind", "path", "sha256"}
            and block["kind"] == "file"
            and st.button(_("Read it as it came"), key=f"{key}.reset")
            else block
        )
    names = list(contents["columns"])
    labels = distinct(names)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        override = block.get("target")
        target = st.selectbox(
            _("Column to predict"),
            [None, *names],
            key=f"{key}.target",
            format_func=lambda name: _("found out") if name is None else labels[name],
            index=names.index(override) + 1 if override in names else 0,
        )
        changed = reading(block, contents.get("read", {}), key=key)
    if target != override and target is not None:
        changed = changed | {"target": target}
    first_rows(names, contents.get("preview", ()))
    return changed


def whole(block: Block, contents: Mapping[str, Any], *, key: str, can_change: bool) -> Block:
    """The report of a data set that can be used; gives the block with what the user overruled."""
    report, facts = contents["report"], contents["facts"]
    warnings(report["warnings"])
    changed = leakage.kept_out(block, report, key=key) if can_change else block
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.html(f"<div style='font-size:.9rem;opacity:.85'>{html(summary(report, is_file=can_change), limit=LINE)}</div>")
        if can_change:
            read = reading(block, report["read"], key=key)
            changed = changed if changed != block else read
    by_folder = "size" in report["read"]
    if by_folder:
        image_words(report["read"]["words"])
        changed = image_size(block, report["read"]["size"], key=key) if can_change else changed
    elif can_change:
        changed = changed if changed != block else target_and_task(block, report, key=key)
    if contents.get("points"):
        left, right = st.columns([1.5, 1])
        with left:
            picture(contents["points"], task=report["task"], names=facts["plane"], classes=report["classes"], key=f"{key}.plane")
        with right:
            class_bars(report)
    else:
        class_bars(report)
    if contents.get("images"):
        images(contents["images"])
    if not report["shape"]:
        edited = columns_table(block, report, key=f"{key}.columns", can_change=can_change)
        changed = changed if changed != block else edited
        if can_change:
            counted_on = date_columns.elapsed(block, report, key=key)
            changed = changed if changed != block else counted_on
        with st.expander(_("First rows")):
            first_rows(report["preview_columns"], report["preview"])
    return changed
