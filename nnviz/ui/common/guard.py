"""What a visitor sees where something goes wrong while a page is drawn: our own errors in words, anything else as a number
under which it stands in the log. Never a trace."""

import functools
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import streamlit as st
from streamlit.errors import FragmentHandledException

from nnviz.errors import NnvizError, Unexpected
from nnviz.ui.common.boxes import error_box
from nnviz.ui.common.i18n import _

_SEEN = "nnviz.unexpected"
MOST_SEEN = 50
P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def guard() -> Iterator[None]:
    """Around what draws: an exception ends it, with a box that says why. Streamlit's own signals (rerun, stop) are no
    exceptions of this kind and pass."""
    try:
        yield
    except FragmentHandledException:
        raise  # has been said where it happened
    except Exception as error:
        say(error)


def guarded(draw: Callable[P, T]) -> Callable[P, T | None]:
    """A fragment or dialog that ends like `guard`: Streamlit runs these by themselves, outside of the page's call."""

    @functools.wraps(draw)
    def inside(*args: P.args, **options: P.kwargs) -> T | None:
        with guard():
            return draw(*args, **options)
        return None

    return inside


def say(error: Exception) -> bool:
    """Draws the box, and writes what is not ours into the log. Also Streamlit's hook for what nobody caught, as in a
    button's callback: True says that the error has been shown."""
    error_box(error if isinstance(error, NnvizError) else _logged(error))
    return True


def _logged(error: Exception) -> Unexpected:
    """One number a session for the same fault, so that a part that refreshes by itself does not fill the log."""
    frames = traceback.extract_tb(error.__traceback__)
    place = (type(error).__name__, *((frame.filename, frame.lineno) for frame in frames[-3:]))
    seen: dict[Any, Unexpected] = st.session_state.setdefault(_SEEN, {})
    if place not in seen:
        if len(seen) >= MOST_SEEN:
            seen.clear()
        seen[place] = Unexpected.logged(error, where=_("this page"))
    return seen[place]
