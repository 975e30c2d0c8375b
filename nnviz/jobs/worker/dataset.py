"""The data of a spec, read for a job: a user's file in a process of its own with limits, anything else right here."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from nnviz import data
from nnviz.data import Encoder
from nnviz.jobs import data_files
from nnviz.jobs.worker import reader
from nnviz.jobs.worker.predictions.new_rows import Batch
from nnviz.spec import FileData, RunSpec
from nnviz.store import Store, home

Tick = Callable[[], None]


def load(
    store: Store,
    spec: RunSpec,
    *,
    base: Path | None = None,
    on_read: Callable[[str], None] | None = None,
    tick: Tick | None = None,
) -> data.Prepared:
    """`base`: the folder that relative paths start from, for the command line, which may open any file; without it only
    what `data_files.check` allows. `on_read` is called with a message of how far it is; `tick` is called some times a second, and
    whatever it raises ends the reading.

    Raises DataError, SpecError, NotFound for a file that the store does not hold."""
    if not isinstance(spec.data, FileData):
        return data.load(spec)
    prepared: data.Prepared = _run("load", store, spec, base=base, on_read=on_read, tick=tick, cache=home() / "rows")
    return prepared


def report(store: Store, payload: Mapping[str, Any], *, tick: Tick | None = None) -> dict[str, Any]:
    """What a data set holds; see `reading.report`. `payload`: `data` (a data block) and `split`."""
    spec = RunSpec.parse(
        {
            "data": payload["data"],
            "split": payload.get("split") or {},
            "layers": [],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
        }
    )
    if not isinstance(spec.data, FileData):
        from nnviz.jobs.worker import reading

        return reading.report(spec)
    answer: dict[str, Any] = _run("report", store, spec, base=None, on_read=None, tick=tick)
    return answer


def rows(path: Path, *, name: str, encoder: Encoder, file_data: FileData | None, tick: Tick | None = None) -> Iterator[Batch]:
    """New rows for a trained network, batch by batch; see `new_rows.from_file`."""
    limits = reader.limits_for(path.stat().st_size)
    yield from reader.reader().stream(
        "rows", {"path": path, "name": name, "encoder": encoder, "file_data": file_data}, limits=limits, name=name, tick=tick
    )


def _run(
    task: str,
    store: Store,
    spec: RunSpec,
    *,
    base: Path | None,
    on_read: Callable[[str], None] | None,
    tick: Tick | None,
    **more: Any,
) -> Any:
    assert isinstance(spec.data, FileData)
    if base is None:
        data_files.check(store, spec.data)
        base = data_files.place_of("")
    base = base.absolute()
    with _from_store(store, spec.data) as files:
        sizes = [_size(file) for file in files.values()]
        sizes += [_size_of(base / path) for _field, path in data_files.by_path(spec.data)]
        return reader.reader().run(
            task,
            {"spec": spec.to_json(), "files": files, "base": base, **more},
            limits=reader.limits_for(sum(sizes)),
            name=Path(spec.data.path).name or spec.data.path,
            on_progress=on_read,
            tick=tick,
        )


@contextmanager
def _from_store(store: Store, block: FileData) -> Iterator[Mapping[str, BinaryIO]]:
    """The files of a data block that the store holds, by their sha256, on the disk while they are read. Raises NotFound."""
    with ExitStack() as stack:
        files: dict[str, BinaryIO] = {}
        for _path, field in data_files.FIELDS:
            sha256 = getattr(block, field)
            if sha256 is not None and sha256 not in files:
                file: Any = stack.enter_context(tempfile.TemporaryFile(buffering=0))
                for part in store.blobs.parts(sha256):
                    file.write(part)
                files[sha256] = file
        yield files


def _size(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0
