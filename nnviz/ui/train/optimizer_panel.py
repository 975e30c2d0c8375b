"""How the draft is trained: optimizer, learning rate, epochs, batch size, seed."""

import math
from typing import Any

import streamlit as st

from nnviz.catalog import OPTIMIZERS, SCHEDULES
from nnviz.catalog.training import EARLY_STOPPING, TRAINING
from nnviz.charts.rate import rate_curve, rate_curve_figure
from nnviz.ui.common.i18n import _
from nnviz.ui.common.param_fields import about, param_fields, whole_field
from nnviz.ui.common.session import change_draft, draft
from nnviz.ui.common.theme import heading
from nnviz.ui.train.rate_finder import chosen_rate, find_button


def learning() -> None:
    """Draws the fields under the stack and puts what they say into the draft."""
    current = draft()
    head = st.container(horizontal=True, vertical_alignment="center")
    with head:
        heading(_("Learning"), "learning")
    kinds = list(OPTIMIZERS)
    left, right = st.columns(2)
    kind = left.selectbox(
        _("Optimizer"),
        kinds,
        index=kinds.index(current.optimizer["kind"]),
        key=f"optimizer:{current.optimizer['kind']}",
        help=_(OPTIMIZERS[current.optimizer["kind"]].help),
    )
    if kind != current.optimizer["kind"]:
        change_draft(optimizer={"kind": kind})
        st.rerun()
    settings = {name: value for name, value in current.optimizer.items() if name not in ("kind", "schedule")}
    params = OPTIMIZERS[kind].params
    rate = next(param for param in params if param.name == "learning_rate")
    chosen = chosen_rate()
    if chosen is not None:
        # Before the field is drawn: its own state would win over the draft.
        settings["learning_rate"] = st.session_state[f"rate:{kind}:learning_rate"] = chosen
    with right:
        fields = param_fields([rate], settings, key=f"rate:{kind}", columns=1)
        find_button()
    left, right = st.columns(2)
    training = dict(current.training)
    with left:
        training["epochs"] = whole_field(
            TRAINING["epochs"],
            int(training.get("epochs", 30)),
            key=f"epochs:{current.preset}",
            step=10,
            help=_("One epoch passes over all training rows once."),
        )
    sizes = sorted({1, 4, 8, 16, 32, 64, 128, 256, 512, int(training.get("batch_size", 32))})
    training["batch_size"] = int(
        right.selectbox(
            _("Batch size"),
            sizes,
            index=sizes.index(int(training.get("batch_size", 32))),
            key=f"batch:{current.preset}",
            help=_("Rows for one step: the gradient is their mean. Small batches are noisy and make many steps."),
        )
        or 32
    )
    with st.expander(_("More settings")):
        fields |= param_fields([param for param in params if param.name != "learning_rate"], settings, key=f"more:{kind}")
        schedule = _schedule(
            current.optimizer.get("schedule"), kind, rate=float(fields.get("learning_rate", rate.default)), total=_steps(training)
        )
        training |= _more(training)
    with head:
        # after the fields: of what they hold now
        about(OPTIMIZERS[kind], fields)
    changed: dict[str, Any] = {"kind": kind} | fields | ({"schedule": schedule} if schedule else {})
    if changed != current.optimizer or training != current.training:
        change_draft(optimizer=changed, training={name: value for name, value in training.items() if value is not None})


def _steps(training: dict[str, Any]) -> int:
    """About how many steps the whole training takes: the rows that are trained on are known to within rounding."""
    current = draft()
    rows = current.facts.rows * (1 - current.split.get("validation", 0.2) - current.split.get("test", 0.2))
    return math.ceil(max(1.0, rows) / training["batch_size"]) * max(1, int(training["epochs"]))


def _schedule(schedule: Any, kind: str, *, rate: float, total: int) -> dict[str, Any] | None:
    kinds = [None, *SCHEDULES]
    current = schedule["kind"] if schedule else None
    chosen = st.selectbox(
        _("Learning rate schedule"),
        kinds,
        index=kinds.index(current),
        key=f"schedule:{kind}",
        format_func=lambda name: name or _("constant"),
    )
    if chosen is None:
        return None
    entry = SCHEDULES[chosen]
    if chosen == current:
        values = {name: value for name, value in schedule.items() if name != "kind"}
    else:
        values = {entry.length: max(2, total)} if entry.length else {}
    about(entry)
    fields = param_fields(entry.params, values, key=f"schedule:{chosen}")
    if chosen != "ReduceOnPlateau":
        try:
            curve = rate_curve(chosen, fields, rate, total=total)
        except (ValueError, IndexError, ArithmeticError):
            # Numbers out of range, or lists that do not fit each other yet: the spec's own check says so on top of the page.
            return {"kind": chosen} | fields
        st.plotly_chart(rate_curve_figure(curve), config={"displayModeBar": False}, key=f"rates:{kind}")
    return {"kind": chosen} | fields


def _more(training: dict[str, Any]) -> dict[str, Any]:
    left, right = st.columns(2)
    with left:
        seed = whole_field(
            TRAINING["seed"],
            int(training.get("seed", 0)),
            key="training:seed",
            title=_("Seed of the training"),
            help=_("First weights, order of the rows and dropout follow from it."),
        )
    with right:
        every = whole_field(
            TRAINING["record_every"],
            int(training.get("record_every", 1)),
            key="training:record_every",
            title=_("Evaluate every ... epochs"),
        )
    patience = (training.get("early_stopping") or {}).get("patience", 20)
    stops = left.toggle(
        _("Stop early"),
        training.get("early_stopping") is not None,
        key="training:early",
        help=_("Stop when the validation loss has not improved for so many epochs."),
    )
    with right:
        epochs = whole_field(
            EARLY_STOPPING["patience"], int(patience), key="training:patience", title=_("Patience (epochs)"), disabled=not stops
        )
    best = left.toggle(
        _("Keep the best"),
        training.get("keep") == "best",
        key="training:keep",
        help=_("Test and predictions use the weights of the best epoch by validation loss, not the last."),
    )
    settings: dict[str, Any] = {"early_stopping": {"patience": int(epochs)} if stops else None}
    settings |= {"seed": seed} if seed or "seed" in training else {}
    settings |= {"record_every": every} if every != 1 or "record_every" in training else {}
    return settings | ({"keep": "best" if best else "last"} if best or "keep" in training else {})
