"""The draft follows what is changed while the run on the page trains: the next press of Train starts with it."""

import re

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.spec import RunSpec, differences
from nnviz.store import Run
from nnviz.ui.common import session
from nnviz.ui.common.settings.live_changes import in_effect
from nnviz.ui.train import draft_fields

_SEEN = "nnviz.live_changes_seen"


def begin(run_id: str) -> None:
    """The run has been started from the draft just now: whatever is changed from here on, the draft follows."""
    _seen()[run_id] = {}


def follow(run_id: str | None) -> None:
    """Takes into the draft what was changed since the page was last drawn: a setting that the draft has as the run had it. What
    its user has set otherwise stays. Called before any field of the page is drawn."""
    if run_id is None:
        return
    run = session.store().runs.get(run_id)
    if run.group:
        return  # of a group it is one run that was changed
    now = {name: change.value for name, change in in_effect(session.store(), run).items()}
    before = _seen().get(run_id, now)
    _seen()[run_id] = now
    if before != now and _take(run, before, now):
        draft_fields.show(session.draft())


def _seen() -> dict[str, dict[str, float]]:
    seen: dict[str, dict[str, float]] = st.session_state.setdefault(_SEEN, {})
    return seen


def _take(run: Run, before: dict[str, float], now: dict[str, float]) -> bool:
    """Whether the draft is another one by that."""
    written, is_changed = run.settings, False
    for name in before | now:
        old, new = (values.get(name, written.get(name)) for values in (before, now))
        if old == new or old is None or new is None:
            continue
        try:
            spec = session.draft().spec()
            if differences([spec, spec.with_(name, old)]):
                continue
            changed = spec.with_(name, new)
        except NnvizError:
            continue  # the draft has no such setting, or is not valid
        _put(changed, name)
        is_changed = True
    return is_changed


def _put(spec: RunSpec, name: str) -> None:
    (block,) = re.findall(r"^\w+", name)
    session.change_draft(**{block: spec.to_json()[block]})
