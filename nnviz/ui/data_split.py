"""How the rows are divided: which train, which validate, which are kept for the end."""

from collections.abc import Mapping

import streamlit as st

from nnviz.catalog.training import SPLIT
from nnviz.ui.session import change_draft, draft
from nnviz.ui.text import _


def split_settings(parts: Mapping[str, int]) -> None:
    """Sliders for the draft's split; `parts`: how many rows each part has now."""
    split = draft().split
    st.markdown(f"**{_('Split')}**")
    left, middle, right = st.columns([1, 1, 0.6])
    with left:
        validation = st.slider(_("Validation"), 0.0, 0.5, float(split["validation"]), 0.05, key="data.validation",
                               format="percent", help=_(SPLIT["validation"].help))
    with middle:
        test = st.slider(_("Test"), 0.0, 0.4, float(split["test"]), 0.05, key="data.test", format="percent",
                         help=_(SPLIT["test"].help))
    with right:
        seed = st.number_input(_("Seed"), 0, 2**31 - 1, int(split["seed"]), key="data.seed",
                               help=_("Another seed puts other rows into each part."))
    names = {"train": _("{n} rows to train on"), "validation": _("{n} to validate"), "test": _("{n} kept for the test")}
    st.caption(" · ".join(names[name].format(n=f"{count:,}") for name, count in parts.items()))
    found = dict(split) | {"validation": validation, "test": test, "seed": int(seed)}
    if found != split:
        change_draft(split=found)
        st.rerun()
