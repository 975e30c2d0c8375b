"""Bytes stored by their sha256, in parts of a megabyte, so that a large file is never in memory as a whole."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import delete, func, insert, select, update

from nnviz.errors import NotFound
from nnviz.store.database import Database
from nnviz.store.files.blob_refs import referenced
from nnviz.store.schema import blob_parts, blobs

PART = 1 << 20


class Blobs:
    """The blobs of a store."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def put(self, body: bytes) -> str:
        """Stores the bytes and returns their sha256."""
        return self._keep(
            hashlib.sha256(body).hexdigest(), len(body), (body[start : start + PART] for start in range(0, len(body), PART))
        )

    def put_file(self, path: Path) -> str:
        """Stores a file's bytes, reading it twice in parts, and returns their sha256."""
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        with path.open("rb") as file:
            return self._keep(sha256, path.stat().st_size, iter(lambda: file.read(PART), b""))

    def parts(self, sha256: str) -> Iterator[bytes]:
        """The parts in order. Raises NotFound."""
        with self.db.read() as connection:
            if connection.execute(select(blobs.c.size).where(blobs.c.sha256 == sha256)).one_or_none() is None:
                raise NotFound(f"the store has no data with sha256 {sha256[:12]}...", remedy="Upload the file again.")
            number = 0
            while True:
                body = connection.execute(
                    select(blob_parts.c.body).where(blob_parts.c.sha256 == sha256, blob_parts.c.number == number)
                ).scalar_one_or_none()
                if body is None:
                    return
                yield body
                number += 1

    def get(self, sha256: str) -> bytes:
        """All the bytes. Raises NotFound."""
        return b"".join(self.parts(sha256))

    def has(self, sha256: str) -> bool:
        with self.db.read() as connection:
            return connection.execute(select(blobs.c.size).where(blobs.c.sha256 == sha256)).one_or_none() is not None

    def size(self, sha256: str) -> int | None:
        """In bytes; None where the store does not have it."""
        with self.db.read() as connection:
            return connection.execute(select(blobs.c.size).where(blobs.c.sha256 == sha256)).scalar_one_or_none()

    def put_at(self, sha256: str) -> float:
        """When the blob was last put, in seconds since 1970. Raises NotFound."""
        with self.db.read() as connection:
            created = connection.execute(select(blobs.c.created).where(blobs.c.sha256 == sha256)).scalar_one_or_none()
        if created is None:
            raise NotFound(f"the store has no data with sha256 {sha256[:12]}...", remedy="Upload the file again.")
        return float(created)

    def take_back(self, put: Mapping[str, float]) -> None:
        """Removes blobs of an import that failed, unless a row refers to them or they were put again since; `put`: when each of
        them was put."""
        with self.db.write() as connection:
            unused = set(put) - (referenced(connection) if put else set())
            for sha256 in unused:
                connection.execute(delete(blobs).where(blobs.c.sha256 == sha256, blobs.c.created == put[sha256]))

    def total_bytes(self) -> int:
        """The size of all blobs together."""
        with self.db.read() as connection:
            return int(connection.execute(select(func.coalesce(func.sum(blobs.c.size), 0))).scalar_one())

    def _keep(self, sha256: str, size: int, parts: Iterable[bytes]) -> str:
        with self.db.write() as connection:
            # it is about to be used again: it counts as new, so that `purge` does not remove it in between
            if connection.execute(update(blobs).where(blobs.c.sha256 == sha256).values(created=time.time())).rowcount:
                return sha256
            connection.execute(insert(blobs).values(sha256=sha256, size=size, created=time.time()))
            for number, part in enumerate(parts):
                connection.execute(insert(blob_parts).values(sha256=sha256, number=number, body=part))
        return sha256
