"""Packed runs to be changed and written again, with sizes and checksums that are right."""

import base64
import hashlib
import io
import json
import zipfile
from pathlib import Path

from sqlalchemy import select

from nnviz.store.schema import blobs, groups, runs


class PackedParts:
    """The files of a packed run by their names; `write` makes a whole one of them."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}

    def rows(self, table: str) -> list[dict]:
        return [json.loads(line) for line in self.parts[f"tables/{table}.jsonl"].splitlines()]

    def put_rows(self, table: str, rows: list) -> None:
        self.parts[f"tables/{table}.jsonl"] = b"".join(
            (row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows
        )

    def change(self, table: str, **values: object) -> None:
        """Changes the first row of a table."""
        first, *rest = self.rows(table)
        self.put_rows(table, [first | values, *rest])

    def change_document(self, column: str, **values: object) -> None:
        """Changes keys of a JSON document of the run."""
        record = json.loads(self.rows("runs")[0][column]) | values
        self.change("runs", **{column: json.dumps(record)})

    def manifest(self) -> dict:
        return json.loads(self.parts["manifest.json"])

    def write(self, path: Path, **changes: object) -> Path:
        manifest = self.manifest() | changes
        manifest["files"] = {
            name: {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            for name, body in self.parts.items()
            if name != "manifest.json"
        }
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in self.parts.items():
                archive.writestr(name, json.dumps(manifest) if name == "manifest.json" else body)
        path.write_bytes(made.getvalue())
        return path


def binary(body):
    return {"base64": base64.b64encode(body).decode()}


def nothing(store, tmp_path):
    """Neither a row nor a blob nor a file of snapshots has been left."""
    with store.db.read() as connection:
        for table in (runs, groups, blobs):
            assert connection.execute(select(table)).all() == []
    assert [path for path in (tmp_path / "snapshots").rglob("*") if path.is_file()] == []
