"""Catalog parameters as Streamlit widgets: for the optimizer, its schedule and the training settings."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from nnviz.catalog.entry import OptimizerEntry, ScheduleEntry
from nnviz.catalog.param import Param
from nnviz.catalog.updates import latex as update_latex, symbols as update_symbols
from nnviz.plain_text import LINE, markdown
from nnviz.ui.common.i18n import _


def is_rare(param: Param) -> bool:
    """Whether a parameter is put away under "Rarely changed"."""
    return param.advanced and not param.required


def label(param: Param) -> str:
    """`kernel_size` -> "Kernel size"."""
    return _(param.label) or param.name.replace("_", " ").capitalize()


def param_fields(params: Sequence[Param], values: Mapping[str, Any], *, key: str, columns: int = 2) -> dict[str, Any]:
    """Draw one widget for each parameter, the less used ones under "Rarely changed"; give the values that differ from their
    defaults, and all required ones. `values` are those to start from, `key` tells several groups of fields apart."""
    entered: dict[str, Any] = {}
    common = [param for param in params if not is_rare(param)]
    rare = [param for param in params if is_rare(param)]
    _draw(common, values, entered, key, columns)
    if rare:
        with st.expander(_("Rarely changed")):
            _draw(rare, values, entered, key, columns)
    return {name: value for name, value in entered.items() if name in values or value != _default(params, name)}


_SCHEDULE_SYMBOLS = {
    r"\eta_t": "the rate of step t",
    r"\eta_0": "the learning rate above",
    r"\eta_T": "the rate at the end",
    r"\alpha": "the smallest rate, as a share of the first",
    "T": "over how many steps it goes",
    "t": "the step, from 0",
}


def about(entry: OptimizerEntry | ScheduleEntry, values: Mapping[str, Any] | None = None) -> None:
    """What the chosen optimizer or schedule does, behind a press: in words, the formula (of an optimizer under the parameters
    `values`) with what its symbols are, all steps of it folded, and where it is from."""
    # no help on it: the words of one lie between the mouse and what the press opens
    with st.popover(
        _("What {name} does").format(name=markdown(entry.kind)), type="tertiary", key=f"about:{type(entry).__name__}"
    ):
        st.text(_(entry.help))
        if isinstance(entry, ScheduleEntry):
            for formula in entry.latex.split(r",\quad "):
                st.latex(formula)
            _symbols([(symbol, words) for symbol, words in _SCHEDULE_SYMBOLS.items() if _stands_in(symbol, entry.latex)])
            st.caption(_("The curve below: steps from left to right, the rate upwards."))
            return
        lines, symbols = update_latex(entry.kind, values or {}), update_symbols(entry.kind, values or {})
        words = momentum_words(entry, values or {})
        for formula, _sense in lines if words else lines[-1:]:
            st.markdown(rf"$\displaystyle {formula}$")
        if words:
            st.text(words)
        _symbols(symbols.plain)
        with st.expander(_("Exactly")):
            for formula, sense in lines:
                st.markdown(rf"$\displaystyle {formula}$" + f"  \n:gray[{markdown(_(sense), limit=LINE)}]")
            _symbols(symbols.more)
        st.caption(_("From: {source}").format(source=markdown(entry.reference, limit=LINE)))


def momentum_words(entry: OptimizerEntry, values: Mapping[str, Any]) -> str:
    """What the momentum of gradient descent is for, with its number; empty of optimizers without one.

    Equal gradients g make the velocity -lr g (1 + m + m^2 + ...), which comes to -lr g / (1 - m)."""
    params = {param.name: param.default for param in entry.params} | dict(values)
    momentum = params.get("momentum") if (entry.keras or entry.kind) == "SGD" else None
    if not momentum or not 0 < momentum < 1:
        return ""
    words = _("Steps that agree add up: with momentum {momentum:g}, to at most {times:.3g} times as far.")
    words += " " + _("Those that go to and fro cancel.")
    return words.format(momentum=momentum, times=1 / (1 - momentum))


def _symbols(symbols: Sequence[tuple[str, str]]) -> None:
    """What stands in a formula, in words."""
    st.markdown("  \n".join(f"${symbol}$ {markdown(_(words), limit=LINE)}" for symbol, words in symbols))


def _stands_in(symbol: str, latex: str) -> bool:
    return re.search(rf"(?<![A-Za-z\\]){re.escape(symbol)}(?![A-Za-z_])", latex) is not None


def number_format(value: float) -> str:
    """A printf format that shows the digits a number has, three at least: 0.01 -> "%.3f", 1e-7 -> "%.0e"."""
    if value and abs(value) < 1e-4:
        mantissa = f"{value:.6e}".split("e")[0].rstrip("0")
        return f"%.{len(mantissa.split('.')[1])}e"
    digits = len(f"{value:.9f}".rstrip("0").split(".")[1])
    return f"%.{max(digits, 3)}f"


def number_step(param: Param, value: float) -> float:
    """What one press of + or - adds: the parameter's own step, else one of the value's first digit (0.003 -> 0.001),
    a tenth of it for 1, 0.1, 0.01, ..., so that it can go down as well; less where that would leave the range."""
    if param.step is not None:
        if param.below is not None and value < param.below <= value + param.step:
            return float(f"1e{_order(param.below - value) - 1}")
        return float(param.step)
    if not value:
        return 0.001
    order = _order(value)
    return float(f"1e{order - 1 if abs(value) == float(f'1e{order}') else order}")


def _order(value: float) -> int:
    return math.floor(math.log10(abs(value)) + 1e-9)


def _default(params: Sequence[Param], name: str) -> Any:
    return next((param.default for param in params if param.name == name and not param.required), None)


def _draw(params: Sequence[Param], values: Mapping[str, Any], entered: dict[str, Any], key: str, columns: int) -> None:
    for start in range(0, len(params), columns):
        for column, param in zip(st.columns(columns), params[start : start + columns], strict=False):
            with column:
                entered[param.name] = _field(param, values.get(param.name, param.default), f"{key}:{param.name}")


def _field(param: Param, value: Any, key: str) -> Any:
    text, note = label(param), _(param.help)
    if param.type == "bool":
        return st.toggle(text, bool(value), help=note, key=key)
    if param.type == "choice":
        options: list[str | None] = [*([None] if param.optional else []), *param.choices]
        return st.selectbox(
            text,
            options,
            index=options.index(value),
            help=note,
            key=key,
            format_func=lambda choice: _("none") if choice is None else choice,
        )
    if param.type == "int":
        entered = st.number_input(
            text, value=None if value is None else int(value), step=int(param.step or 1), help=note, key=key
        )
        complain(param, entered)
        return entered
    if param.type in ("ints", "floats"):
        return _numbers(param, text, value, note, key)
    if param.type == "float":
        return _number(param, text, value, note, key)
    raise TypeError(f"{param.name}: there is no field for a parameter of type {param.type}")


def _numbers(param: Param, text: str, value: Any, note: str, key: str) -> Any:
    """A list as a line of text; one that cannot be read stays as it was, with the reason under it."""
    line = ", ".join(f"{number:g}" if param.type == "floats" else str(number) for number in value or ())
    written = st.text_input(text, line, help=note, key=key, placeholder=_("none") if param.optional else None).strip()
    if not written and param.optional:
        return None
    try:
        numbers: list[float] = param.check([float(part) for part in written.replace(";", ",").split(",") if part.strip()])
    except ValueError as error:
        st.caption(_("Numbers with commas between them. {why}").format(why=markdown(str(error), limit=LINE)))
        return list(value) if value else None
    return value if value is not None and list(value) == numbers else numbers


def _number(param: Param, text: str, value: float | None, note: str, key: str) -> float | None:
    current = st.session_state.get(key, value)
    shape = value if current is None else current
    entered = st.number_input(
        text,
        value=None if value is None else float(value),
        step=number_step(param, shape or 0.0),
        format=number_format(shape or 0.0),
        help=note,
        key=key,
        placeholder=_("none") if param.optional else None,
    )
    complain(param, entered)
    return entered


def whole_field(param: Param, value: int, *, key: str, title: str = "", **options: Any) -> int:
    """A field for a whole number, which says so where it is out of range. `options`: of `st.number_input`."""
    entered = int(st.number_input(title or label(param), value=value, key=key, **{"step": 1} | options))
    complain(param, entered)
    return entered


def complain(param: Param, value: float | None) -> bool:
    """Says at the field what is wrong with a number that is out of range; gives whether it is. Streamlit would only colour a
    field with bounds, and the page would go on with the number from before: so it has none, and a draft with such a number is
    not trained."""
    if value is None:
        return False
    try:
        param.check(value)
        return False
    except ValueError as error:
        words = str(error).removeprefix(f"{param.name} ")
        st.markdown(f":small[:red[{markdown(words[:1].upper() + words[1:], limit=LINE)}]]")
        return True
