"""The first page: data, network and learning on the left, what comes of it on the right."""

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.stack import plan
from nnviz.ui import branching, own_components, run_view, session
from nnviz.ui.code_view import code_view
from nnviz.ui.cost_note import cost_note
from nnviz.ui.data_column import data_column
from nnviz.ui.learning import learning
from nnviz.ui.stack_editor import stack_editor
from nnviz.ui.text import _
from nnviz.ui.theme import heading

run_id = run_view.shown_run()
branching.take()
top = st.container()
left, middle, right = st.container(key="workbench").columns([1, 1.2, 2.3], gap="medium")

with left:
    draft = data_column()
with middle:
    heading(_("Network"), "network")
    branching.note()
    edit = stack_editor(draft.layers, draft.cost, shape=draft.facts.shape, outputs=draft.facts.outputs,
                        task=draft.facts.task, plan=plan, columns=draft.facts.columns, cost_note=cost_note, key="stack")
    session.change_draft(layers=edit.layers, cost=edit.cost)
    own_components.notices()
    learning()

trouble: NnvizError | None = edit.error or (edit.plan.error if edit.plan else None)
spec = None
if trouble is None:
    try:
        spec = session.draft().spec()
    except NnvizError as error:
        trouble = error
if spec is not None and (lost := branching.trouble()) is not None:
    spec, trouble = None, lost
run_view.prepare(spec)  # while the rest is drawn

with top:
    run_id = run_view.controls(run_id, spec, trouble)
with right:
    code_view(spec, session.draft().facts)
    run_view.results(run_id, session.draft())
