"""How a text file was written, kept with the run: new rows of the same kind are read the same way, not guessed again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

MAX_NAMES = 1000
"""Columns whose names are kept in their order; without a header a wider file is not read by position."""


@dataclass(frozen=True, kw_only=True)
class FileForm:
    """`separator`, `decimal` and `encoding` as in a ReadSpec; None: not known. `header`: whether the first row held names.
    `row_names`: whether the header was one name short, as R writes it. `columns`: all names, in the order of the file."""

    separator: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    header: bool | None = None
    row_names: bool = False
    columns: tuple[str, ...] = ()

    @classmethod
    def of(cls, read: Mapping[str, Any], columns: Sequence[str]) -> Self | None:
        """That of a table by its `read`; None where it was no text."""
        if "separator" not in read:
            return None
        return cls(
            separator=read["separator"],
            decimal=read["decimal"],
            encoding=read["encoding"],
            header=read["header"],
            row_names=bool(read.get("row_names")),
            columns=tuple(columns) if len(columns) <= MAX_NAMES else (),
        )

    def to_json(self) -> dict[str, Any]:
        """The fields that are known."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(self).items()
            if value not in (None, ())
        }

    @classmethod
    def from_json(cls, record: Any) -> Self | None:
        """None for what is no such record: it may come from another store."""
        if not isinstance(record, Mapping):
            return None
        texts = {name: record.get(name) for name in ("separator", "decimal", "encoding")}
        columns = record.get("columns", [])
        if (
            any(not isinstance(text, str | None) for text in texts.values())
            or not isinstance(columns, list)
            or any(not isinstance(name, str) for name in columns)
            or texts["decimal"] not in (None, ".", ",")
        ):
            return None
        header = record.get("header")
        return cls(
            **texts,
            header=header if isinstance(header, bool) else None,
            row_names=record.get("row_names") is True,
            columns=tuple(columns),
        )
