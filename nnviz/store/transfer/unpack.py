"""A packed run from elsewhere, which is not trusted: names, sizes, checksums and every row are checked before anything of it
is used. `nnviz.store.transfer.pack` describes the format."""

import base64
import binascii
import hashlib
import json
import os
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import IO, Any

from sqlalchemy import Column, Float, Integer, LargeBinary, String, Table

from nnviz.errors import RequestError
from nnviz.store import versions
from nnviz.store.files.blob_refs import hashes_in, run_tables
from nnviz.store.files.blobs import PART
from nnviz.store.json_text import NotJson, unique
from nnviz.store.records import Run
from nnviz.store.schema import groups, runs
from nnviz.store.transfer.foreign import SNAPSHOT, Rows, check_group, check_run, missing_file
from nnviz.store.transfer.old_rules import FIRST_SCHEMA, with_rules_of_old
from nnviz.store.transfer.weights import check_weights
from nnviz.store.values import number, words

FORMAT = "nnviz run"
VERSION = 1
MAX_BYTES = 4 << 30
"""The most that a file may hold once unpacked."""
MAX_FILES = 20_000
MAX_LINE = 32 << 20
"""Bytes of one row."""
BOMB_BYTES, BOMB_RATIO = 256 << 20, 150
"""Refused as a zip bomb: larger than this once unpacked, and so many times larger than packed, as no run is."""
_MAX_MANIFEST = 8 << 20
_MAX_DIRECTORY = 8 << 20
_MAX_TAIL = 66_000
BINARY = "base64"
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')


