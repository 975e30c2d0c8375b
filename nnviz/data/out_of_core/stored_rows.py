"""Rows of arrays on the disk, encoded on demand."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from nnviz.data.columns.encode import Encoder
from nnviz.data.out_of_core.npz_members import StoredArray

PIECE = 1 << 21
"""Bytes of rows, about, that are encoded at once: encoding makes several copies."""
Code = Callable[[NDArray[Any]], NDArray[np.float32]]


class Stacked:
    """The rows of several arrays on the disk, one after another, in one type."""

    def __init__(self, arrays: Sequence[StoredArray]) -> None:
        self.arrays = tuple(arrays)
        self.ends = np.cumsum([array.shape[0] for array in arrays])
        self.shape = (int(self.ends[-1]), *arrays[0].shape[1:])
        self.dtype: np.dtype[Any] = np.result_type(*(_storage_dtype(array.dtype) for array in arrays))

    def __len__(self) -> int:
        return self.shape[0]

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[Any]:
        """These rows, in memory."""
        if len(self.arrays) == 1:
            return self._cast(self.arrays[0], self.arrays[0].rows(numbers))
        rows = np.empty((len(numbers), *self.shape[1:]), self.dtype)
        which = np.searchsorted(self.ends, numbers, side="right")
        for index in np.unique(which):
            array, mine = self.arrays[index], which == index
            rows[mine] = self._cast(array, array.rows(numbers[mine] - (self.ends[index] - array.shape[0])))
        return rows

    def blocks(self) -> Any:
        """All rows in order, some MB at a time, with the number of the first."""
        for end, array in zip(self.ends.tolist(), self.arrays, strict=True):
            for start, block in array.blocks():
                yield end - array.shape[0] + start, self._cast(array, block)

    def _cast(self, array: StoredArray, rows: NDArray[Any]) -> NDArray[Any]:
        # as when an array is read whole: half and long floats become single ones before parts are put together
        return rows.astype(_storage_dtype(array.dtype), copy=False).astype(self.dtype, copy=False)


class CodedRows:
    """Some rows of `x`, each encoded by `code` when it is read: indexed by numbers of rows, or by a slice, it gives float32
    (n, *shape) in memory."""

    def __init__(self, x: Stacked, rows: NDArray[np.int64], code: Code, shape: tuple[int, ...]) -> None:
        self.x = x
        self.rows = rows
        self.code = code
        self.shape = (len(rows), *shape)
        self.dtype = np.dtype(np.float32)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> NDArray[np.float32]:
        numbers = np.asarray(self.rows[index])
        asked = numbers.reshape(-1)
        encoded = np.empty((len(asked), *self.shape[1:]), np.float32)
        at_once = max(1, PIECE // max(1, 8 * math.prod(self.shape[1:])))
        for start in range(0, len(asked), at_once):
            encoded[start : start + at_once] = self.code(self.x.rows(asked[start : start + at_once]))
        return encoded if numbers.ndim else encoded[0]

    def taken(self, rows: NDArray[np.int64]) -> Self:
        return type(self)(self.x, self.rows[rows], self.code, self.shape[1:])


class StoredImages:
    """Images on the disk as `Arrays.x`: (n, height, width, channels). `largest` (n,): the largest size of a value in each."""

    def __init__(self, x: Stacked, largest: NDArray[np.float64], rows: NDArray[np.int64]) -> None:
        self.x = x
        self.largest = largest
        self.rows = rows
        self.shape = (len(rows), *x.shape[1:], *((1,) if len(x.shape) == 3 else ()))
        self.dtype = x.dtype

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> NDArray[Any]:
        return pixels(self.x.rows(np.asarray(self.rows[index])))

    def taken(self, rows: NDArray[np.int64]) -> "StoredImages":
        return StoredImages(self.x, self.largest[rows], self.rows[rows])

    def coded(self, encoder: Encoder) -> CodedRows:
        return CodedRows(self.x, self.rows, ImageCode(encoder), self.shape[1:])


def pixels(block: NDArray[Any]) -> NDArray[Any]:
    """(n, height, width, channels) without what is no number."""
    known = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0) if block.dtype.kind == "f" else block
    return known if known.ndim == 4 else known[..., None]


@dataclass(frozen=True)
class ImageCode:
    """What an encoder does to images as they are stored."""

    encoder: Encoder

    def __call__(self, block: NDArray[Any]) -> NDArray[np.float32]:
        return self.encoder.transform(pixels(block))


@dataclass(frozen=True)
class NumbersCode:
    """What `encoder.transform` does to rows of numbers, for a whole block of them at once. `places` (inputs,): the column of
    each input; `is_all`: whether those are all columns in their order; `fill`, `centre`, `scale` (inputs,): of each; `marked`:
    the inputs that have a column beside them which says what is missing; `at` (inputs + 1,): where each input's values
    begin, and where all end."""

    places: NDArray[np.int64]
    is_all: bool
    fill: NDArray[np.float64]
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    marked: NDArray[np.int64]
    at: NDArray[np.int64]

    def __call__(self, block: NDArray[Any]) -> NDArray[np.float32]:
        flat = block.reshape(len(block), -1)
        raw = np.array(flat if self.is_all else flat[:, self.places], dtype=np.float64)
        missing = ~np.isfinite(raw)
        if missing.any():
            raw = np.where(missing, self.fill, raw)
        raw -= self.centre
        raw /= self.scale
        values: NDArray[np.float32] = raw.astype(np.float32)
        if not len(self.marked):
            return values
        coded = np.empty((len(block), int(self.at[-1])), np.float32)
        coded[:, self.at[:-1]] = values
        coded[:, self.at[:-1][self.marked] + 1] = missing[:, self.marked]
        return coded


def numbers_code(encoder: Encoder, names: Sequence[str]) -> Code | None:
    """For rows of the columns `names`; None where an input is no number or none of these columns."""
    place = {name: index for index, name in enumerate(names)}
    codes = encoder.columns
    if any(code.type != "number" or code.name not in place for code in codes):
        return None
    places = np.array([place[code.name] for code in codes])
    fill, centre, scale = (np.array([getattr(code, field)[0] for code in codes]) for field in ("fill", "centre", "scale"))
    return NumbersCode(
        places=places,
        is_all=np.array_equal(places, np.arange(len(names))),
        fill=fill,
        centre=centre,
        scale=scale,
        marked=np.flatnonzero([code.indicator for code in codes]),
        at=np.cumsum([0, *(1 + code.indicator for code in codes)]),
    )


def _storage_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    if dtype.kind == "b":
        return np.dtype(np.uint8)
    return np.dtype(np.float32) if dtype.kind == "f" and dtype.itemsize != 8 else dtype.newbyteorder("=")
