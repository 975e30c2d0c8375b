"""What the data block of a spec names, read: a table or arrays, of large files still on the disk."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from nnviz.data.columns.reading_rules import Rules
from nnviz.data.images import image_zip
from nnviz.data.images.image_folder import pack
from nnviz.data.out_of_core.npz_rows import large_arrays
from nnviz.data.out_of_core.parquet_columns import large_table
from nnviz.data.readers.file_format import FileForm
from nnviz.data.readers.matching_text import Wanted, read_new
from nnviz.data.readers.open_file import is_folder, is_regular, read_regular
from nnviz.data.readers.read import read
from nnviz.data.sources import builtin, synthetic
from nnviz.data.tables import Arrays, Table
from nnviz.spec import BuiltinData, FileData, SyntheticData


def source_of(
    data: "FileData | BuiltinData | SyntheticData",
    *,
    base: Path | None,
    blob: Callable[[str], bytes] | None,
    cache: Path | None = None,
    on_read: Callable[[str], None] | None = None,
) -> Table | Arrays:
    """The rows of all its files, the parts told apart where they have files of their own. `base`, `blob`, `cache`, `on_read`: as
    of `prepare.load`. Raises DataError."""
    if isinstance(data, SyntheticData):
        x, y = synthetic.make(data.name, samples=data.samples, noise=data.noise, seed=data.seed)
        return Table(frame=pd.DataFrame({"x1": x[:, 0].astype(float), "x2": x[:, 1].astype(float), "label": y}), name=data.name)
    if isinstance(data, BuiltinData):
        dataset = builtin.read(data.name)
        if isinstance(dataset, builtin.Images):
            return Arrays(x=dataset.x, y=dataset.y, name=data.name, divide=dataset.divide, target=dataset.target)
        return Table(frame=dataset, name=data.name)

    def stored(sha256: str | None) -> bytes | None:
        return blob(sha256) if sha256 is not None and blob is not None else None

    place, content = _placed(data.path, base), stored(data.sha256)
    if not data.validation_path and not data.test_path and (content is not None or is_regular(place)):
        source = content if content is not None else place
        large = large_table(source, name=place.name, rules=Rules.of(data), on_read=on_read) or large_arrays(
            source, name=place.name, folder=cache, on_read=on_read
        )
        if large is not None:
            return large
    main = read(content if content is not None else file_bytes(place), name=data.path, data=data)
    extra: dict[str, Table | Arrays] = {}
    for part, path, sha256 in (
        ("validation", data.validation_path, data.validation_sha256),
        ("test", data.test_path, data.test_sha256),
    ):
        if path is None:
            continue
        more = stored(sha256)
        more = file_bytes(_placed(path, base)) if more is None else more
        if isinstance(main, Arrays) and "size" in main.read and image_zip.holds_images(more):
            extra[part] = image_zip.read_images(more, name=Path(path).name, shape=main.x.shape[1:], data=data)
        else:
            extra[part] = _part(more, path, data, main)
    return main.with_parts(extra) if extra else main


def _part(content: bytes, path: str, data: FileData, main: Table | Arrays) -> Table | Arrays:
    """A file of rows that validate or test: written like that of the training rows, as far as it can be."""
    form = FileForm.of(main.read, list(main.frame.columns)) if isinstance(main, Table) else None
    if form is None or Rules.of(data).is_old or not isinstance(main, Table):
        return read(content, name=path, data=data)
    numbers = [name for name in form.columns if pd.api.types.is_numeric_dtype(main.frame[name].dtype)]
    wanted = Wanted(
        columns=tuple(main.frame.columns),
        numbers=numbers,
        form=form,
        options=data,
        plain=numbers,
        remedy=f"It needs the columns of {main.name}.",
    )
    return read(content, name=path, data=data, text=lambda content: read_new(content, name=path, wanted=wanted)[0])


def _placed(path: str, base: Path | None) -> Path:
    return Path(path) if base is None or Path(path).is_absolute() else base / path


def file_bytes(path: Path) -> bytes:
    """The bytes of a file; of a folder of images those of its zip."""
    if not is_folder(path):
        return read_regular(path)
    with tempfile.TemporaryDirectory(prefix="nnviz-") as place:
        pack(path, Path(place, "images.zip"))
        return Path(place, "images.zip").read_bytes()
