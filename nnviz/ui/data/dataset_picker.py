"""Which data set the Data page shows: an uploaded file, or one of the catalog. The address holds it."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.catalog import DATASETS
from nnviz.catalog.entry import DatasetEntry
from nnviz.errors import NnvizError
from nnviz.spec import RunSpec
from nnviz.ui.common import session
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.upload import upload
from nnviz.ui.data.dataset import file_block

_PARAM = "data"
LONGEST_ADDRESS = 100_000
"""Letters of a data block in the address."""
_SEEN = "nnviz.data.upload"


def current_block() -> dict[str, Any]:
    """The data block that the address names, else the draft's."""
    text = st.query_params.get(_PARAM, "")
    try:
        if text and len(text) <= LONGEST_ADDRESS:
            block = json.loads(text)
            RunSpec.parse({"data": block, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "Adam"}})
            return dict(block)
    except (ValueError, RecursionError, NnvizError):
        pass
    if text:
        st.caption(_("The address names no data that this page can show. The data of the Train page is shown instead."))
    return dict(session.draft().data)


def show(block: Mapping[str, Any]) -> None:
    """Puts a data block into the address."""
    st.query_params[_PARAM] = json.dumps(dict(block), separators=(",", ":"))


def choose(block: Mapping[str, Any]) -> dict[str, Any]:
    """Draws the upload of a file and the list of data sets; gives the block to show."""
    uploaded = upload(key="data.upload", title=_("Drop your own data here"))
    if uploaded is not None and st.session_state.get(_SEEN) != uploaded:
        st.session_state[_SEEN] = uploaded
        show(file_block(uploaded))
        st.rerun()
    groups = {
        _("2D points"): [entry for entry in DATASETS.values() if entry.kind == "synthetic"],
        _("Tables"): [entry for entry in DATASETS.values() if entry.kind == "builtin" and len(entry.shape) == 1],
        _("Images"): [entry for entry in DATASETS.values() if len(entry.shape) == 3],
    }
    for title, entries in groups.items():
        now = block["name"] if block["kind"] != "file" else None
        names = [entry.name for entry in entries]
        # a key for each choice: picking in one group unpicks in the others
        picked = st.pills(
            title,
            names,
            default=now if now in names else None,
            key=f"data.sets.{names[0]}.{now}",
            wrap=True,
            format_func=lambda name: _(DATASETS[name].title),
        )
        if picked is not None and picked != now:
            show(block_of(DATASETS[picked]))
            st.rerun()
    return dict(block)


def block_of(entry: DatasetEntry) -> dict[str, Any]:
    """The data block of a set of the catalog."""
    return {"kind": entry.kind, "name": entry.name} | {param.name: param.default for param in entry.params}


def title_of(block: Mapping[str, Any]) -> str:
    """What the page calls a data block: the file's name, or the set's title."""
    return str(block["path"]) if block["kind"] == "file" else _(DATASETS[block["name"]].title)


def help_of(block: Mapping[str, Any]) -> str:
    """One line on what it is."""
    if block["kind"] == "file":
        return ""
    entry = DATASETS[block["name"]]
    classes = counted("{n} class", "{n} classes", entry.classes) if entry.classes else _("a number to predict")
    return f"{_(entry.help)} {classes[:1].upper()}{classes[1:]}."
