"""The menu beside Train: the draft trained several times with other seeds, in folds, as a race or a sweep. Once is one click."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.spec import RunSpec
from nnviz.ui.common.i18n import _
from nnviz.ui.train.several import race_form, sweep_form

TIMES, FOLDS, REPEATS = 5, 5, 3


@dataclass(frozen=True)
class Way:
    """An entry of the menu: what it adds to the draft's `split` and `training`."""

    title: str
    split: Mapping[str, Any]
    training: Mapping[str, Any]


def ways() -> dict[str, Way]:
    """The entries that start a group, in the menu's order."""
    return {
        "times": Way(_("{n} times, with other seeds").format(n=TIMES), {}, {"repeats": TIMES}),
        "folds": Way(_("{n}-fold").format(n=FOLDS), {"folds": FOLDS}, {}),
        "repeated": Way(
            _("{times} \N{MULTIPLICATION SIGN} {n}-fold").format(times=REPEATS, n=FOLDS), {"folds": FOLDS, "repeats": REPEATS}, {}
        ),
    }


def as_group(spec: RunSpec, way: Way) -> RunSpec | None:
    """The draft's spec as that group. What the draft says itself stays: None where it asks for other folds or repeats already, or
    where its data is split in a way of its own."""
    record = spec.to_json()
    split, training = record.get("split", {}), record.get("training", {})
    if (
        split.get("fold") is not None
        or any(name in split for name in way.split)
        or any(name in training for name in way.training)
    ):
        return None
    try:
        return RunSpec.parse(record | {"split": split | dict(way.split), "training": training | dict(way.training)})
    except NnvizError:
        return None


def draw(spec: RunSpec | None) -> RunSpec | None:
    """Draws it; gives the spec that was asked for in this rerun, if any. `spec`: the draft's, where it is complete."""
    groups = {name: as_group(spec, way) for name, way in ways().items()} if spec is not None else {}
    titles = {name: way.title for name, way in ways().items() if groups.get(name) is not None}
    titles = {"once": _("Once")} | titles
    if spec is not None and race_form.can_race(spec):
        titles["race"] = _("Race\N{HORIZONTAL ELLIPSIS}")
        titles["sweep"] = _("Sweep\N{HORIZONTAL ELLIPSIS}")
    picked = st.menu_button(
        _("Several runs"),
        list(titles),
        key="several",
        type="primary",
        format_func=titles.__getitem__,
        disabled=len(titles) == 1,
        help=_("Several runs: with other seeds, in folds, as a race or a sweep"),
    )
    if picked == "race":
        race_form.open_form()
    if picked == "sweep":
        sweep_form.open_form()
    return race_form.dialog(spec) or sweep_form.dialog(spec) or (spec if picked == "once" else groups.get(picked or ""))
