"""Forms of dates: what each looks like, and the moments that cells of such a form name.

Cells that differ only in their figures have one shape: "1/12/17" and "2/11/18", but not "Fri 01 Dec 2017" and "Sat 02 Dec 2017".
Patterns are looked for in the shapes, of which a column has few; figures are then taken from all cells of a shape at once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nnviz.data.columns.cells import as_mask, is_null

_WEEKDAY = r"(?:(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +)?"
_TIME = (
    r"(?:(?:[T,]? *|, ?|[ T]+at +)(?P<H>\d{1,2})(?::(?P<M>\d{2})(?::(?P<S>\d{2})(?P<f>[.,]\d+)?)?)?"
    r"(?: ?(?P<p>[AaPp])\.?[Mm]\.?)?"
    r"(?: ?(?P<z>[Zz]|[+-]\d{2}:?(?:\d{2})?|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[A-Z]{3,4}))?)?$"
)
ISO = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$"
_MONTH = r"(?P<mon>\pL{3,10})\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|re|º)?\.?"
FAMILIES = {
    "year": rf"^{_WEEKDAY}(?P<y>\d{{4}})(?:-|/|\.)(?P<m>\d{{1,2}})(?:[-/.](?P<d>\d{{1,2}}))?{_TIME}",
    "figures": rf"^{_WEEKDAY}(?P<a>\d{{1,2}})(?:-|/|\. ?| )(?P<b>\d{{1,2}})(?:-|/|\. ?| )(?P<y>\d{{4}}|\d{{2}}){_TIME}",
    "day name": rf"^{_WEEKDAY}{_DAY}(?:[-/ ,]| ?de )*{_MONTH}(?:[-/ ,]| ?de )*(?P<y>\d{{4}}|\d{{2}}){_TIME}",
    "name day": rf"^{_WEEKDAY}{_MONTH}[-/ ,]*{_DAY}[-/ ,]+(?P<y>\d{{4}}){_TIME}",
    "year name": rf"^(?P<y>\d{{4}})[-/ ]{_MONTH}[-/ ]{_DAY}{_TIME}",
    "name year": rf"^{_MONTH}[-/ ,]+(?P<y>\d{{4}})$",
    "year last": rf"^{_WEEKDAY}{_MONTH} +{_DAY} +"
    r"(?P<H>\d{1,2}):(?P<M>\d{2}):(?P<S>\d{2})(?: (?P<z>[A-Z]{3,4}))? (?P<y>\d{4})$",
    "digits": r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?P<z>Z)?)?$",
}
_NAMES = {
    1: "jan january januar janvier janv enero ene gennaio gen janeiro januari",
    2: "feb february februar février févr fév fevrier febrero febbraio fevereiro fev februari",
    3: "mar march märz mär mrz maerz mars marzo março marco maart mrt",
    4: "apr april avril avr abril abr aprile",
    5: "may mai mayo maggio mag maio mei",
    6: "jun june juni juin junio giugno giu junho",
    7: "jul july juli juillet juil julio luglio lug julho",
    8: "aug august août aout agosto ago augustus",
    9: "sep sept september septembre septiembre settembre set setembro",
    10: "oct october okt oktober octobre octubre ottobre ott outubro out",
    11: "nov november novembre noviembre novembro",
    12: "dec december dez dezember décembre déc decembre diciembre dic dicembre dezembro",
}
_MONTHS = {name: number for number, names in _NAMES.items() for name in names.split()}
_ZONES = {
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "CET": 60,
    "CEST": 120,
    "EET": 120,
    "EEST": 180,
    "WET": 0,
    "WEST": 60,
    "MEZ": 60,
    "MESZ": 120,
    "JST": 540,
}
"""Minutes east of UTC: those of RFC 2822, and of Europe."""


@dataclass(frozen=True)
class Moments:
    """`local` datetime64[us] (n,): the clock as written, NaT where a cell is missing or no date. `offset` float64 (n,): minutes
    east of UTC, 0 where none is written."""

    local: NDArray[np.datetime64]
    offset: NDArray[np.float64]

    @property
    def instant(self) -> NDArray[np.datetime64]:
        """datetime64[us] (n,), UTC."""
        return self.local - (self.offset * 60e6).astype("timedelta64[us]")

    @property
    def missing(self) -> NDArray[np.bool_]:
        return np.isnat(self.local)


MOST_SHAPES = 20_000
"""Of one family: names of months, weekdays and zones in all spellings make some thousands. Further ones are read as no dates."""


class Shapes:
    """The shapes of texts (as `cells.present` gives them). `known`: the places of those that are not missing; what follows runs
    in parallel to these, (k,)."""

    def __init__(self, array: pa.Array) -> None:
        self.known = np.flatnonzero(~is_null(array))
        texts = array.drop_null().cast(pa.large_string())
        self.texts = texts
        count = len(texts)
        _, offsets, body = texts.buffers()
        self._start = np.zeros(1, np.int64) if not count else np.frombuffer(offsets, np.int64)[texts.offset :][: count + 1]
        self._bytes = np.frombuffer(body or b"", np.uint8)
        blank = np.where((self._bytes >= 48) & (self._bytes <= 57), np.uint8(48), self._bytes)
        shapes = pa.LargeStringArray.from_buffers(count, offsets, pa.py_buffer(blank), offset=texts.offset) if count else texts
        coded = shapes.dictionary_encode()
        self.shapes: pa.Array = coded.dictionary
        self.shape_of: NDArray[np.int64] = np.asarray(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
        self._order = np.argsort(self.shape_of, kind="stable")
        self._bounds = np.searchsorted(self.shape_of[self._order], np.arange(len(self.shapes) + 1))

    def fit(self, pattern: str) -> NDArray[np.bool_]:
        """Whether each fits a pattern that tells no figure from another."""
        return as_mask(pc.match_substring_regex(self.shapes, pattern=pattern))[self.shape_of]

    def moments(
        self, family: str, orders: tuple[str, ...], among: NDArray[np.bool_] | None = None
    ) -> Iterator[tuple[NDArray[np.int64], list["Moments"]]]:
        """For each shape that fits a family: the places (in `known`) of its cells, those `among` which are wanted, and their
        moments by each order."""
        compiled = _COMPILED[family]
        fit = np.flatnonzero(as_mask(pc.match_substring_regex(self.shapes, pattern=FAMILIES[family])))
        for shape in fit[:MOST_SHAPES].tolist():
            cells = self._order[self._bounds[shape] : self._bounds[shape + 1]]
            cells = cells if among is None else cells[among[cells]]
            text = self.shapes[shape].as_py()
            match = compiled.match(text)
            if match is None or not len(cells):
                continue
            words = {name: word for name, word in match.groupdict().items() if word}
            figures = {
                name: self._figures(cells, text, match.start(name), word)
                for name, word in words.items()
                if name not in ("mon", "p", "z", "f")
            }
            micro = np.zeros(len(cells), np.int64)
            if "f" in words:
                digits = words["f"][1:7]
                micro = self._figures(cells, text, match.start("f") + 1, digits) * 10 ** (6 - len(digits))
            offset = self._offset(cells, text, match.start("z"), words["z"]) if "z" in words else np.zeros(len(cells))
            yield cells, [_made(words, figures, micro, offset, order) for order in orders]

    def _figures(self, cells: NDArray[np.int64], text: str, start: int, digits: str) -> NDArray[np.int64]:
        """The number that stands in each cell where a shape has these digits."""
        at = self._start[cells] + len(text[:start].encode())
        value = np.zeros(len(cells), np.int64)
        for place in range(len(digits)):
            value = value * 10 + (self._bytes[at + place] - 48)
        return value

    def _offset(self, cells: NDArray[np.int64], text: str, start: int, zone: str) -> NDArray[np.float64]:
        """Minutes east of UTC, NaN for a zone that is not known."""
        match = _OFFSET.fullmatch(zone)
        if match is None:
            return np.full(len(cells), 0.0 if zone in ("Z", "z", "UTC", "GMT") else _ZONES.get(zone, np.nan))
        minutes = 60 * self._figures(cells, text, start + match.start(2), match[2])
        if match[3]:
            minutes += self._figures(cells, text, start + match.start(3), match[3])
        return np.where(minutes > 18 * 60, np.nan, minutes if match[1] == "+" else -minutes)


_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?")
_COMPILED = {family: re.compile(pattern.replace(r"\pL", r"[^\W\d_]")) for family, pattern in FAMILIES.items()}


def _made(
    words: Mapping[str, str],
    figures: Mapping[str, NDArray[np.int64]],
    micro: NDArray[np.int64],
    offset: NDArray[np.float64],
    order: str,
) -> Moments:
    """The moments of cells of one shape. `words`: the parts that it has; `figures` (n,): those of digits; `micro` (n,):
    microseconds."""
    nothing = np.zeros(len(micro), np.int64)
    year = figures["y"]
    if "a" in figures:
        one, two = figures["a"], figures["b"]
        year, month, day = {"dmy": (year, two, one), "mdy": (year, one, two), "ymd": (one, two, year)}[order]
    else:
        month = figures["m"] if "m" in figures else nothing + _MONTHS.get(words["mon"].lower(), 0)
        day = figures.get("d", nothing + 1)
    year = np.where(year < 69, year + 2000, np.where(year < 100, year + 1900, year))
    good = (year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = ((year - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    good &= days.astype("datetime64[M]") == months
    hour, minute, second = (figures.get(name, nothing) for name in "HMS")
    if "p" in words:
        good &= (hour >= 1) & (hour <= 12)
        hour = hour % 12 + 12 * (words["p"].lower() == "p")
    elif "H" in words and "M" not in words:
        # an hour alone is a time only with AM or PM behind it
        good &= False
    good &= (hour < 24) & (minute < 60) & (second < 61) & ~np.isnan(offset)
    local = days.astype("datetime64[us]") + (((hour * 60 + minute) * 60 + second) * 1_000_000 + micro).astype("timedelta64[us]")
    local[~good] = np.datetime64("NaT", "us")
    return Moments(local, np.nan_to_num(offset))


def words_of_dates() -> dict[str, dict[str, Any]]:
    """What a reader of dates elsewhere needs: the families as patterns of Python, `months` and `zones` by their names."""
    families = {family: pattern.replace(r"\d", "[0-9]").replace(r"\pL", r"[^\W\d_]") for family, pattern in FAMILIES.items()}
    return {"dates": families, "months": dict(_MONTHS), "zones": dict(_ZONES)}
