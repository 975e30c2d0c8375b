"""Separate files for the validation and test rows, beside the file to train on."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.plain_text import visible
from nnviz.ui.common.i18n import _
from nnviz.ui.common.upload import upload


def own_parts(block: Mapping[str, Any]) -> dict[str, Any]:
    """Draw the upload of both files for a file's data block; give the block with what was added or removed."""
    titles = {"validation": _("Validation rows"), "test": _("Test rows")}
    changed = dict(block)
    has_some = any(f"{part}_path" in block for part in titles)
    with st.expander(_("Separate files for validation or test rows"), expanded=has_some):
        st.caption(
            _("They need the columns of the training file. A part with its own file is not split off from the training rows.")
        )
        for column, (part, title) in zip(st.columns(2), titles.items(), strict=True):
            with column:
                _part(changed, part, title)
    return changed


def _part(changed: dict[str, Any], part: str, title: str) -> None:
    path, sha256, seen = f"{part}_path", f"{part}_sha256", f"nnviz.data.own.{part}"
    if path in changed:
        st.text(f"{title}: {visible(changed[path])}")
        if st.button(_("Remove"), icon=":material/close:", key=f"data.own.{part}.remove", type="tertiary"):
            for name in (path, sha256):
                changed.pop(name, None)
        return
    brought = upload(key=f"data.own.{part}", title=title, note=_("A file with the same columns, up to {limit}"))
    if brought is not None and st.session_state.get(seen) != brought:
        st.session_state[seen] = brought
        changed |= {path: brought.name, sha256: brought.sha256}
