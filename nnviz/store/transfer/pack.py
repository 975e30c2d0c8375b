"""A run as one file, and back, here or on another machine: `pack` and `unpack`.

The file is a zip: `manifest.json` (what it is, sizes and checksums), `tables/NAME.jsonl` (a row a line, bytes in base64),
`blobs/SHA256` and `snapshots/FILE`. Which tables come along is read from the schema: every one whose rows belong to a run. A
file is not trusted, wherever it comes from: nothing is written before all of it has been checked.
"""

import base64
import contextlib
import errno
import hashlib
import json
import re
import shutil
import struct
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import SQLAlchemyError

from nnviz.errors import RequestError, StoreFull
from nnviz.spec.reading import open_regular
from nnviz.store import versions
from nnviz.store.database import Database
from nnviz.store.files.blob_refs import hashes_in, run_tables
from nnviz.store.files.blobs import PART, Blobs
from nnviz.store.runs.notices import pass_over
from nnviz.store.runs.run_rows import fresh_id
from nnviz.store.runs.runs import Runs
from nnviz.store.runs.snapshots import Snapshots, write_whole
from nnviz.store.schema import groups, runs, snapshots
from nnviz.store.transfer.new_file import new_file
from nnviz.store.transfer.unpack import BINARY, FORMAT, VERSION, PackedFile, check_directory

_BATCH = 500
_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """What was written: its `size` in bytes, how many `blobs` are in it, and `notes` on what it does not hold, for the user."""

    size: int
    blobs: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unpacked:
    """`run_id`: the run in this store, called `name`; `packed_id`: its id where it was packed; `is_new` is False where this
    very run was here already."""

    run_id: str
    packed_id: str
    name: str
    is_new: bool


