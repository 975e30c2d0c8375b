"""Which image a cell of a table names: with or without folders and ending, in any case."""

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from nnviz.data.images import image as picture
from nnviz.data.images.class_folders import path_of


class NameIndex:
    """Images by every name that a table may call them by: with or without folders and ending, in any case."""

    def __init__(self, infos: Sequence[zipfile.ZipInfo]) -> None:
        self.count = len(infos)
        self._by_name: dict[str, list[zipfile.ZipInfo]] = {}
        for info in infos:
            for name in _names("/".join(path_of(info))):
                self._by_name.setdefault(name, []).append(info)

    def matched(self, labels: Any, table: str) -> list[str | None]:
        """For each cell the image that it names."""
        table_words = set(re.findall(r"[a-z0-9]+", table.casefold()))
        known: dict[Any, str | None] = {None: None}
        for cell in labels:
            if cell not in known:
                known[cell] = self._image(cell, table_words)
        return [known[cell] for cell in labels]

    def _image(self, cell: str, table_words: set[str]) -> str | None:
        for name in _names(cell):
            infos = self._by_name.get(name, [])
            if len(infos) > 1:
                # train.csv speaks of the images in train
                infos = [info for info in infos if table_words & {folder.casefold() for folder in path_of(info)[:-1]}]
            if len(infos) == 1:
                return infos[0].filename
        return None


def _names(path: str) -> Iterator[str]:
    """The names of one file from the longest to the shortest, the ones without an ending after those; last its number."""
    parts = [part for part in _plain(path).replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts:
        return
    stem = next((parts[-1][: -len(ending)] for ending in picture.ENDINGS if parts[-1].endswith(ending)), parts[-1])
    for last in dict.fromkeys((parts[-1], stem)):
        for start in range(len(parts)):
            yield "/".join((*parts[start:-1], last))
    if re.fullmatch(r"[0-9]{1,18}", stem):
        yield f"number {int(stem)}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip()).casefold()
