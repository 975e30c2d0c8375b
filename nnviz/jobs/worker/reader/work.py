"""What a reading process can do. Each task is an iterator over what it finds; `tell` takes words about how far it is."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from nnviz import data
from nnviz.data import Encoder
from nnviz.jobs.worker import reading
from nnviz.jobs.worker.predictions import new_rows
from nnviz.spec import FileData, RunSpec

Tell = Callable[[str], None]


def load(
    *, spec: dict[str, Any], files: Mapping[str, BinaryIO], base: Path | None, cache: Path | None, tell: Tell
) -> Iterator[data.Prepared]:
    """The data of a spec (its JSON), ready to be trained on. `files`: those of the store, by their sha256."""
    yield data.load(RunSpec.parse(spec), base=base, blob=lambda sha256: _content(files[sha256]), cache=cache, on_read=tell)


def report(*, spec: dict[str, Any], files: Mapping[str, BinaryIO], base: Path | None, tell: Tell) -> Iterator[dict[str, Any]]:
    """What a data set holds, for the Data page: see `reading.report`."""
    yield reading.report(RunSpec.parse(spec), blob=lambda sha256: _content(files[sha256]), base=base, on_read=tell)


def rows(*, path: Path, name: str, encoder: Encoder, file_data: FileData | None, tell: Tell) -> Iterator[new_rows.Batch]:
    """New rows for a trained network, batch by batch."""
    yield from new_rows.from_file(path, name=name, encoder=encoder, data=file_data)


TASKS: dict[str, Callable[..., Iterator[Any]]] = {"load": load, "report": report, "rows": rows}


def _content(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()
