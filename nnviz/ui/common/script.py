"""Page elements that the browser draws (Streamlit's Components v2). Streamlit takes a script as text and makes a module of it
that has no address to import from: what it gets is a short one that loads the real module by its hashed route
(`browser/common/element.js`)."""

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

from nnviz.stream import assets
from nnviz.ui.common.i18n import _, for_script

# All modules are asked for at once.
_LOADER = """
const modules = %s;
for (const href of modules) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
}
export default element(() => import(new URL(modules[0], location.origin).href), %s);
"""


def component(name: str, entry: str, style: str, *, isolate_styles: bool = True) -> Callable[..., Any]:
    """Registers an element under `name`; to be called when a module is loaded: an element that is first registered during a
    run of a page may be missing from it. `entry`, `style`: its module and style sheet, as "upload/upload.js"; the module's
    default export is called with Streamlit's {data, parentElement, setStateValue, setTriggerValue} at every rerun, and may
    answer with a function that is called when the element leaves the page."""
    failed = _("This part of the page did not load. Reload the page.")
    loader = assets.text("common/element.js") + _LOADER % (
        json.dumps([assets.url(module) for module in assets.modules(entry)]),
        json.dumps(failed),
    )
    return st.components.v2.component(name, js=loader, css=assets.text(style), isolate_styles=isolate_styles)


def messages(entry: str) -> dict[str, str]:
    """What the element's scripts need to speak the user's language."""
    return for_script(assets.source(entry))
