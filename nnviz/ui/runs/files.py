"""Runs as files, and the room they take: export and import of a run, what is on the disk, and giving it back."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.plain_text import LINE, markdown, size_text, visible
from nnviz.store import Run, Store, Usage
from nnviz.stream import download
from nnviz.ui.common.boxes import error_box
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_names import whole_name
from nnviz.ui.common.upload import upload
from nnviz.ui.runs.disk import count_anew, usage_of

COUNTING_SECONDS = 1
_PACKED = "runs.packed"
_TAKEN = "runs.imported"
_OUTCOME = "runs.import_said"


@dataclass(frozen=True)
class PackedRun:
    """A packed run that waits in the store's blobs to be downloaded; `size` in bytes."""

    run_id: str
    sha256: str
    name: str
    size: int
    notes: tuple[str, ...]


def files_bar(chosen: Sequence[Run], *, store: Store) -> None:
    """Draw what is on the disk, and the buttons that export the chosen run, import one, and clear what was deleted."""
    usage = usage_of(store)
    if usage is None:
        st.fragment(_counting, run_every=COUNTING_SECONDS)(store)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _export(chosen[0] if len(chosen) == 1 else None, store)
        import_run(store)
        if (
            usage is not None
            and usage.deleted
            and st.button(
                _("Remove deleted runs for good"),
                icon=":material/delete_forever:",
                key="runs.purge",
                help=_("This cannot be undone. Otherwise they are removed after an hour."),
            )
        ):
            store.disk.purge(older_than=-1)
            st.session_state.pop("runs.deleted", None)
            count_anew(store)
            st.rerun()
        st.caption(
            usage_text(usage) if usage is not None else _("counting what is on the disk"),
            width="content",
            help=_(
                "A run counts with its numbers, its weights and the data files that no other run uses. Free space is reused by "
                "new runs, or returned to the disk once there is a lot of it."
            ),
        )


def _counting(store: Store) -> None:
    """Draws the page again once it is counted."""
    if usage_of(store) is not None:
        st.rerun()


def usage_text(usage: Usage) -> str:
    """What takes how much, in one line."""
    in_use = sum(usage.runs.values()) - usage.deleted
    parts = [_("{size} on the disk").format(size=size_text(usage.total)), _("runs {size}").format(size=size_text(in_use))]
    for size, words in (
        (usage.shared, _("shared data files {size}")),
        (usage.unused, _("files not used by a run {size}")),
        (usage.deleted, _("deleted {size}")),
        (usage.free, _("free {size}")),
    ):
        if size:
            parts.append(words.format(size=size_text(size)))
    return " · ".join(parts)


def import_run(store: Store) -> None:
    """Draw the button behind which a packed run is dropped; the run is chosen by its name in a line of words."""
    with st.popover(_("Import"), icon=":material/upload_file:", key="runs.import_open"):
        uploaded = upload(
            key="runs.import",
            title=_("Drop an exported run here"),
            note=_("A .nnviz file, from here or another machine; up to {limit}"),
        )
        if uploaded is not None and (uploaded.sha256, uploaded.number) != st.session_state.get(_TAKEN):
            st.session_state[_TAKEN] = (uploaded.sha256, uploaded.number)
            st.session_state[_OUTCOME] = _import(store, uploaded.sha256, uploaded.name)
            count_anew(store)
            # the table above was drawn before the run came
            st.rerun()
        outcome = st.session_state.get(_OUTCOME)
        if isinstance(outcome, NnvizError):
            error_box(outcome)
        elif outcome:
            st.text(outcome)


def _import(store: Store, sha256: str, name: str) -> NnvizError | str:
    with tempfile.TemporaryDirectory(prefix="nnviz-import-") as folder:
        path = Path(folder) / _file_name(name)
        try:
            with path.open("wb") as file:
                file.writelines(store.blobs.parts(sha256))
            unpacked = store.packs.unpack(path)
        except NnvizError as error:
            return error
    runs = store.runs.list_runs(ids=[unpacked.run_id])
    name = visible(whole_name(runs[0]) if runs else unpacked.name)
    if not unpacked.is_new:
        return _("The run {name} is here already.").format(name=name)
    if unpacked.run_id != unpacked.packed_id:
        return _("{name} was imported as {id}: another run here is called {was}.").format(
            name=name, id=unpacked.run_id, was=unpacked.packed_id
        )
    return _("{name} was imported.").format(name=name)


def _file_name(name: str) -> str:
    """The uploaded file's name, which messages about it give, as one that every file system takes."""
    return visible(name.replace("\\", "/").rsplit("/", 1)[-1])[:60].strip(". ") or "run"


def _export(run: Run | None, store: Store) -> None:
    if st.button(
        _("Export to a file"),
        icon=":material/archive:",
        key="runs.pack",
        disabled=run is None or not run.is_ended,
        help=_("The whole run in one file, to be imported on another machine: settings, curves, weights, data."),
    ):
        assert run is not None
        with st.spinner(_("Packing"), show_time=True), tempfile.TemporaryDirectory(prefix="nnviz-export-") as folder:
            path = Path(folder) / "run"
            made = store.packs.pack(run.id, path)
            st.session_state[_PACKED] = PackedRun(run.id, store.blobs.put_file(path), f"{run.id}.nnviz", made.size, made.notes)
    packed: PackedRun | None = st.session_state.get(_PACKED)
    if packed is not None and run is not None and packed.run_id == run.id:
        st.link_button(
            _("Download ({size})").format(size=size_text(packed.size)),
            download.url(packed.sha256, name=packed.name),
            icon=":material/download:",
            type="primary",
            help=markdown(" ".join(packed.notes), limit=4 * LINE) or None,
        )
