"""Where a file is dropped or picked. The browser sends it straight to the server's disk (see `nnviz.stream.upload`), so its
size costs neither this process nor the session anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnviz.stream.upload import max_bytes
from nnviz.ui.common.i18n import _
from nnviz.ui.common.script import component, messages

_ENTRY = "upload/upload.js"
_mount = component("nnviz_upload", _ENTRY, "upload/upload.css")


@dataclass(frozen=True)
class Uploaded:
    """A file in the store's blobs; `size` in bytes. `number` tells one upload from the next, even of the same file."""

    sha256: str
    name: str
    size: int
    number: int = 0


def upload(*, key: str, title: str = "", note: str = "") -> Uploaded | None:
    """Draws the place to drop a file; gives the last one that came, or None. `title`: what it says, `note`: what it takes
    ({limit}: the largest size)."""
    data = {
        "title": title or _("Drop a file here"),
        "limit": max_bytes(),
        "messages": messages(_ENTRY),
        "note": note or _("CSV, TSV, JSON records, Parquet, .npz, or a zip of images, a folder for each class; up to {limit}"),
        "stored": _stored_file(st.session_state.get(key)),
    }
    state = _mount(key=key, data=data, on_file_change=lambda: None)
    stored = _stored_file(state)
    return Uploaded(stored["sha256"], stored["name"], stored["size"], stored.get("time", 0)) if stored else None


def _stored_file(state: Any) -> dict[str, Any] | None:
    """What the browser said it uploaded, if it is of the form that it should have."""
    file = state.get("file") if isinstance(state, Mapping) else getattr(state, "file", None)
    if not isinstance(file, Mapping):
        return None
    sha256, name, size = file.get("sha256"), file.get("name"), file.get("size")
    if not (isinstance(sha256, str) and len(sha256) == 64 and isinstance(name, str) and isinstance(size, int)):
        return None
    time = file.get("time")
    return {"sha256": sha256, "name": name, "size": size, "time": time if isinstance(time, int) else 0}