class PackedFile:
    """`check` reads all of it; the rest may be asked afterwards."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive, self.name = archive, name
        self.files: dict[str, dict[str, Any]] = {}
        self.specs: list[dict[str, Any]] = []
        """The specs of its run and, where it has one, of its group, once it has been checked."""
        self._referenced: set[str] = set()
        self._is_of_old_rules = False

    def check(self) -> dict[str, Any]:
        """The run's row, once names, sizes, checksums and every row have been found right. Raises RequestError."""
        entries = {entry.filename: entry for entry in self.archive.infolist()}
        if len(entries) != len(self.archive.infolist()) or len(entries) > MAX_FILES:
            raise self._wrong("it holds a file twice, or too many")
        if "manifest.json" not in entries or entries["manifest.json"].file_size > _MAX_MANIFEST:
            raise self._wrong("it has no manifest, so it is no packed run")
        manifest = self._manifest()
        self.files = manifest["files"]
        self._is_of_old_rules = str(manifest["schema"]) < FIRST_SCHEMA
        if set(self.files) != set(entries) - {"manifest.json"}:
            raise self._wrong("its files are not those that its manifest names")
        tables = {f"tables/{table.name}.jsonl": table for table in (groups, runs, *run_tables())}
        for name, entry in entries.items():
            kind, _slash, rest = name.partition("/")
            if (
                name != "manifest.json"
                and name not in tables
                and not ((kind == "blobs" and hashes_in([rest]) == {rest}) or (kind == "snapshots" and SNAPSHOT.fullmatch(rest)))
            ):
                raise self._wrong(f"it holds {name[:60]!r}, which is no part of a run")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self._wrong(f"{name} is compressed in a way that nnviz does not use")
            if name != "manifest.json" and entry.file_size != self.files[name]["size"]:
                raise self._wrong(f"{name} is not as long as its manifest says")
        self._check_sizes(sum(entry.compress_size for entry in entries.values()))
        for name, record in self.files.items():
            digest = hashlib.sha256()
            for part in self.parts(name):
                digest.update(part)
            if digest.hexdigest() != record["sha256"] or (name.startswith("blobs/") and name != f"blobs/{record['sha256']}"):
                raise self._wrong(f"the checksum of {name} is wrong: it was damaged or changed")
        rows = {table.name: list(islice(self.rows(table), 2)) for table in (groups, runs)}
        if len(rows["runs"]) != 1 or len(rows["groups"]) > 1:
            raise self._wrong("it does not hold exactly one run")
        row = rows["runs"][0]
        run = self._run(row, manifest)
        self.specs = [run.spec_json]
        if rows["groups"]:
            try:
                self.specs.append(check_group(rows["groups"][0], own=run.info.get("own", {})))
            except ValueError as error:
                raise self._wrong(f"its group cannot be read ({error})") from error
        cells = (value for table in rows.values() for one in table for value in one.values())
        self._referenced = self._check_rows() | hashes_in(cells)
        return row

    def check_blobs(self, has_blob: Callable[[str], bool]) -> None:
        """Whether its data is in it or, as `has_blob` says, in the store, and nothing else comes along. Raises RequestError."""
        blobs = set(self.blobs())
        for spec in self.specs:
            if field := missing_file(spec["data"], lambda sha256: sha256 in blobs or has_blob(sha256)):
                raise RequestError(
                    f"its data is a file of the computer where it was trained, and only its place is in it (data.{field})",
                    where=self.name,
                    remedy="Nothing was imported: a path of another computer is not opened here. Train it there "
                    "on a file that the store keeps (up to 1 GB), so that it has a sha256, and pack it again.",
                )
        if blobs - self._referenced:
            raise self._wrong("it holds a file that its run does not speak of")

    def _check_sizes(self, packed: int) -> None:
        total = sum(record["size"] for record in self.files.values())
        if total > MAX_BYTES:
            raise self._wrong(f"it would take {total / 2**30:.1f} GB, more than the {MAX_BYTES / 2**30:g} GB that are allowed")
        if total > BOMB_BYTES and total > BOMB_RATIO * packed:
            raise self._wrong(
                f"{packed / 1e6:.1f} MB would become {total / 1e6:,.0f} MB, more than the {BOMB_RATIO} times that are allowed"
            )

    def _check_rows(self) -> set[str]:
        """The blobs that the rows speak of."""
        hashes: set[str] = set()
        checks = Rows({name: self.files[f"snapshots/{name}"]["size"] for name in self.snapshots()})
        for table in run_tables():
            for row in self.rows(table):
                try:
                    checks.check(table, row)
                    hashes |= hashes_in(row.values())
                except (ValueError, KeyError, TypeError) as error:
                    raise self._wrong(f"a row of {table.name} cannot be read ({error})") from error
        try:
            checks.ended()
        except ValueError as error:
            raise self._wrong(str(error)) from error
        return hashes

    def blobs(self) -> list[str]:
        return [name.partition("/")[2] for name in self.files if name.startswith("blobs/")]

    def snapshots(self) -> list[str]:
        return [name.partition("/")[2] for name in self.files if name.startswith("snapshots/")]

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
        """The rows for a table; each has exactly values that fit its columns. Those of an older nnviz lack the newest,
        and its specs get the rules written in by which it read files."""
        name = f"tables/{table.name}.jsonl"
        if name not in self.files:
            return
        with self.archive.open(name) as file:
            while line := file.readline(MAX_LINE):
                try:
                    if line[-1:] != b"\n" and len(line) >= MAX_LINE:
                        raise ValueError(f"it is longer than {MAX_LINE >> 20} MB")
                    row = _row(line.decode())
                    if not isinstance(row, dict) or not set(row) <= set(table.c.keys()):
                        raise ValueError("columns that this nnviz does not know")
                    full = {
                        column.name: _value(column, row[column.name]) if column.name in row else _absent(column)
                        for column in table.columns
                    }
                    if self._is_of_old_rules and table in (groups, runs):
                        full["spec"] = with_rules_of_old(full["spec"])
                    yield full
                except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
                    raise self._wrong(f"a row of {table.name} cannot be read ({error})") from error

    def _manifest(self) -> dict[str, Any]:
        try:
            manifest = _row(self.archive.read("manifest.json").decode())
            if manifest["format"] != FORMAT:
                raise ValueError("of another format")
            newer = int(manifest["version"]) > VERSION or str(manifest["schema"]) > versions.HEAD
            for name, record in manifest["files"].items():
                if not (
                    isinstance(record["size"], int)
                    and record["size"] >= 0
                    and isinstance(record["sha256"], str)
                    and isinstance(name, str)
                    and name.isascii()
                ):
                    raise ValueError("files without sizes")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._wrong("its manifest cannot be read, so it is no packed run") from error
        if newer:
            raise RequestError(
                "it was packed by a newer nnviz",
                where=self.name,
                remedy="Update this nnviz (git pull, then pip install -r requirements.txt) and import it again.",
            )
        return dict(manifest)

    def _run(self, row: Mapping[str, Any], manifest: Mapping[str, Any]) -> Run:
        try:
            run = check_run(row)
        except (NotJson, KeyError, TypeError, RecursionError) as error:
            raise self._wrong(f"its run cannot be read ({error})") from error
        except ValueError as error:
            raise self._wrong(f"its run is not one that has ended and can be shown ({error})") from error
        if run.id != manifest["run"]:
            raise self._wrong("its run is not one that has ended and can be shown (its manifest names another)")
        if run.weights is not None:
            if run.weights not in self.blobs():
                raise self._wrong("it lacks the weights of its run")
            try:
                with self.archive.open(f"blobs/{run.weights}") as file:
                    check_weights(file, size=self.files[f"blobs/{run.weights}"]["size"])
            except ValueError as error:
                raise self._wrong(f"the weights of its run {error}") from error
        return run

    def _wrong(self, what: str) -> RequestError:
        return RequestError(what, where=self.name, remedy="Nothing was imported. Pack the run again where it comes from.")


