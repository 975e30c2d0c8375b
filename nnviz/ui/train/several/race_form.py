"""Which variants race against each other: ticked in a dialog, 2 to 8 of one kind of setting."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.catalog import ACTIVATIONS, COSTS, OPTIMIZERS
from nnviz.errors import NnvizError
from nnviz.plain_text import LINE, visible
from nnviz.spec import RunSpec, is_group, members
from nnviz.ui.common import session
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _
from nnviz.ui.common.problem import in_words

MOST = 8
_OPEN, _STARTED = "nnviz.race_open", "nnviz.race_started"
_LADDER = (1 / 30, 0.1, 1 / 3, 1.0, 3.0, 10.0, 30.0)
"""Learning rates beside the draft's, as multiples of it."""
_FIRST = {"optimizer": ("SGD", "RMSprop", "Adam"), "activation": ("relu", "tanh", "sigmoid")}

Variants = Mapping[str, Any]
"""What each choice is called, and its value in the spec."""


def can_race(spec: RunSpec) -> bool:
    """Whether the draft is one run from its first step: only such runs race."""
    return not is_group(spec) and spec.branch is None


def open_form() -> None:
    """The dialog is to be shown from now on."""
    st.session_state[_OPEN] = True


def dialog(spec: RunSpec | None) -> RunSpec | None:
    """Draws the dialog where it is open; gives the race where its button was pressed before this rerun."""
    started: RunSpec | None = st.session_state.pop(_STARTED, None)
    if started is None and spec is not None and st.session_state.get(_OPEN):
        _form(spec)
    return started


def variants(spec: RunSpec, facts: session.Facts) -> dict[str, Variants]:
    """What may race, by the path that varies: optimizers, each at its default rate, the draft's as it is; learning rates around
    the draft's; costs that fit the task; activations of all layers that have one."""
    record = spec.to_json()
    optimizer, cost = record["optimizer"], record["cost"]
    rate = float(spec.optimizer.learning_rate)
    rates = {
        name: next(param.default for param in entry.params if param.name == "learning_rate") for name, entry in OPTIMIZERS.items()
    }
    costs = [
        name
        for name, entry in COSTS.items()
        if name == cost["kind"]
        or (
            facts.task in entry.tasks
            and facts.outputs >= entry.least_outputs
            and not any(param.required for param in entry.params)
        )
    ]
    by_path: dict[str, Variants] = {
        "optimizer": {
            name: optimizer if name == optimizer["kind"] else {"kind": name, "learning_rate": value}
            for name, value in rates.items()
        },
        "optimizer.learning_rate": {f"{value:g}": value for value in ladder(rate)},
        "cost": {name: cost if name == cost["kind"] else {"kind": name} for name in costs},
    }
    if '"activation"' in spec.model_dump_json(exclude_unset=True):
        by_path["activation"] = {name: name for name in ACTIVATIONS}
    return {path: choices for path, choices in by_path.items() if len(choices) > 1}


def ladder(rate: float) -> list[float]:
    """Learning rates from a thirtieth to the thirtyfold of one, in steps of about 3, with one digit; up to 100."""
    return sorted({rate, *(float(f"{rate * times:.0e}") for times in _LADDER if times != 1 and 0 < rate * times <= 100)})


def _close() -> None:
    st.session_state.pop(_OPEN, None)


@st.dialog(_("Race"), on_dismiss=_close)
@guarded
def _form(spec: RunSpec) -> None:
    st.caption(_("All begin with the same weights, where their shapes allow, and see the rows in the same order. Tick 2 to 8."))
    titles = {
        "optimizer": _("Optimizers"),
        "optimizer.learning_rate": _("Learning rates"),
        "cost": _("Costs"),
        "activation": _("Activations"),
    }
    known = variants(spec, session.draft().facts)
    vary = st.segmented_control(
        _("What differs"),
        list(known),
        default="optimizer",
        required=True,
        key="race.vary",
        format_func=titles.__getitem__,
        label_visibility="collapsed",
    )
    choices = known[vary or "optimizer"]
    ticked = st.pills(
        titles[vary or "optimizer"],
        list(choices),
        selection_mode="multi",
        default=_first(spec, vary or "optimizer", choices),
        key=f"race.over.{vary}",
        format_func=visible,
        label_visibility="collapsed",
    )
    race, trouble = (
        _race(spec, vary or "optimizer", [choices[name] for name in ticked]) if 2 <= len(ticked) <= MOST else (None, "")
    )
    if trouble:
        st.text(visible(trouble, limit=2 * LINE))
    words = _("Start a race of {n}").format(n=len(ticked)) if race is not None else _("Start")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(words, type="primary", icon=":material/flag:", key="race.start", disabled=race is None):
            st.session_state[_STARTED] = race
            _close()
            st.rerun()
        if len(ticked) > MOST:
            st.caption(_("At most {n} race at once.").format(n=MOST), width="content")
        elif race is not None:
            st.caption(" · ".join(visible(member.label) for member in members(race)), width="content")


def _first(spec: RunSpec, vary: str, choices: Variants) -> list[str]:
    """What is ticked at first: the draft's own beside a few that everybody knows."""
    names = list(choices)
    if vary == "optimizer.learning_rate":
        own = names.index(f"{float(spec.optimizer.learning_rate):g}")
        return [names[place] for place in (own - 2, own, own + 2) if 0 <= place < len(names)]
    if vary == "cost":
        others = [name for name in names if name != spec.cost.kind]
        return [spec.cost.kind, *others[:1]]
    wanted = {spec.optimizer.kind} if vary == "optimizer" else set()
    return [name for name in names if name in {*_FIRST[vary], *wanted}]


def _race(spec: RunSpec, vary: str, over: list[Any]) -> tuple[RunSpec | None, str]:
    """The spec of the race, or why there is none."""
    try:
        return RunSpec.parse(spec.to_json() | {"race": {"vary": vary, "over": over}}), ""
    except NnvizError as error:
        return None, in_words(error).message
