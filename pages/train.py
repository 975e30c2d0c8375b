"""The first page: data, network and learning on the left, what comes of it on the right."""

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.stack import plan
from nnviz.ui.common import custom_components, draft_link, session
from nnviz.ui.common.i18n import _
from nnviz.ui.common.problem import in_words
from nnviz.ui.common.theme import heading
from nnviz.ui.train import branch, data_panel, draft_notes, live_follow, remedy, run_panel
from nnviz.ui.train.code_view import code_view
from nnviz.ui.train.cost_note import cost_note
from nnviz.ui.train.gallery import start as gallery
from nnviz.ui.train.optimizer_panel import learning
from nnviz.ui.train.several import sweep_panel
from nnviz.ui.train.stack_editor import stack_editor

run_id = run_panel.shown_run()
draft_link.take()
live_follow.follow(run_id)
branch.take()
remedy.take()
gallery.take()
sweep_panel.take_best()
top = st.container()
left, middle, right = st.container(key="workbench").columns([1, 1.2, 2.3], gap="medium")

with left:
    draft, place = data_panel.data_column()
with middle:
    heading(_("Network"), "network")
    note = st.container()
    edit = stack_editor(
        draft.layers,
        draft.cost,
        shape=draft.facts.shape,
        outputs=draft.facts.outputs,
        task=draft.facts.task,
        plan=plan,
        columns=draft.facts.columns,
        cost_note=cost_note,
        key="stack",
    )
    session.change_draft(layers=edit.layers, cost=edit.cost)
    custom_components.notices()
    learning()

is_on_card = edit.problem is not None
problem: NnvizError | None = edit.problem
spec = None
if problem is None:
    try:
        spec = session.draft().spec()
    except NnvizError as error:
        problem = in_words(error)
if spec is not None and (start_error := branch.start_error()) is not None:
    spec, problem = None, start_error
run_panel.prepare(spec)  # while the rest is drawn

with top:
    run_id = run_panel.controls(run_id, spec, problem, is_on_card=is_on_card)
with note:
    branch.note(run_id)
with middle:
    draft_notes.draw(spec, run_id)
data_panel.picture(place)
with middle:
    code_view(spec, session.draft().facts)
with right:
    run_panel.results(run_id, session.draft(), spec)
draft_link.keep(with_run=True)
