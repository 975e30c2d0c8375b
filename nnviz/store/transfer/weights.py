"""The weights of a run that somebody gave us: whether they are the plain arrays that nnviz writes, before anything loads them."""

import math
import zipfile
from typing import IO

from numpy.lib import format as npy

MOST_ARRAYS = 10_000
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def check_weights(file: IO[bytes], *, size: int) -> None:
    """Reads the headers of an `.npz` file of `size` bytes, no array. Raises ValueError for what is no such file, is compressed,
    holds more than its size, or objects, which only unpickling would bring back."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > MOST_ARRAYS or sum(member.file_size for member in members) > size:
                raise ValueError("hold more than their size")
            for member in members:
                if member.compress_type != zipfile.ZIP_STORED or not member.filename.endswith(".npy"):
                    raise ValueError("are not written as nnviz writes them")
                with archive.open(member) as content:
                    _check_array(content, member.file_size)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ValueError("are no .npz file") from error


def _check_array(content: IO[bytes], size: int) -> None:
    version = npy.read_magic(content)
    if version not in _HEADERS:
        raise ValueError("hold an array of another version")
    shape, _order, dtype = _HEADERS[version](content)
    if dtype.hasobject or dtype.kind not in "fiub":
        raise ValueError("hold objects, not numbers")
    if any(side < 0 for side in shape) or math.prod(shape) * dtype.itemsize != size - content.tell():
        raise ValueError("hold an array that is not as long as it says")
