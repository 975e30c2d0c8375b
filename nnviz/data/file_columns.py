"""The columns of a table as its file has them: which of the network's inputs each became, the values that occur in it, and new
values for it, encoded as the training rows were."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.data import decode
from nnviz.data.columns import numbers
from nnviz.data.columns.column_code import ColumnCode, Floats
from nnviz.data.columns.encode import Encoder
from nnviz.data.readers.matching_text import typed_number
from nnviz.errors import DataError
from nnviz.plain_text import visible

LOW, HIGH = 5, 95
"""Percentiles between which the values of a column of numbers are taken: beyond them few rows say anything."""
YES_NO = ("no", "yes")
_MOST_DECIMALS = 12
"""Where values lie closer together than that, they are not rounded."""


@dataclass(frozen=True)
class ColumnValues:
    """Values of a column, each encoded, float32 (k, width): `at` float64 (k,) in the column's own unit (None: no numbers),
    `texts` as people write them."""

    at: NDArray[np.float64] | None
    texts: list[str]
    encoded: Floats


@dataclass(frozen=True)
class FileColumn:
    """A column that became the inputs `first` to `end` (not included) of the network."""

    code: ColumnCode
    encoder: Encoder
    first: int
    end: int

    @property
    def name(self) -> str:
        return visible(self.code.name, limit=decode.LONGEST)

    @property
    def kind(self) -> str:
        """ "number", "category", "boolean" or "date"."""
        return self.code.type

    @property
    def unit(self) -> str:
        """That its numbers are written with; empty for none."""
        return decode.unit_of(self.code.way) if self.kind == "number" else ""

    @property
    def choices(self) -> tuple[str, ...]:
        """All values that it can have, where these can be listed."""
        return self.code.categories if self.kind == "category" else YES_NO if self.kind == "boolean" else ()

    def texts(self, x: Floats) -> list[str]:
        """What stands in it in the encoded rows `x` (n, inputs)."""
        return list(decode.written(self.code, x[:, self.first : self.end]))

    def values(self, x: Floats, most: int) -> ColumnValues:
        """Up to `most` values in their order, of those in the encoded rows `x` (n, inputs): of numbers all where they are few,
        else evenly from about the 5th to the 95th percentile, in round numbers; every category; dates as they occur."""
        block = x[:, self.first : self.end]
        if self.kind == "number":
            return self._numbers(block, most)
        if self.kind == "date":
            known = block[block[:, -1] < 0.5] if self.code.indicator else block
            each = np.unique(known if len(known) else block, axis=0)
            encoded = each[np.unique(np.linspace(0, len(each) - 1, min(most, len(each))).astype(np.int64))]
        else:
            encoded = self._choices()[:most]
        return ColumnValues(at=None, texts=list(decode.written(self.code, encoded)), encoded=encoded)

    def deciles(self, x: Floats) -> list[float]:
        """Of a column of numbers in the encoded rows `x`: the nine values between its tenths; none of other columns."""
        if self.kind != "number":
            return []
        known = _known(self.numbers(x))
        return np.percentile(known, np.arange(10, 100, 10)).tolist() if len(known) else []

    def numbers(self, x: Floats) -> NDArray[np.float64]:
        """Of a column of numbers, what stands in it in the encoded rows `x` (n, inputs): (n,), NaN where it is missing."""
        return decode.numbers(self.code, x[:, self.first : self.end])

    def of_numbers(self, values: NDArray[np.float64]) -> Floats:
        """Values (n,) of a column of numbers in its own unit, encoded, float32 (n, width)."""
        encoded = np.zeros((len(values), self.end - self.first), np.float32)
        encoded[:, 0] = (values - self.code.centre[0]) / self.code.scale[0]
        return encoded

    def encoded(self, text: str) -> Floats:
        """A value that somebody typed, float32 (width,). An empty one is missing; what `texts` gives comes back as it was. Raises
        DataError for one that the column cannot hold."""
        text = text.strip()
        nothing = self._transformed("")
        if text in ("", decode.MISSING):
            return nothing
        if self.kind == "category":
            if text not in (*self.code.categories, decode.OTHER):
                raise self._refusal(text, "no category of it")
            return self._choices()[self.code.categories.index(text)] if text != decode.OTHER else np.zeros_like(nothing)
        inputs = self._transformed(text)
        if np.array_equal(inputs, nothing) and not self._is_usual(text):
            what = {"number": "no number", "date": "no date", "boolean": "neither yes nor no"}[self.kind]
            raise self._refusal(text, what)
        return inputs

    def _transformed(self, text: str) -> Floats:
        form = None if self.encoder.rules.is_old else self.encoder.form
        typed = typed_number(text, form) if self.kind == "number" else text
        encoded: Floats = self.code.transform(pd.Series([typed], dtype="str"), rules=self.encoder.rules)[0]
        return encoded

    def _is_usual(self, text: str) -> bool:
        """Whether a number is the very value that stands in for a missing one."""
        if self.kind != "number" or self.code.indicator:
            return False
        number = numbers.read(pd.Series([text], dtype="str"), self.code.way, rules=self.encoder.rules)[0]
        return bool(np.isfinite(number))

    def _refusal(self, text: str, what: str) -> DataError:
        return DataError(f"{visible(text, limit=40)!r} is {what}", where=f"column {self.name}", remedy=self._remedy())

    def _remedy(self) -> str:
        if self.choices:
            return f"It is one of: {', '.join(map(visible, self.choices[:8]))}{', ...' if len(self.choices) > 8 else ''}."
        return "Write it as the file does."

    def _numbers(self, block: Floats, most: int) -> ColumnValues:
        known = _known(decode.numbers(self.code, block))
        at = np.unique(known)
        if len(at) > most:
            is_whole = bool(np.all(at == np.round(at)))
            low, high = np.percentile(known, [LOW, HIGH])
            at = np.linspace(low, high, most)
            at = np.unique(np.round(at) if is_whole else _shortened(at))
        encoded = self.of_numbers(at)
        return ColumnValues(at=at, texts=list(decode.written(self.code, encoded)), encoded=encoded)

    def _choices(self) -> Floats:
        width = self.end - self.first
        if self.kind == "category":
            return np.eye(len(self.code.categories), width, dtype=np.float32)
        encoded = np.zeros((2, width), np.float32)
        encoded[1, 0] = 1
        return encoded


def _shortened(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ascending values, each rounded to about a thousandth of the distance between the first and the last."""
    spread = values[-1] - values[0]
    decimals = 3 - math.floor(math.log10(spread)) if spread > 0 else _MOST_DECIMALS + 1
    return np.round(values, decimals) if decimals <= _MOST_DECIMALS else values


def file_columns(encoder: Encoder) -> Sequence[FileColumn]:
    """Those of a table, in the order of the network's inputs; none of images."""
    ends = np.cumsum([0, *(len(code.columns) for code in encoder.columns)]).tolist()
    return [FileColumn(code, encoder, first, end) for code, first, end in zip(encoder.columns, ends, ends[1:], strict=False)]


def _known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[np.isfinite(values)]
