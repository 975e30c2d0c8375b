"""What the libraries that read files raise for bad bytes, turned into a DataError with a place and a remedy."""

import csv
import json
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from nnviz.errors import DataError

OF_LIBRARIES = (
    pa.ArrowException,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    csv.Error,
    json.JSONDecodeError,
    tokenize.TokenError,
    OSError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    SyntaxError,
    NotImplementedError,
    RuntimeError,
    ArithmeticError,
)
"""What pandas, NumPy, pyarrow, zipfile and json raise for damaged bytes. Errors of Pillow become `images.image.Unreadable`."""
OF_TEXT = (pa.ArrowException, csv.Error, UnicodeError, OverflowError)
"""The same where much of the reading is our own code."""
LONGEST = 150


@contextmanager
def reading(what: str, *, where: str, remedy: str, errors: tuple[type[Exception], ...] = OF_LIBRARIES) -> Iterator[None]:
    """Turns what a library raises for bad bytes, too much nesting or too little memory into a DataError: `what` it was that
    could not be read (as in "the Parquet file is damaged"), `where`, and the `remedy`. To be put around calls of libraries,
    not around code of ours: anything else passes."""
    try:
        yield
    except DataError:
        raise
    except MemoryError as error:
        raise DataError("takes more memory than there is", where=where, remedy="Give fewer rows or columns.") from error
    except RecursionError as error:
        raise DataError("is nested too deeply", where=where, remedy=remedy) from error
    except errors as error:
        raise DataError(f"{what} ({words_of(error)})", where=where, remedy=remedy) from error


def words_of(error: BaseException) -> str:
    """What a library says, as one short line that can be written anywhere."""
    line = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    line = "".join(letter if letter.isprintable() else "?" for letter in line)
    return line if len(line) <= LONGEST else line[: LONGEST - 3] + "..."
