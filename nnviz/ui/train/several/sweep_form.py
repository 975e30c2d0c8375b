"""What a sweep of the draft varies: fields and their values picked in a dialog, the number of trials, the goal."""

import re
from collections.abc import Sequence
from typing import Any

import streamlit as st

from nnviz.catalog import ACTIVATIONS, OPTIMIZERS
from nnviz.catalog.param import Param
from nnviz.errors import NnvizError
from nnviz.plain_text import LINE, visible
from nnviz.spec import MAX_TRIALS, RunSpec, alone, combinations, variable_fields
from nnviz.spec.sweep.fields import value_at
from nnviz.ui.common import session
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.problem import in_words
from nnviz.ui.common.run_format import metric_title
from nnviz.ui.common.settings.labels import label_for

_OPEN, _STARTED = "nnviz.sweep_open", "nnviz.sweep_started"
_RATE, _KIND = "optimizer.learning_rate", "optimizer.kind"
TRIALS = 20
MOST_FIELDS = 8
_SIZES = ("units", "filters", "batch_size", "epochs")
"""Numbers that are doubled and halved rather than moved a little."""
_COMMON = (*_SIZES, "rate", "activation")
_NUMBER = re.compile(r"-?\d+\.?\d*(?:[eE][-+]?\d+)?")


def open_form() -> None:
    """The dialog is to be shown from now on."""
    st.session_state[_OPEN] = True


def dialog(spec: RunSpec | None) -> RunSpec | None:
    """Draws the dialog where it is open; gives the sweep where its button was pressed before this rerun."""
    started: RunSpec | None = st.session_state.pop(_STARTED, None)
    if started is None and spec is not None and st.session_state.get(_OPEN):
        _form(alone(spec))
    return started


def fields_of(spec: RunSpec) -> dict[str, Param]:
    """What can vary in the draft, by path; first what is tried most often: the learning rate, sizes, dropout."""
    known = dict(variable_fields(spec))
    known[_KIND] = Param(name="kind", type="choice", choices=tuple(OPTIMIZERS))
    common = [path for path in known if path.rpartition(".")[2] in _COMMON]
    paths = dict.fromkeys([_RATE, _KIND, *common, *known])
    return {path: known[path] for path in paths if path in known and not _is_off(spec, path, known[path])}


