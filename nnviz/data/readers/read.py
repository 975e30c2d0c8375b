"""From the bytes of a file to a table or arrays. The contents decide what it is; the name only breaks ties."""

from collections.abc import Callable
from pathlib import PurePath

from nnviz.data.column_names import short
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.images.image_zip import read_images
from nnviz.data.limits import MAX_COLUMNS
from nnviz.data.named_columns import with_normalized_names
from nnviz.data.readers.foreign_errors import OF_TEXT, reading
from nnviz.data.readers.json_file import is_json, read_json
from nnviz.data.readers.npz import read_arrays
from nnviz.data.readers.parquet import read_parquet
from nnviz.data.readers.sniff import check_content, is_npz
from nnviz.data.readers.text import read_text
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError
from nnviz.spec import FileData


def read(content: bytes, *, name: str, data: FileData, text: "Callable[[bytes], Table] | None" = None) -> Table | Arrays:
    """`name`: the file's name, for messages. `data.read` and `data.header` override what is found out. `text`: what reads a
    text table instead, where more is known of it. Raises DataError with the file, the place in it and a remedy."""
    whole = PurePath(name).name or name
    name = short(whole)
    check_content(content, name=name)
    if content.startswith(b"PAR1"):
        loaded: Table | Arrays = read_parquet(content, name)
    elif content.startswith(b"PK") and not is_npz(content):
        loaded = read_images(content, name=name, size=data.size, data=data)
    elif content.startswith(b"PK"):
        loaded = read_arrays(content, name=name)
    elif is_json(content, whole):
        loaded = read_json(content, name, data)
    else:
        for ending, what in ((".parquet", "Parquet"), (".npz", ".npz")):
            if whole.lower().endswith(ending):
                raise DataError(
                    f"this is no {what} file, whatever its name says",
                    where=f"{name}, first bytes",
                    remedy="Save it again, or give it the right name if it is a text table.",
                )
        with reading("cannot be read as a table", where=name, remedy="Check separators, quotes and encoding.", errors=OF_TEXT):
            loaded = read_text(content, name=name, data=data) if text is None else text(content)
    if data.image_size is not None and not (isinstance(loaded, Arrays) and "size" in loaded.read):
        raise DataError(
            "image_size is for a zip or a folder of images, and this is none", where=name, remedy="Leave data.image_size out."
        )
    loaded = with_normalized_names(loaded, Rules.of(data))
    if isinstance(loaded, Table) and len(loaded.frame.columns) > MAX_COLUMNS:
        raise DataError(
            f"{len(loaded.frame.columns):,} columns are more than {MAX_COLUMNS:,}",
            where=name,
            remedy="Give fewer columns, or choose another separator.",
        )
    return loaded
