"""A run as one file, and back, here or on another machine: `pack` and `unpack`.

The file is a zip: `manifest.json` (what it is, sizes and checksums), `tables/NAME.jsonl` (a row a line, bytes in base64)
and `blobs/SHA256`. Which tables come along is read from the schema: every one whose rows belong to a run. A file that
comes from anywhere is read as what it is, foreign: nothing is written before all of it has been checked.
"""

import base64
import binascii
import hashlib
import json
import re
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

from sqlalchemy import Column, Connection, Float, Integer, LargeBinary, String, Table, insert, select
from sqlalchemy.exc import DBAPIError

from nnviz.errors import RequestError
from nnviz.store import versions
from nnviz.store.blobs import PART, Blobs
from nnviz.store.database import Database
from nnviz.store.references import in_words, run_tables
from nnviz.store.runs import Runs, _fresh_id, _record
from nnviz.store.schema import groups, runs

FORMAT = "nnviz run"
VERSION = 1
SUFFIX = ".nnviz"
MAX_BYTES = 4 << 30
"""The most that a file may hold once unpacked."""
MAX_FILES = 20_000
MAX_LINE = 64 << 20
_MAX_MANIFEST = 8 << 20
_BINARY = "base64"
_BATCH = 500
_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """What was written: its size in bytes, the blobs in it, and what it does not hold, in words."""

    size: int
    blobs: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unpacked:
    """`run_id`: the run in this store; `packed_id`: what it was called where it was packed; `is_new` is False where this
    very run was here already."""

    run_id: str
    packed_id: str
    name: str
    is_new: bool


class Packing(Runs, Blobs):
    """Runs of a store as files."""

    db: Database

    def pack(self, run_id: str, path: Path) -> Packed:
        """Writes a run with all that belongs to it: settings, numbers, events, frames, encoder, weights, the data file it
        was trained on. Raises NotFound, and RequestError while it still trains."""
        run = self.run(run_id)
        if not run.is_ended:
            raise RequestError(f"the run is {run.status}, so it would be packed half", where=run.id,
                               remedy="Stop it, or wait until it has ended.")
        files: dict[str, dict[str, Any]] = {}
        wanted: set[str] = set()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, self.db.read() as connection:
            for table in (groups, runs, *run_tables()):
                which = {"groups": groups.c.id == run.group, "runs": runs.c.id == run.id}.get(table.name)
                query = select(table).where(table.c.run == run.id if which is None else which)
                keys = list(table.primary_key.columns)
                with _Written(archive, f"tables/{table.name}.jsonl", files) as file:
                    for row in connection.execution_options(stream_results=True).execute(query.order_by(*keys)):
                        file.write(json.dumps(_plain(row._mapping)).encode() + b"\n")
                        wanted |= in_words(row)
            kept = [sha256 for sha256 in sorted(wanted) if self.has_blob(sha256)]
            for sha256 in kept:
                with _Written(archive, f"blobs/{sha256}", files) as file:
                    for part in self.blob_parts(sha256):
                        file.write(part)
            archive.writestr("manifest.json", json.dumps({
                "format": FORMAT, "version": VERSION, "schema": versions.HEAD, "run": run.id, "name": run.name,
                "packed": time.time(), "files": files}, indent=1))
        return Packed(path.stat().st_size, len(kept), tuple(_left_out(run.spec_json)))

    def unpack(self, path: Path) -> Unpacked:
        """Puts a packed run into this store, under its own id or, where another run has that, a new one. Raises
        RequestError for what is no such file, is damaged, too large or of a newer nnviz; then nothing has changed."""
        try:
            with zipfile.ZipFile(path) as archive:
                return self._unpack(_Read(archive, path.name))
        except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError,
                RuntimeError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise RequestError("this is no packed run, or it was damaged on its way", where=path.name,
                               remedy="Pack the run again (python -m nnviz pack RUN -o FILE) and copy the whole file.") from error

    def _unpack(self, given: "_Read") -> Unpacked:
        row = given.check()
        packed_id, name = str(row["id"]), str(row["name"])
        with self.db.read() as connection:
            here = _the_same(connection, row)
        if here is not None:
            self.restore_runs([packed_id])
            return Unpacked(packed_id, packed_id, name, is_new=False)
        for sha256 in given.blobs():
            if not self.has_blob(sha256):
                with tempfile.TemporaryDirectory(prefix="nnviz-unpack-") as folder:
                    part = Path(folder) / "blob"
                    with part.open("wb") as file:
                        file.writelines(given.parts(f"blobs/{sha256}"))
                    self.put_file(part)
        try:
            with self.db.write() as connection:
                if _the_same(connection, row) is not None:
                    return Unpacked(packed_id, packed_id, name, is_new=False)
                run_id = _free_id(connection, runs, packed_id)
                group_id = self._group(connection, given, row)
                connection.execute(insert(runs).values(
                    row | {"id": run_id, "group_id": group_id, "pid": None, "deleted": None, "pinned": None}))
                for table in run_tables():
                    self._rows(connection, given, table, run_id)
        except DBAPIError as error:
            raise RequestError(f"its rows do not fit together ({error.orig})", where=given.name,
                               remedy="Pack the run again.") from error
        return Unpacked(run_id, packed_id, name, is_new=True)

    def _group(self, connection: Connection, given: "_Read", row: Mapping[str, Any]) -> str | None:
        """The id of the group that the run joins: the very one it was in, else one of its own."""
        found = next(given.rows(groups), None)
        if found is None or row["group_id"] is None:
            return None
        same = connection.execute(select(groups.c.spec).where(
            groups.c.id == found["id"], groups.c.created == found["created"])).scalar_one_or_none()
        if same == found["spec"]:
            return str(found["id"])
        group_id = _free_id(connection, groups, str(found["id"]))
        connection.execute(insert(groups).values(found | {"id": group_id}))
        return group_id

    def _rows(self, connection: Connection, given: "_Read", table: Table, run_id: str) -> None:
        numbered = table.autoincrement_column
        batch: list[dict[str, Any]] = []
        for row in given.rows(table):
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