def check_directory(file: IO[bytes]) -> None:
    """Whether the list of a zip's files is as long as one of `MAX_FILES` may be: `zipfile` reads it whole. Raises BadZipFile."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _MAX_TAIL))
    tail = file.read(_MAX_TAIL)
    end, large = tail.rfind(b"PK\5\6"), tail.rfind(b"PK\6\6")
    if end < 0:
        raise zipfile.BadZipFile("it has no list of files")
    (length,) = struct.unpack_from("<I", tail, end + 12)
    if length == 0xFFFFFFFF and large >= 0:
        (length,) = struct.unpack_from("<Q", tail, large + 40)
    if length > _MAX_DIRECTORY:
        raise zipfile.BadZipFile("it lists too many files")
    file.seek(0)


def _value(column: "Column[Any]", cell: Any) -> Any:
    """The value for a column. Raises ValueError, KeyError or TypeError where it is of another kind."""
    if cell is None and column.nullable:
        return None
    kind = column.type
    if isinstance(kind, LargeBinary):
        return base64.b64decode(cell[BINARY], validate=True)
    if isinstance(kind, Integer) and type(cell) is int and -(2**63) <= cell < 2**63:
        return cell
    if isinstance(kind, Float) and isinstance(cell, int | float) and not isinstance(cell, bool):
        return number(float(number(cell)))
    if isinstance(kind, String) and isinstance(cell, str) and (kind.length is None or len(cell) <= kind.length):
        return words(cell)
    raise ValueError(f"{column.name} is {str(cell)[:40]!r}")


def _absent(column: "Column[Any]") -> Any:
    """What stands for a column that an older nnviz did not have. Raises ValueError for one that every nnviz has."""
    if column.nullable:
        return None
    if column.default is None:
        raise ValueError(f"{column.name} is missing")
    return column.default.arg  # type: ignore[attr-defined]


def _row(line: str) -> Any:
    """A line of JSON whose lists and objects stand nowhere inside a third one, so that small ones do not become large."""
    plain = _STRING.sub("", line)
    if plain.count("{") + plain.count("[") > MAX_FILES + 100:
        raise ValueError("it holds too many lists")
    return json.loads(line, parse_constant=_no_number, object_pairs_hook=unique)


def _no_number(name: str) -> Any:
    raise ValueError(f"it holds {name}, no number")
