"""Choices that stand in the address under names that stay the same in every language. (Streamlit's own binding puts the
words that are shown there.)"""

from collections.abc import Callable, Sequence

import streamlit as st


def choices_in_address(
    param: str, options: Sequence[str], *, key: str, default: Sequence[str], draw: Callable[[], Sequence[str] | str | None]
) -> list[str]:
    """Draw a widget for some of `options` and keep what is picked in the address as `?param=one,two`; the default leaves
    no trace there. `draw` makes the widget, with `key`; its value is set beforehand where the address was changed: by a
    link, or by Back."""
    seen = f"{key}.address"
    asked = st.query_params.get(param, "")
    held = st.session_state.get(key)
    is_stale = any(option not in options for option in ([held] if isinstance(held, str) else held or []))
    if key not in st.session_state or is_stale or asked != st.session_state.get(seen, ""):
        picked = [option for option in asked.split(",") if option in options] or list(default)
        st.session_state[key] = picked[0] if default else picked
    value = draw()
    found = [value] if isinstance(value, str) else list(value or default)
    text = "" if found == list(default) else ",".join(found)
    if text != asked:
        if text:
            st.query_params[param] = text
        else:
            del st.query_params[param]
    st.session_state[seen] = text
    return found


def choice_in_address(param: str, options: Sequence[str], *, key: str, draw: Callable[[], str | None]) -> str:
    """The same for one of `options`, the first of which is the default."""
    return choices_in_address(param, options, key=key, default=options[:1], draw=draw)[0]
