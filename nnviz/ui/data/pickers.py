"""The pickers that overrule what was detected in a file: how it is read, its target and task, the size of its images."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from nnviz.plain_text import distinct, visible
from nnviz.ui.common.i18n import _
from nnviz.ui.data import leakage
from nnviz.ui.data.previews import note

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
        st.html(note(report["target_why"]))
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
        st.html(note(report["task_why"]))
    changed = dict(block)
    if target != now and not report["shape"]:
        known = leakage.forgotten(changed, report)
        changed = {name: value for name, value in known.items() if name != "task"} | {"target": target}
    elif task and task != report["task"]:
        changed["task"] = task
    return changed


def image_size(block: Block, now: Sequence[int], *, key: str) -> Block:
    """The picker of the size that images are brought to; gives the block with what was chosen."""
    override = block.get("image_size")
    options = [None, *SIDES, *([override] if override is not None and override not in SIDES else [])]

    def words(size: Any) -> str:
        if size is None:
            return _("detected: {value}").format(value=" × ".join(map(str, now))) if override is None else _("detected")
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


def _choice(label: str, override: Any, options: Sequence[Any], detected: Any, key: str, words: Any) -> Any:
    """A picker whose first option is what was detected."""
    known = [None, *options, *([override] if override is not None and override not in options else [])]
    return st.selectbox(
        label,
        known,
        index=known.index(override),
        key=key,
        format_func=lambda value: _("detected: {value}").format(value=words(detected)) if value is None else words(value),
    )
