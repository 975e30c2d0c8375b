"""A data set that a worker reads, and that goes into the session's draft."""

from collections.abc import Mapping
from typing import Any

from nnviz.catalog import DATASETS
from nnviz.ui.common import session
from nnviz.ui.common.data_summary import report_of
from nnviz.ui.common.i18n import _
from nnviz.ui.common.upload import Uploaded
from nnviz.ui.common.worker_job import Answer, ask
from nnviz.ui.data.split import split_of


def file_block(uploaded: Uploaded, overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The spec's data block for an uploaded file; `overrides` are further fields of it (target, task, read, ...)."""
    return {"kind": "file", "path": uploaded.name, "sha256": uploaded.sha256} | dict(overrides or {})


def read(block: Mapping[str, Any], split: Mapping[str, Any], *, key: str) -> Answer | None:
    """What a data block holds; see the job `read`."""
    return ask("read", {"data": dict(block), "split": dict(split)}, key=key, saying=_("Reading the data"))


def use(block: Mapping[str, Any], contents: Mapping[str, Any]) -> None:
    """Puts a data set that was read into the session's draft."""
    known = session.Facts.of(contents["facts"])
    draft = session.draft()
    preset = DATASETS[block["name"]].preset if block["kind"] != "file" else "small_cnn" if len(known.shape) == 3 else "small"
    split = split_of(block)
    moved = session.with_data(draft, dict(block), known, preset=preset, report=report_of(contents))
    session.change_draft(**vars(moved) | {"split": split})
