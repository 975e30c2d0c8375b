"""The fields of the Train page, where the draft is changed by something else than them: they show it then."""

from typing import Any

import streamlit as st

from nnviz.catalog import OPTIMIZERS, SCHEDULES
from nnviz.ui.common.session import Draft


def show(draft: Draft) -> None:
    """Has the fields show this draft. To be called before any of them is drawn: a field that stays on the page would else keep
    what it showed before."""
    for key in [key for key in st.session_state if isinstance(key, str)]:
        value = _field(key, draft)
        if value is not ... and st.session_state[key] != value:
            st.session_state[key] = value


def _field(key: str, draft: Draft) -> Any:
    """What the field of that key has to show for a draft; ... for what is none."""
    group, _sep, rest = key.partition(":")
    kind, _sep, name = rest.partition(":")
    schedule, training = draft.optimizer.get("schedule") or {}, draft.training
    if group in ("rate", "more") and kind == draft.optimizer["kind"]:
        return _of(OPTIMIZERS[kind].params, draft.optimizer, name)
    if group == "schedule" and name and kind == schedule.get("kind"):
        return _of(SCHEDULES[kind].params, schedule, name)
    stopping = training.get("early_stopping")
    known = {
        f"schedule:{draft.optimizer['kind']}": schedule.get("kind"),
        f"epochs:{draft.preset}": training.get("epochs", 30),
        f"batch:{draft.preset}": training.get("batch_size", 32),
        "training:seed": training.get("seed", 0),
        "training:record_every": training.get("record_every", 1),
        "training:early": stopping is not None,
        "training:patience": (stopping or {}).get("patience", 20),
        "training:keep": training.get("keep") == "best",
        "split:validation": float(draft.split["validation"]),
        "split:test": float(draft.split["test"]),
        "split:seed": draft.split["seed"],
    }
    if draft.data["kind"] == "synthetic":
        name = draft.data["name"]
        known |= {f"samples:{name}": int(draft.data.get("samples", 500)), f"noise:{name}": float(draft.data.get("noise", 0.2))}
    return known.get(key, ...)


def _of(params: Any, values: Any, name: str) -> Any:
    param = next((param for param in params if param.name == name), None)
    if param is None:
        return ...
    value = values.get(name, param.default)
    if param.type in ("ints", "floats"):
        return ", ".join(f"{number:g}" if param.type == "floats" else str(number) for number in value or ())
    return float(value) if param.type == "float" and value is not None else value
