"""How the rows are divided: which train, which validate, which are kept for the end."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from nnviz.catalog.training import SPLIT
from nnviz.ui.common.i18n import _
from nnviz.ui.common.session import change_draft, draft
from nnviz.ui.common.split_form import ORDER, Choice, split_fields

_PENDING = "nnviz.order"


def split_of(block: Mapping[str, Any]) -> dict[str, Any]:
    """The draft's split for a data block: columns that it names belong to the draft's own data, or were chosen for this
    block before it is used."""
    split = draft().split
    if _is_same(block, draft().data):
        return split
    pending: tuple[Mapping[str, Any], dict[str, Any]] | None = st.session_state.get(_PENDING)
    named = pending[1] if pending is not None and _is_same(pending[0], block) else {}
    return {name: value for name, value in split.items() if name not in ORDER} | named


def is_usual(split: Mapping[str, Any]) -> bool:
    """Whether it is the split that a draft has before anybody changes it."""
    return split == {name: SPLIT[name].default for name in ("validation", "test", "seed")}


def split_settings(block: Mapping[str, Any], parts: Mapping[str, int], columns: Sequence[Choice], copies: str = "") -> None:
    """The form of the split; `parts`: how many rows each part has now, of folds in the first one; `copies`: what is said of
    rows that stand twice."""
    split, training = split_of(block), draft().training
    st.markdown(f"**{_('Split')}**")
    with st.container(width=560):
        new_split, new_training = split_fields(split, training, columns, key="data.")
    names = {"train": _("{n} rows to train on"), "validation": _("{n} to validate"), "test": _("{n} kept for the test")}
    counts = " · ".join(names[name].format(n=f"{count:,}") for name, count in parts.items())
    st.caption(_("In the first fold: {parts}").format(parts=counts) if new_split.get("folds") and parts else counts)
    if copies:
        st.caption(copies)
    if new_split == split and new_training == training:
        return
    if _is_same(block, draft().data):
        change_draft(split=new_split, training=new_training)
    else:
        named = {name: value for name, value in new_split.items() if name in ORDER}
        st.session_state[_PENDING] = (dict(block), named)
        own = {name: value for name, value in draft().split.items() if name in ORDER}
        change_draft(split={name: value for name, value in new_split.items() if name not in ORDER} | own, training=new_training)
    st.rerun()


def _is_same(block: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two data blocks have the same columns: the same file, however it is to be read, or the same set."""
    names = ("kind", "name", "sha256")
    return all(block.get(name) == other.get(name) for name in names)
