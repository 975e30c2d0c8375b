"""Simple models beside the network, below its results: one click computes them, and one sentence says whether it beats them."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.store import Run
from nnviz.ui.common import session, worker_job
from nnviz.ui.common.boxes import error_box
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import measure, metric_title
from nnviz.verdict import baselines
from nnviz.verdict.entrants import kept_metrics, main_metric, task_of

_ASKED = "nnviz.baselines"
METRICS = {
    "classification": ("val_accuracy", "val_balanced_accuracy", "val_f1", "val_roc_auc"),
    "regression": ("val_r2", "val_mae", "val_rmse"),
}


def panel(run_id: str) -> None:
    """The button, or what the baselines came to; nothing before the run has ended with something to compare."""
    run = session.store().runs.get(run_id)
    if run.broken or not run.is_ended or f"val_{main_metric(task_of(run))}" not in kept_metrics(run):
        return
    document: Mapping[str, Any] | None = session.store().baselines.of(run.spec)
    with st.container(key="baselines", gap="small"):
        if document is None:
            document = _asked(run)
        if document is not None:
            _draw(run, document)


def sentence(run: Run, document: Mapping[str, Any]) -> str:
    """Whether the network beats the best of them."""
    standing = baselines.standing(run, document)
    if standing is None:
        return ""
    values = {
        "metric": metric_title(standing.metric),
        "own": measure(standing.metric, standing.own),
        "name": _(standing.name),
        "best": measure(standing.metric, standing.best),
    }
    if standing.is_beaten:
        return _("This network does not beat a simple model: {metric} {own}, {name} {best} on the same rows.").format(**values)
    return _("Ahead of the simple models: {metric} {own}, the best of them, {name}, {best} on the same rows.").format(**values)


def _asked(run: Run) -> Mapping[str, Any] | None:
    if st.session_state.get(_ASKED) != run.id:
        st.button(
            _("Baselines"),
            icon=":material/straighten:",
            type="tertiary",
            key="baselines.ask",
            help=_("What the commonest class or the mean, a linear model and gradient boosting come to on the same rows."),
            on_click=_ask,
            args=(run.id,),
        )
        return None
    answer = worker_job.ask("baselines", {}, key="baselines", run_id=run.id, saying=_("Fitting simple models"))
    if answer is not None and answer.error is not None:
        st.session_state.pop(_ASKED)
        error_box(answer.error)
    return answer.result if answer is not None else None


def _ask(run_id: str) -> None:
    worker_job.forget("baselines")
    st.session_state[_ASKED] = run_id


def _draw(run: Run, document: Mapping[str, Any]) -> None:
    st.text(sentence(run, document))
    task = task_of(run)
    own = kept_metrics(run)
    names = [name for name in METRICS[task] if name in own]
    rows = [{_("Model"): _("This network")} | {metric_title(name): measure(name, own[name]) for name in names}]
    rows += [
        {_("Model"): _("Baseline: {name}").format(name=_(baselines.NAMES[model["name"]][task]))}
        | {metric_title(name): measure(name, model["metrics"].get(name)) for name in names}
        for model in document["models"]
    ]
    st.dataframe(rows, hide_index=True, key="baselines.table")
    if document["rows"] < document["all"]:
        words = _("The simple models were fitted on {n} of {all} training rows, drawn at random.")
        st.caption(words.format(n=f"{document['rows']:,}", all=f"{document['all']:,}"))
