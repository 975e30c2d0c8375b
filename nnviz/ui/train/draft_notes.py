"""What the doctor says of the draft before it is trained: a line each, with a button that changes it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from nnviz.doctor import DataFacts, Evidence, Finding, RateRange, judge
from nnviz.errors import NnvizError
from nnviz.plain_text import LINE, markdown
from nnviz.spec import RunSpec, is_group
from nnviz.ui.common import session
from nnviz.ui.common.i18n import _
from nnviz.ui.common.settings.labels import page_words
from nnviz.ui.train import draft_fields, rate_finder, whose

MOST = 3


def draw(spec: RunSpec | None, run_id: str | None) -> None:
    """Nothing where the draft is not complete, is what the run on the page is trained by, or where nothing is to be said of it.
    `spec`: the draft's."""
    if spec is None or is_group(spec):
        return
    if run_id is not None and not whose.changes_since(session.store().runs.get(run_id), spec):
        return
    draft = session.draft()
    findings = judge(evidence_of(spec, draft.facts, report=draft.report, finder=rate_finder.range_for(spec)))
    if not findings:
        return
    with st.container(border=True, key="draft_notes"):
        st.caption(_("Before you train"))
        for finding in findings[:MOST]:
            st.markdown(f"**{markdown(finding.title)}.** {markdown(_words(finding), limit=4 * LINE)}")
            if finding.remedy:
                st.button(
                    _("Change it"),
                    key=f"draft_notes.{finding.rule}",
                    on_click=_change,
                    args=(spec, finding.remedy["set"]),
                    help=markdown(finding.why, limit=4 * LINE),
                )


def evidence_of(
    spec: RunSpec, facts: session.Facts, *, report: Mapping[str, Any] | None = None, finder: RateRange | None = None
) -> Evidence:
    """The draft as it is judged: the numbers of rows are known to within rounding. `report` of its file, `finder`: what the rate
    finder said of it, where it did."""
    shares = {"validation": spec.split.validation, "test": spec.split.test}
    held_out = {name: round(share * facts.rows) for name, share in shares.items()}
    rows = held_out | {"train": max(0, facts.rows - sum(held_out.values()))}
    counts = np.array(report.get("class_counts", ()) if report is not None else (), float)
    classes = {"train": counts / counts.sum()} if counts.sum() > 0 else {}
    data = DataFacts(task=facts.task, shape=facts.shape, outputs=facts.outputs, rows=rows, class_shares=classes)
    return Evidence(spec=spec, data=data, finder=finder)


def _words(finding: Finding) -> str:
    return page_words(f"{finding.text} {finding.what_to_do}")


def _change(spec: RunSpec, change: Mapping[str, Any]) -> None:
    """Puts settings into the draft, before any of its fields is drawn."""
    draft = session.draft()
    try:
        for path, value in change.items():
            spec = spec.with_(path, value)
    except NnvizError:
        return  # a setting that no longer fits: the note goes with it
    changed = session.of_record(spec.to_json(), draft.facts, report=draft.report)
    st.session_state["nnviz.draft"] = changed
    draft_fields.show(changed)