class Packing:
    """Runs of a store as files."""

    def __init__(self, db: Database, runs: Runs, snapshots: Snapshots, blobs: Blobs) -> None:
        self.db, self.runs, self.snapshots, self.blobs = db, runs, snapshots, blobs

    def pack(self, run_id: str, path: Path) -> Packed:
        """Writes a run with all that belongs to it: settings, numbers, events, frames, encoder, weights, the data file it
        was trained on. Raises NotFound, and RequestError while it still trains."""
        run = self.runs.get(run_id)
        if not run.is_ended:
            raise RequestError(
                f"the run is {run.status}, so it would be packed half",
                where=run.id,
                remedy="Stop it, or wait until it has ended.",
            )
        files: dict[str, dict[str, Any]] = {}
        wanted: set[str] = set()
        with new_file(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive, self.db.read() as connection:
            for table in (groups, runs, *run_tables()):
                which = {"groups": groups.c.id == run.group, "runs": runs.c.id == run.id}.get(table.name)
                query = select(table).where(table.c.run == run.id if which is None else which)
                keys = list(table.primary_key.columns)
                with _Written(archive, f"tables/{table.name}.jsonl", files) as file:
                    for row in connection.execution_options(stream_results=True).execute(query.order_by(*keys)):
                        file.write(json.dumps(_plain(row._mapping)).encode() + b"\n")
                        wanted |= hashes_in(row)
            included = [sha256 for sha256 in sorted(wanted) if self.blobs.has(sha256)]
            for sha256 in included:
                with _Written(archive, f"blobs/{sha256}", files) as file:
                    for part in self.blobs.parts(sha256):
                        file.write(part)
            theirs = select(snapshots.c.file).where(snapshots.c.run == run.id).distinct()
            for name in sorted(connection.execute(theirs).scalars()):
                source = self.snapshots.folder / run.id / name
                if source.is_file():
                    with _Written(archive, f"snapshots/{name}", files) as file, source.open("rb") as content:
                        while part := content.read(PART):
                            file.write(part)
            archive.writestr(
                "manifest.json",
                json.dumps(
                    {
                        "format": FORMAT,
                        "version": VERSION,
                        "schema": versions.HEAD,
                        "run": run.id,
                        "name": run.name,
                        "packed": time.time(),
                        "files": files,
                    },
                    indent=1,
                ),
            )
        return Packed(path.stat().st_size, len(included), tuple(_left_out(run.spec_json)))

    def unpack(self, path: Path) -> Unpacked:
        """Puts a packed run into this store, under its own id or, where another run has that, a new one. Raises
        RequestError for what is no such file, is damaged, too large or of a newer nnviz; then nothing has changed."""
        try:
            with open_regular(path) as file:
                check_directory(file)
                with zipfile.ZipFile(file) as archive:
                    return self._unpack(PackedFile(archive, path.name))
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StoreFull.at(str(self.snapshots.folder)) from error
            raise RequestError(
                f"the file cannot be read ({error.strerror or 'it was damaged'})",
                where=path.name,
                remedy="Pack the run again (python -m nnviz pack RUN -o FILE) and copy the whole file.",
            ) from error
        except (
            zipfile.BadZipFile,
            zipfile.LargeZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            struct.error,
            RuntimeError,
            ValueError,
            MemoryError,
        ) as error:
            raise RequestError(
                "this is no packed run, or it was damaged on its way",
                where=path.name,
                remedy="Pack the run again (python -m nnviz pack RUN -o FILE) and copy the whole file.",
            ) from error

    def _unpack(self, packed: PackedFile) -> Unpacked:
        row = packed.check()
        packed_id, name = str(row["id"]), str(row["name"])
        with self.db.read() as connection:
            here = _the_same(connection, row)
        if here is not None:
            self.runs.restore([packed_id])
            return Unpacked(packed_id, packed_id, name, is_new=False)
        packed.check_blobs(self.blobs.has)
        fresh: dict[str, float] = {}
        folder: Path | None = None
        try:
            self._put_blobs(packed, fresh)
            with self.db.write() as connection:
                if _the_same(connection, row) is not None:
                    return Unpacked(packed_id, packed_id, name, is_new=False)
                run_id = _free_id(connection, runs, packed_id)
                group_id = self._group(connection, packed, row)
                connection.execute(
                    insert(runs).values(row | {"id": run_id, "group_id": group_id, "pid": None, "deleted": None, "pinned": None})
                )
                for table in run_tables():
                    self._rows(connection, packed, table, run_id)
                pass_over(connection, run_id)
                folder = self.snapshots.folder / run_id
                for file_name in packed.snapshots():
                    write_whole(folder / file_name, packed.parts(f"snapshots/{file_name}"))
        except BaseException as error:
            # a failed import leaves nothing behind
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
            with contextlib.suppress(Exception):
                self.blobs.take_back(fresh)
            if isinstance(error, SQLAlchemyError):
                raise RequestError("its rows do not fit together", where=packed.name, remedy="Pack the run again.") from error
            raise
        return Unpacked(run_id, packed_id, name, is_new=True)

    def _put_blobs(self, packed: PackedFile, fresh: dict[str, float]) -> None:
        """Stores the blobs that are missing; adds each to `fresh`, with the time when it was put."""
        for sha256 in packed.blobs():
            if not self.blobs.has(sha256):
                with tempfile.TemporaryDirectory(prefix="nnviz-unpack-") as folder:
                    part = Path(folder) / "blob"
                    with part.open("wb") as file:
                        file.writelines(packed.parts(f"blobs/{sha256}"))
                    self.blobs.put_file(part)
                    fresh[sha256] = self.blobs.put_at(sha256)

    def _group(self, connection: Connection, packed: PackedFile, row: Mapping[str, Any]) -> str | None:
        """The id of the group that the run joins: the very one it was in, else one of its own."""
        group = next(packed.rows(groups), None)
        if group is None or row["group_id"] is None:
            return None
        same = connection.execute(
            select(groups.c.spec).where(groups.c.id == group["id"], groups.c.created == group["created"])
        ).scalar_one_or_none()
        if same == group["spec"]:
            return str(group["id"])
        group_id = _free_id(connection, groups, str(group["id"]))
        connection.execute(insert(groups).values(group | {"id": group_id}))
        return group_id

    def _rows(self, connection: Connection, packed: PackedFile, table: Table, run_id: str) -> None:
        numbered = table.autoincrement_column
        batch: list[dict[str, Any]] = []
        for row in packed.rows(table):
            if numbered is not None:
                del row[numbered.name]
            batch.append(row | {"run": run_id})
            if len(batch) == _BATCH:
                connection.execute(insert(table), batch)
                batch = []
        if batch:
            connection.execute(insert(table), batch)


class _Written:
    """One file of an archive while it is written; its size and checksum go into `files`."""

    def __init__(self, archive: zipfile.ZipFile, name: str, files: dict[str, dict[str, Any]]) -> None:
        self.name, self.files, self.size, self.digest = name, files, 0, hashlib.sha256()
        info = zipfile.ZipInfo(name, _DAY)
        info.compress_type = zipfile.ZIP_DEFLATED
        self.file: IO[bytes] = archive.open(info, "w", force_zip64=True)

    def __enter__(self) -> "_Written":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.files[self.name] = {"size": self.size, "sha256": self.digest.hexdigest()}

    def write(self, part: bytes) -> None:
        self.size += len(part)
        self.digest.update(part)
        self.file.write(part)


def _the_same(connection: Connection, row: Mapping[str, Any]) -> str | None:
    """The run's id where the store has this very run already."""
    stored = connection.execute(select(runs).where(runs.c.id == row["id"])).one_or_none()
    same = stored is not None and all(stored._mapping[name] == row[name] for name in ("created", "spec", "weights", "step"))
    return str(row["id"]) if same else None


def _free_id(connection: Connection, table: Table, wanted: str) -> str:
    taken = connection.execute(select(table.c.id).where(table.c.id == wanted)).one_or_none() is not None
    return wanted if not taken and re.fullmatch(r"[0-9A-Za-z-]{1,32}", wanted) else fresh_id()


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        str(name): {BINARY: base64.b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value
        for name, value in row.items()
    }


def _left_out(spec: Mapping[str, Any]) -> Iterator[str]:
    data = spec.get("data", {})
    if data.get("kind") == "file" and not data.get("sha256"):
        yield (
            f"The data file {data.get('path')} is not in it: the run kept only its place. Another computer opens no such "
            "place, so there it cannot be imported."
        )