class _Read:
    """A packed run that somebody gave us. `check` reads all of it before anything is believed."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive, self.name = archive, name
        self.files: dict[str, dict[str, Any]] = {}

    def check(self) -> dict[str, Any]:
        """The run's row, once names, sizes, checksums and every row have been found right. Raises RequestError."""
        entries = {entry.filename: entry for entry in self.archive.infolist()}
        if len(entries) != len(self.archive.infolist()) or len(entries) > MAX_FILES:
            raise self._wrong("it holds a file twice, or too many")
        if "manifest.json" not in entries or entries["manifest.json"].file_size > _MAX_MANIFEST:
            raise self._wrong("it has no manifest, so it is no packed run")
        manifest = self._manifest()
        self.files = manifest["files"]
        if set(self.files) != set(entries) - {"manifest.json"}:
            raise self._wrong("its files are not those that its manifest names")
        tables = {f"tables/{table.name}.jsonl": table for table in (groups, runs, *run_tables())}
        for name, entry in entries.items():
            kind, _slash, rest = name.partition("/")
            if name != "manifest.json" and name not in tables and not (kind == "blobs" and in_words([rest]) == {rest}):
                raise self._wrong(f"it holds {name[:60]!r}, which is no part of a run")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self._wrong(f"{name} is compressed in a way that nnviz does not use")
            if name != "manifest.json" and entry.file_size != self.files[name]["size"]:
                raise self._wrong(f"{name} is not as long as its manifest says")
        total = sum(found["size"] for found in self.files.values())
        if total > MAX_BYTES:
            raise self._wrong(f"it would take {total / 2**30:.1f} GB, more than the {MAX_BYTES / 2**30:g} GB that are allowed")
        for name, said in self.files.items():
            digest = hashlib.sha256()
            for part in self.parts(name):
                digest.update(part)
            if digest.hexdigest() != said["sha256"] or (name.startswith("blobs/") and name != f"blobs/{said['sha256']}"):
                raise self._wrong(f"the checksum of {name} is wrong: it was damaged or changed")
        counts = {name: sum(1 for _row in self.rows(table)) for name, table in tables.items() if name in self.files}
        if counts.get("tables/runs.jsonl") != 1 or counts.get("tables/groups.jsonl", 0) > 1:
            raise self._wrong("it does not hold exactly one run")
        return self._run_row(manifest)

    def blobs(self) -> list[str]:
        return [name.partition("/")[2] for name in self.files if name.startswith("blobs/")]

    def parts(self, name: str) -> Iterator[bytes]:
        """A file's bytes in parts, no more of them than its manifest says."""
        left = self.files[name]["size"]
        with self.archive.open(name) as file:
            while part := file.read(PART):
                left -= len(part)
                if left < 0:
                    raise self._wrong(f"{name} is longer than its manifest says")
                yield part
        if left:
            raise self._wrong(f"{name} is shorter than its manifest says")

    def rows(self, table: Table) -> Iterator[dict[str, Any]]:
        """The rows for a table; each has exactly values that fit its columns. Those of an older nnviz lack the newest."""
        name = f"tables/{table.name}.jsonl"
        if name not in self.files:
            return
        with self.archive.open(name) as file:
            while line := file.readline(MAX_LINE):
                try:
                    row = json.loads(line)
                    if not isinstance(row, dict) or not set(row) <= set(table.c.keys()):
                        raise ValueError("columns that this nnviz does not know")
                    yield {column.name: _value(column, row[column.name]) for column in table.columns if column.name in row}
                except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
                    raise self._wrong(f"a row of {table.name} cannot be read ({error})") from error

    def _manifest(self) -> dict[str, Any]:
        try:
            found = json.loads(self.archive.read("manifest.json"))
            if found["format"] != FORMAT:
                raise ValueError("of another format")
            newer = int(found["version"]) > VERSION or str(found["schema"]) > versions.HEAD
            for name, said in found["files"].items():
                if not (isinstance(said["size"], int) and said["size"] >= 0 and isinstance(said["sha256"], str)
                        and isinstance(name, str)):
                    raise ValueError("files without sizes")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._wrong("its manifest cannot be read, so it is no packed run") from error
        if newer:
            raise RequestError("it was packed by a newer nnviz", where=self.name,
                               remedy="Update this nnviz (git pull, then pip install -r requirements.txt) and import it again.")
        return dict(found)

    def _run_row(self, manifest: Mapping[str, Any]) -> dict[str, Any]:
        row = next(self.rows(runs))
        try:
            values: Any = SimpleNamespace(**({column.name: None for column in runs.columns} | row))
            made = _record(values)
            documents = (made.spec_json, made.info, made.metrics, made.best, json.loads(row.get("encoder") or "{}"))
            fits = made.is_ended and made.id == manifest["run"] and all(isinstance(found, dict) for found in documents)
            numbers = [*made.metrics.values(), *made.best.values()]
            fits = fits and all(isinstance(value, int | float) for value in numbers)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._wrong("its run cannot be read") from error
        if not fits:
            raise self._wrong("its run is not one that has ended")
        if row.get("weights") and row["weights"] not in self.blobs():
            raise self._wrong("it lacks the weights of its run")
        return row

    def _wrong(self, what: str) -> RequestError:
        return RequestError(what, where=self.name, remedy="Nothing was imported. Pack the run again where it comes from.")


