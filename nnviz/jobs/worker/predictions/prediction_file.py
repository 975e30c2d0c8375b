"""The rows of predictions as CSV files."""

import csv
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self, TextIO

from nnviz.errors import RequestError
from nnviz.jobs.csv_text import safe_row


class CsvFiles:
    """The rows as CSV, exact and safe for spreadsheets, in files that take their names only once they are whole. Texts are
    quoted: a label stays one cell."""

    def __init__(self, exact: Path | None, safe: Path | None) -> None:
        self.paths = {path: change for path, change in ((exact, list), (safe, safe_row)) if path is not None}
        self.files: list[TextIO] = []
        self.writers: list[tuple[Any, Callable[[Iterable[Any]], list[Any]]]] = []

    def __enter__(self) -> Self:
        for path, change in self.paths.items():
            try:
                self.files.append(_part(path).open("w", newline="", encoding="utf-8"))
            except OSError as error:
                self.__exit__(type(error))
                raise RequestError(
                    f"cannot write this file ({error.strerror or error})",
                    where=str(path),
                    remedy="Check the folder and the permissions.",
                ) from error
            self.writers.append((csv.writer(self.files[-1], quoting=csv.QUOTE_NONNUMERIC), change))
        return self

    def writerow(self, row: list[Any]) -> None:
        self.writerows([row])

    def writerows(self, rows: list[list[Any]]) -> None:
        for writer, change in self.writers:
            writer.writerows(map(change, rows))

    def __exit__(self, kind: object, *_: object) -> None:
        for file in self.files:
            file.close()
        for path in self.paths:
            if kind is None:
                os.replace(_part(path), path)
            else:
                _part(path).unlink(missing_ok=True)


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")
