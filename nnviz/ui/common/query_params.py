"""Choices that stand in the address under names that stay the same in every language. (Streamlit's own binding puts the
words that are shown there.)"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

MAX_ID = 64
"""Letters of a run's id in an address: no run has more."""


def show_run(run_id: str) -> None:
    """Puts a run into the address: what it says of another one (its moment, its place in a group) leaves it, the views that are
    open stay."""
    views = st.query_params.get("views")
    st.query_params.from_dict({"run": run_id} | ({"views": views} if views else {}))


@dataclass(frozen=True)
class _Held:
    """`text` is what was written into the address last; a new `version` makes a new widget, which starts with `start`.
    (To set the value of the old one is lost where the browser has not drawn it yet.)"""

    version: int = 0
    start: tuple[str, ...] = ()
    text: str | None = None


def choices_in_address(
    param: str,
    options: Sequence[str],
    *,
    key: str,
    default: Sequence[str],
    draw: Callable[[str, list[str]], Sequence[str] | str | None],
) -> list[str]:
    """Draw a widget for some of `options` and keep what is picked in the address as `?param=one,two`; the default leaves
    no trace there. `draw` makes the widget from its key and what it starts with; it is made anew where the address was
    changed by a link or by Back, or where the choice is no option any more."""
    state = f"{key}.address"
    held: _Held = st.session_state.get(state, _Held())
    asked = st.query_params.get(param, "")
    now = st.session_state.get(f"{key}.{held.version}")
    is_gone = now is None or any(option not in options for option in ([now] if isinstance(now, str) else now))
    if held.text != asked or is_gone:
        picked = [option for option in asked.split(",") if option in options] or list(default)
        held = _Held(held.version + 1, tuple(picked), asked)
    value = draw(f"{key}.{held.version}", list(held.start))
    chosen = [value] if isinstance(value, str) else list(value or default)
    text = "" if chosen == list(default) else ",".join(chosen)
    if text != asked:
        if text:
            st.query_params[param] = text
        else:
            del st.query_params[param]
    st.session_state[state] = replace(held, text=text)
    return chosen


def choice_in_address(param: str, options: Sequence[str], *, key: str, draw: Callable[[str, str], str | None]) -> str:
    """The same for one of `options`, the first of which is the default."""
    return choices_in_address(param, options, key=key, default=options[:1], draw=lambda name, start: draw(name, start[0]))[0]
