"""The Compare page's elements that the browser draws (Components v2): names are the users' own, and are set as text there,
never as markup."""

from typing import Any

from nnviz.ui.common.script import component, messages

_ENTRY = "compare/comparison.js"
_mount = component("nnviz_comparison", _ENTRY, "compare/comparison.css")


def draw(data: dict[str, Any], *, key: str) -> tuple[str, str]:
    """Draw what `data["kind"]` says. Gives what was pressed and the run it was pressed for, or two empty strings."""
    pressed = _mount(key=key, data=data | {"messages": messages(_ENTRY)}, on_act_change=lambda: None).act
    return (str(pressed["what"]), str(pressed["run"])) if pressed else ("", "")
