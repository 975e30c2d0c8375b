"""Predict: choose a trained network, type a row or bring a file of them, and see what it says."""

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.ui.common import draft_link
from nnviz.ui.common.boxes import error_box
from nnviz.ui.common.i18n import _
from nnviz.ui.common.session import store
from nnviz.ui.common.theme import heading
from nnviz.ui.predict import row_form, view

heading(_("Predict"), "predict")
runs = view.trained_runs(store())
if not runs:
    st.html(view.invitation())
    if st.button(_("Go to Train"), type="primary", key="predict.train"):
        st.switch_page("pages/train.py")
    draft_link.carry()
    st.stop()

left, right = st.columns([1, 1.6], gap="large")
with left:
    run = view.pick_run(runs)
draft_link.carry()
with left:
    try:
        encoder = store().runs.encoder(run.id) or {}
    except NnvizError as error:
        error_box(error)
        st.stop()
    ways = {"file": _("A file of rows")} if not encoder.get("columns") else {"row": _("One row"), "file": _("A file of rows")}
    way = st.segmented_control(
        _("What to predict"),
        list(ways),
        default=next(iter(ways)),
        required=True,
        key=f"predict.way.{run.id}",
        format_func=lambda way: ways[way],
        label_visibility="collapsed",
    )
    if way == "row":
        row = row_form.typed_row(encoder, key=f"predict.{run.id}")
        with right:
            if row is None:
                st.caption(_("What the network says appears here once the number marked in red is corrected."))
            else:
                view.ask_typed(run, row)
    else:
        view.upload_rows(run, encoder, view.cost_picker(run), where=right)
