"""Data: pick a set or bring a file, see what it holds and what will be done with it, and take it to Train."""

import streamlit as st

from nnviz.plain_text import markdown
from nnviz.ui.common import draft_link, worker_job
from nnviz.ui.common.boxes import error_box
from nnviz.ui.common.i18n import _
from nnviz.ui.common.session import draft
from nnviz.ui.common.split_form import choices, copies_text
from nnviz.ui.common.theme import heading
from nnviz.ui.data import dataset, dataset_picker, leakage, part_files, previews, report
from nnviz.ui.data.split import is_usual, split_of, split_settings

draft_link.take()
left, right = st.columns([1, 2.7], gap="medium")
with left:
    heading(_("Data"), "data")
    block = dataset_picker.choose(dataset_picker.current_block())

with right:
    is_file = block["kind"] == "file"
    head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    if dataset_picker.help_of(block):
        st.caption(dataset_picker.help_of(block))
    answer = dataset.read(block, split_of(block), key="data")
    contents = answer.result if answer is not None and answer.result is not None else {}
    error = worker_job.error_of(answer) if answer is not None else None
    is_ready = "report" in contents
    with head:
        st.html(previews.title(dataset_picker.title_of(block)))
        if st.button(
            _("Use this data: go to Train"),
            type="primary",
            icon=":material/arrow_forward:",
            disabled=not is_ready,
            key="data.use",
        ):
            dataset.use(block, contents)
            st.switch_page("pages/train.py")
    changed = block
    # widgets start anew for each block, so that they show what is, not what was chosen before
    key = f"data.{worker_job.fingerprint(block)}"
    if error is not None:
        error_box(error)
        changed = report.draw_unusable(block, contents, key=key)
        st.caption(_("The Train page still uses {name}.").format(name=markdown(dataset_picker.title_of(draft().data))))
    if is_ready and is_file and (unticked := leakage.without_leaks(block, contents["report"])) != block:
        dataset_picker.show(unticked)
        st.rerun()
    if is_ready:
        changed = report.draw(block, contents, key=key, can_change=is_file)
    if is_file and answer is not None:
        brought = part_files.own_parts(block)
        changed = brought if brought != block else changed
    # where the split itself is what is wrong, its fields are the way out
    if is_ready or (error is not None and not is_usual(split_of(block))):
        split_settings(block, contents.get("parts", {}), choices(contents.get("report")), copies_text(contents.get("report")))
    if changed != block:
        dataset_picker.show(changed)
        st.rerun()
draft_link.keep()
