"""A packed run that somebody gave us, read as what it is, foreign: names, sizes, checksums and every row are checked before
anything of it is believed. What it holds is told in `nnviz.store.packing`."""

import base64
import binascii
import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Column, Float, Integer, LargeBinary, String, Table

from nnviz.errors import RequestError
from nnviz.store import versions
from nnviz.store.blobs import PART
from nnviz.store.references import in_words, run_tables
from nnviz.store.runs import _record
from nnviz.store.schema import groups, runs

FORMAT = "nnviz run"
VERSION = 1
SUFFIX = ".nnviz"
MAX_BYTES = 4 << 30
"""The most that a file may hold once unpacked."""
MAX_FILES = 20_000
MAX_LINE = 64 << 20
_MAX_MANIFEST = 8 << 20
BINARY = "base64"
_SNAPSHOT = re.compile(r"[0-9]+-[0-9]+-[0-9a-f]{6}\.snap")


class PackedFile:
    """`check` reads all of it; the rest may be asked afterwards."""

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
            if name != "manifest.json" and name not in tables and not (
                    (kind == "blobs" and in_words([rest]) == {rest}) or (kind == "snapshots" and _SNAPSHOT.fullmatch(rest))):
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


def _value(column: "Column[Any]", given: Any) -> Any:
    """The value for a column. Raises ValueError, KeyError or TypeError where it is of another kind."""
    if given is None and column.nullable:
        return None
    kind = column.type
    if isinstance(kind, LargeBinary):
        return base64.b64decode(given[BINARY], validate=True)
    if isinstance(kind, Integer) and type(given) is int and -2**63 <= given < 2**63:
        return given
    if isinstance(kind, Float) and isinstance(given, int | float) and not isinstance(given, bool):
        return float(given)
    if isinstance(kind, String) and isinstance(given, str) and (kind.length is None or len(given) <= kind.length):
        return given
    raise ValueError(f"{column.name} is {str(given)[:40]!r}")
