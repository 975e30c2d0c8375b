"""The look that all pages share: what cannot stand in `.streamlit/config.toml`, where colours and fonts are."""

import importlib

import plotly.graph_objects as go
import streamlit as st

from nnviz.plain_text import html
from nnviz.ui.common.i18n import _

# As text rather than the name of an icon or emoji, which browsers would fetch from another host.
ICON = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2563eb"/>
<path d="M9 9 23 16 9 23M9 9v14" fill="none" stroke="#fff" stroke-opacity=".55" stroke-width="1.6"/>
<circle cx="9" cy="9" r="3.4" fill="#fff"/><circle cx="9" cy="23" r="3.4" fill="#fff"/>
<circle cx="23" cy="16" r="3.8" fill="#f97316"/></svg>
""".strip()
_STYLE = """
<style>
[data-testid=stHeaderActionElements] a { display: none; }
.stMainBlockContainer { padding-top: 3.9rem; padding-bottom: 2rem; max-width: 1500px; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; }
  /* the buttons for chosen runs are one row, of those that can be pressed */
  .st-key-runs_actions { flex-wrap: nowrap; overflow-x: auto; }
  .st-key-runs_actions > * { flex: none; }
  .st-key-runs_actions > :has(button:disabled) { display: none; }
}
/* on a phone the pages stand behind this button: it says so */
[data-testid=stExpandSidebarButton] { width: auto; padding: 0 .6rem; color: inherit; }
[data-testid=stExpandSidebarButton] > span { display: none; }
[data-testid=stExpandSidebarButton]::before { content: "\N{TRIGRAM FOR HEAVEN}\N{EN SPACE}MENU"; font-size: 1rem; }
/* white on the light blue of the dark theme cannot be read */
button[kind^=primary]:not(:disabled) { color: light-dark(#fff, #0e131a); }
</style>
"""


def set_up(title: str = "nnviz") -> None:
    """The page's title, icon and width; to be called before anything is drawn."""
    # Two sessions that start together would draw with plotly while the other one still loads pandas, and plotly takes what it
    # finds of it for the whole.
    importlib.import_module("pandas")
    st.set_page_config(page_title=title, page_icon=ICON, layout="wide", initial_sidebar_state="collapsed")
    st.html(_STYLE.replace("MENU", html(_("Menu"))))


def heading(words: str, anchor: str) -> None:
    """A heading of the page. The anchor is given, though no link to it is shown: Streamlit's script would make one up out of
    the words at every redrawing, 20 ms each."""
    st.subheader(words, anchor=anchor)


def show(figure: go.Figure, *, key: str) -> None:
    """Draws a figure in the page's theme, as wide as its place, without plotly's bar of buttons."""
    st.plotly_chart(figure, width="stretch", theme="streamlit", config={"displayModeBar": False, "scrollZoom": False}, key=key)