def _the_same(connection: Connection, row: Mapping[str, Any]) -> str | None:
    """The id where the store holds this very run already."""
    found = connection.execute(select(runs).where(runs.c.id == row["id"])).one_or_none()
    same = found is not None and all(found._mapping[name] == row[name] for name in ("created", "spec", "weights", "step"))
    return str(row["id"]) if same else None


def _free_id(connection: Connection, table: Table, wanted: str) -> str:
    taken = connection.execute(select(table.c.id).where(table.c.id == wanted)).one_or_none() is not None
    return wanted if not taken and re.fullmatch(r"[0-9A-Za-z-]{1,32}", wanted) else _fresh_id()


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): {_BINARY: base64.b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value
            for name, value in row.items()}


def _value(column: "Column[Any]", given: Any) -> Any:
    """The value for a column. Raises ValueError, KeyError or TypeError where it is of another kind."""
    if given is None and column.nullable:
        return None
    kind = column.type
    if isinstance(kind, LargeBinary):
        return base64.b64decode(given[_BINARY], validate=True)
    if isinstance(kind, Integer) and type(given) is int and -2**63 <= given < 2**63:
        return given
    if isinstance(kind, Float) and isinstance(given, int | float) and not isinstance(given, bool):
        return float(given)
    if isinstance(kind, String) and isinstance(given, str) and (kind.length is None or len(given) <= kind.length):
        return given
    raise ValueError(f"{column.name} is {str(given)[:40]!r}")


def _left_out(spec: Mapping[str, Any]) -> Iterator[str]:
    data = spec.get("data", {})
    if data.get("kind") == "file" and not data.get("sha256"):
        yield f"The data file {data.get('path')} is not in it: the run kept only its place."