def suggested(param: Param, value: Any) -> tuple[str, str]:
    """How a field of a number varies at first and over what, as it is typed: ("log", "0.001, 0.1")."""
    if param.name in _SIZES and isinstance(value, int):
        return "list", ", ".join(str(size) for size in sorted({max(1, value // 2), value, value * 2}))
    if param.name == "rate" or (param.maximum or param.below) == 1:
        return "range", "0, 0.5" if param.name == "rate" else f"{_inside(param, 0):g}, {_inside(param, 1):g}"
    number = float(value if isinstance(value, int | float) and value > 0 else param.default or 0.01)
    low, high = _inside(param, number / 10), _inside(param, number * 10)
    return "log", f"{low:.2g}, {high:.2g}" if param.type == "float" else f"{max(1, round(low))}, {round(high)}"


def vary_of(way: str, text: str, *, is_whole: bool) -> dict[str, Any]:
    """What was typed, as the block of a spec: {"log": [0.001, 0.1]}. Raises ValueError with what is missing."""
    numbers = [float(number) for number in _NUMBER.findall(text)]
    values = [int(number) if is_whole and number.is_integer() else number for number in numbers]
    if way != "list" and len(values) != 2:
        raise ValueError(_("give two numbers, the lowest and the highest"))
    if not values:
        raise ValueError(_("give the values to try"))
    return {way: values}


def sweep_block(spec: RunSpec) -> tuple[dict[str, Any] | None, str]:
    """Draws the fields of a sweep of this draft; gives its block, or why there is none."""
    fields = fields_of(spec)
    record = spec.model_dump(mode="json", by_alias=True)
    picked = st.multiselect(
        _("What varies"),
        list(fields),
        default=[_RATE, *[path for path in fields if path.endswith(".units")][:1]],
        key="sweep.fields",
        format_func=label_for,
        max_selections=MOST_FIELDS,
        placeholder=_("Choose settings"),
    )
    vary, trouble = {}, "" if picked else _("Choose what is to vary.")
    for path in picked:
        try:
            vary[path] = _values(path, fields[path], value_at(record, path))
        except ValueError as error:
            trouble = trouble or f"{label_for(path).capitalize()}: {error}."
    titles = {"bayes": _("Learn from trials"), "random": _("By chance"), "grid": _("All combinations")}
    method = st.segmented_control(
        _("Next values"), list(titles), default="bayes", required=True, key="sweep.method", format_func=titles.__getitem__
    )
    goals = goals_of(spec, session.draft().facts.task)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        trials = st.number_input(_("Trials"), 1, MAX_TRIALS, TRIALS, key="sweep.trials", width=120)
        goal = st.selectbox(_("Goal"), goals, key="sweep.goal", format_func=metric_title, width=220)
        prune = st.toggle(
            _("Stop hopeless trials early"),
            value=True,
            key="sweep.prune",
            help=_("A trial ends once it is worse than half of the others were at the same epoch."),
        )
    block = {"vary": vary, "method": method or "bayes", "trials": trials, "goal": goal, "prune": prune}
    return (None, trouble) if trouble else (block, "")


def goals_of(spec: RunSpec, task: str) -> list[str]:
    """The metrics that may decide, the usual one first; of training rows where there are no others."""
    names = ("r2", "mae", "rmse", "loss") if task == "regression" else ("accuracy", "loss", "balanced_accuracy", "f1", "roc_auc")
    has_validation = spec.split.validation > 0 or spec.split.column or getattr(spec.data, "validation_path", None)
    return [f"val_{name}" if has_validation else name for name in (names if has_validation else names[:2])]


def _close() -> None:
    st.session_state.pop(_OPEN, None)


@st.dialog(_("Sweep"), width="medium", on_dismiss=_close)
@guarded
def _form(spec: RunSpec) -> None:
    st.caption(_("Trains the draft again and again with other values of what you choose, and says which are best."))
    block, trouble = sweep_block(spec)
    sweep = None
    if block is not None:
        try:
            sweep = RunSpec.parse(spec.to_json() | {"sweep": block})
        except NnvizError as error:
            trouble = in_words(error).message
    if trouble:
        st.text(visible(trouble, limit=2 * LINE))
    count = min(int(block["trials"]), combinations(sweep) or MAX_TRIALS) if block is not None and sweep is not None else 0
    words = counted("Start {n} trial", "Start {n} trials", count) if sweep is not None else _("Start")
    if st.button(words, type="primary", icon=":material/tune:", key="sweep.start", disabled=sweep is None):
        st.session_state[_STARTED] = sweep
        _close()
        st.rerun()


def _values(path: str, param: Param, value: Any) -> dict[str, Any]:
    """The fields for the values of one field. Raises ValueError with what is missing."""
    key = f"sweep.values.{path}.{param.type}"
    choices = _choices(param)
    if choices:
        first = [choice for choice in dict.fromkeys([value, *choices[:3]]) if choice in choices]
        ticked = st.pills(label_for(path).capitalize(), choices, selection_mode="multi", default=first, key=key, format_func=str)
        if not ticked:
            raise ValueError(_("choose at least one"))
        return {"list": list(ticked)}
    way, text = suggested(param, value)
    ways = {"log": _("range, by factors"), "range": _("range"), "list": _("these values")}
    left, right = st.columns(2, vertical_alignment="bottom")
    chosen = left.selectbox(
        label_for(path).capitalize(), list(ways), index=list(ways).index(way), key=f"{key}.way", format_func=ways.__getitem__
    )
    typed = right.text_input(_("Values"), value=text, key=f"{key}.{chosen}", label_visibility="collapsed")
    return vary_of(chosen, typed, is_whole=param.type == "int")


def _choices(param: Param) -> Sequence[Any]:
    if param.type == "bool":
        return [False, True]
    return list(ACTIVATIONS) if param.type == "activation" else list(param.choices)


def _inside(param: Param, number: float) -> float:
    """The number, or the nearest one that the field takes."""
    low = param.minimum if param.minimum is not None else param.above
    high = param.maximum if param.maximum is not None else param.below
    number = number if low is None or number > low else low + (0 if param.minimum is not None else 1e-6)
    return number if high is None or number < high else high - (0 if param.maximum is not None else 0.01)


def _is_off(spec: RunSpec, path: str, param: Param) -> bool:
    """Whether a field is not for a form: one that is off unless somebody sets it, or differs over the copies of a Repeat."""
    value = value_at(spec.model_dump(mode="json", by_alias=True), path)
    return param.advanced or value is None or isinstance(value, dict)
