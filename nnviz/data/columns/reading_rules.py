"""How the cells of a file are read: which words count as missing, and which version of the rules holds.

A run keeps the rules that it was trained with, in its spec (`data.read`) and in its encoder, so that new rows mean the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from nnviz.spec import FileData


@dataclass(frozen=True)
class Rules:
    """How cells are read. `version`: 1 for runs of before there were versions, else 2. `missing`: the words that count as
    missing, beside the empty cell; None: the usual ones."""

    version: int = 2
    missing: tuple[str, ...] | None = None

    @classmethod
    def of(cls, data: Any) -> Self:
        """Those of a data block; what is no file is read by the newest."""
        if not isinstance(data, FileData):
            return cls()
        return cls(version=data.read.rules, missing=data.read.missing)

    def read_fields(self) -> dict[str, Any]:
        """The fields of a ReadSpec that say these rules."""
        return {"rules": self.version, "missing": self.missing}

    @property
    def is_old(self) -> bool:
        return self.version == 1

    @property
    def as_written(self) -> Self:
        """By which nothing but the empty cell is missing; the old ones stay as they are."""
        return self if self.is_old else replace(self, missing=())

    def to_json(self) -> dict[str, Any]:
        """`version`, and `missing` where it is set: a part of the encoder's record."""
        return {"version": self.version} | ({} if self.missing is None else {"missing": list(self.missing)})

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        missing = record.get("missing")
        return cls(version=int(record.get("version", 1)), missing=None if missing is None else tuple(missing))


NEWEST = Rules()
