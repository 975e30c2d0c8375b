"""Dates as people write them: which way a column writes them, and reading it by that way.

A way is an order ("dmy", "mdy" or "ymd") for dates of figures whose order is open, with marks behind it: "+digits" (20171201),
"+seconds" or "+milliseconds" (numbers since 1970), "+general" (what is left goes to dateutil). It is decided once for a column,
on its training file. Whatever the way, dates with the year first (ISO 8601) and with the month's name are read.

A year of two digits is that of POSIX: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068. Times of different offsets keep
the local clock for what a part shows (hour, weekday), and the instant (UTC) for their order.
"""

import re
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nnviz.data import cells
from nnviz.data.rules import NEWEST, Rules

NEARLY_ALL = 0.9
"""From this share of its known cells on, a column is one of dates."""
ORDERS = ("ymd", "dmy", "mdy")
SAMPLE = 1000
MOST_GENERAL = 20_000
"""Different texts that dateutil is asked about: it takes some 0.1 ms for each."""
DATE_NAME = re.compile(r"(?i).*(date|datum|day|tag|jour|fecha|data|dia|time|zeit|stamp|when|ymd|yyyymmdd|(^|[ _.-])d[at]?t).*|d[at]?t")

_WEEKDAY = r"(?:(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +)?"
_TIME = (
    r"(?:(?:[T,]? *|, ?|[ T]+at +)(?P<H>\d{1,2})(?::(?P<M>\d{2})(?::(?P<S>\d{2})(?P<f>[.,]\d+)?)?)?(?: ?(?P<p>[AaPp])\.?[Mm]\.?)?"
    r"(?: ?(?P<z>[Zz]|[+-]\d{2}:?(?:\d{2})?|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[A-Z]{3,4}))?)?$"
)
_ISO = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$"
_MONTH = r"(?P<mon>\pL{3,10})\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|re|º)?\.?"
_FAMILIES = {
    "year": rf"^{_WEEKDAY}(?P<y>\d{{4}})(?:-|/|\.)(?P<m>\d{{1,2}})(?:[-/.](?P<d>\d{{1,2}}))?{_TIME}",
    "figures": rf"^{_WEEKDAY}(?P<a>\d{{1,2}})(?:-|/|\. ?| )(?P<b>\d{{1,2}})(?:-|/|\. ?| )(?P<y>\d{{4}}|\d{{2}}){_TIME}",
    "day name": rf"^{_WEEKDAY}{_DAY}(?:[-/ ,]| ?de )*{_MONTH}(?:[-/ ,]| ?de )*(?P<y>\d{{4}}|\d{{2}}){_TIME}",
    "name day": rf"^{_WEEKDAY}{_MONTH}[-/ ,]*{_DAY}[-/ ,]+(?P<y>\d{{4}}){_TIME}",
    "year name": rf"^(?P<y>\d{{4}})[-/ ]{_MONTH}[-/ ]{_DAY}{_TIME}",
    "name year": rf"^{_MONTH}[-/ ,]+(?P<y>\d{{4}})$",
    "year last": rf"^{_WEEKDAY}{_MONTH} +{_DAY} +(?P<H>\d{{1,2}}):(?P<M>\d{{2}}):(?P<S>\d{{2}})(?: (?P<z>[A-Z]{{3,4}}))? (?P<y>\d{{4}})$",
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
_ZONES = {"EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "CET": 60,
          "CEST": 120, "EET": 120, "EEST": 180, "WET": 0, "WEST": 60, "MEZ": 60, "MESZ": 120, "JST": 540}
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


@dataclass(frozen=True, kw_only=True)
class Detected:
    """`ambiguous`: a cell that can be read two ways, where nothing in the column decides; "" where it is decided. `offsets`:
    how many different offsets there are."""

    way: str
    moments: Moments
    ambiguous: str = ""
    offsets: int = 0


def detect(array: pa.Array, *, name: str = "") -> Detected | None:
    """The way of a column (texts as `cells.present` gives them), or None where fewer than nine of ten known cells are dates.
    `name`: the column's; eight digits a cell are dates where all are valid days from 1900 to 2100, and the name says so or
    three or more of them reach over more than a month."""
    known = len(array) - array.null_count
    if not known or not _may_be_dates(array):
        return None
    if _share(array, r"^\d+(?:\.0)?$") > 1 - NEARLY_ALL:
        return _digits(array, name)
    way, ambiguous = _order(array)
    moments = parse(array, way)
    if (~moments.missing).sum() < NEARLY_ALL * known:
        return None
    return Detected(way=way, moments=moments, ambiguous=ambiguous, offsets=_offsets(moments))


def told(array: pa.Array) -> Detected:
    """As `detect`, of a column that is said to be one of dates: what no way fits goes to dateutil; plain numbers may be
    days of eight digits, years, or seconds or milliseconds since 1970."""
    way, ambiguous = _order(array)
    known = len(array) - array.null_count
    if known and _share(array, r"^-?\d+(\.\d+)?$") > 1 - NEARLY_ALL:
        size = np.nanmedian(np.abs(cells.text_numbers(array)))
        mark = ("+seconds" if size < 1e11 else "+milliseconds") if size > 1e8 or (size < 1e7 and size > 2100) else "+digits"
        moments = parse(array, way + mark)
        return Detected(way=way + mark, moments=moments)
    moments = parse(array, way)
    if (moments.missing & ~_null(array)).any():
        way += "+general"
        moments = parse(array, way)
    return Detected(way=way, moments=moments, ambiguous=ambiguous, offsets=_offsets(moments))


def read(column: pd.Series, way: str, *, day_first: bool = False, rules: Rules = NEWEST) -> Moments:
    """A column by the way that was decided for it; without one (rules of before) as `cells.dates`, offsets cut off. Raises
    ValueError for a text that is no way."""
    if not way:
        local = cells.dates(column, day_first=day_first, rules=rules).astype("datetime64[us]")
        return Moments(local.to_numpy(), np.zeros(len(column)))
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        local = column
        offset = np.zeros(len(column))
        if column.dt.tz is not None:
            local = column.dt.tz_localize(None)
            shift = local - column.dt.tz_convert("UTC").dt.tz_localize(None)
            offset = np.nan_to_num(shift.dt.total_seconds().to_numpy(dtype=np.float64) / 60)
        return Moments(local.astype("datetime64[us]").to_numpy(), offset)
    return parse(cells.text(column, rules=rules), way)


def parse(array: pa.Array, way: str) -> Moments:
    """As `read`, of texts as `cells.present` gives them."""
    order, *marks = way.split("+")
    if order not in ORDERS or any(mark not in ("digits", "seconds", "milliseconds", "general") for mark in marks):
        raise ValueError(f"{way!r} is no way to write dates")
    if len(array) < cells.FEW:
        return _parsed(array, order, marks)
    # days repeat: each different text is read once
    coded = array.dictionary_encode()
    found = _parsed(pa.concat_arrays([coded.dictionary, pa.nulls(1, array.type)]), order, marks)
    places = coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)
    return Moments(found.local[places], found.offset[places])


def _parsed(array: pa.Array, order: str, marks: list[str]) -> Moments:
    local = np.full(len(array), np.datetime64("NaT", "us"))
    offset = np.zeros(len(array))
    open_cells = ~_null(array)
    if "seconds" in marks or "milliseconds" in marks:
        values = cells.text_numbers(array) * (1e6 if "seconds" in marks else 1e3)
        usable = np.abs(values) < 2.5e17
        local[usable] = np.round(values[usable]).astype(np.int64).astype("datetime64[us]")
        open_cells &= ~usable
    is_iso = open_cells & _plain(pc.match_substring_regex(array, pattern=_ISO))
    if is_iso.any():
        texts = pc.filter(array, pa.array(is_iso)).to_pandas()
        local[is_iso] = pd.to_datetime(texts, format="ISO8601", errors="coerce").astype("datetime64[us]").to_numpy()
        open_cells &= ~is_iso
    for family, pattern in _FAMILIES.items():
        if not open_cells.any():
            break
        if family == "digits" and "digits" not in marks:
            continue
        places = np.flatnonzero(open_cells)
        cut = array if len(places) == len(array) else array.take(pa.array(places))
        fit = _plain(pc.match_substring_regex(cut, pattern=pattern))
        if not fit.any():
            continue
        places = places[fit]
        found = pc.extract_regex(cut if fit.all() else pc.filter(cut, pa.array(fit)), pattern=pattern)
        moments = _made(found, order)
        local[places], offset[places] = moments.local, moments.offset
        open_cells[places[~moments.missing]] = False
    if "digits" in marks and open_cells.any():
        years = cells.text_numbers(array)
        usable = open_cells & (years >= 1900) & (years <= 2100) & (years == np.round(years))
        local[usable] = (years[usable].astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[us]")
        open_cells &= ~usable
    if "general" in marks and open_cells.any():
        _generally(array, np.flatnonzero(open_cells), order, local, offset)
    return Moments(local, offset)


def _made(found: pa.Array, order: str) -> Moments:
    """Parts of dates that fit one pattern, all known."""
    names = [field.name for field in found.type]
    part = dict(zip(names, found.flatten(), strict=True))
    year = _whole(part["y"], 0)
    first, second = ("a", "b") if "a" in part else ("", "")
    if first:
        one, two = _whole(part["a"], 0), _whole(part["b"], 0)
        year, month, day = {"dmy": (year, two, one), "mdy": (year, one, two), "ymd": (one, two, year)}[order]
    else:
        month = _whole(part["m"], 0) if "m" in part else _named(part["mon"])
        day = _whole(part["d"], 1) if "d" in part else np.ones(len(year), dtype=np.int64)
    year = np.where(year < 69, year + 2000, np.where(year < 100, year + 1900, year))
    good = (year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = ((year - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    good &= days.astype("datetime64[M]") == months
    hour, minute, second_ = (_whole(part[name], 0) if name in part else np.zeros(len(year), np.int64) for name in "HMS")
    if "p" in part:
        is_pm = _plain(pc.equal(pc.utf8_lower(part["p"]), "p"))
        has_half = is_pm | _plain(pc.equal(pc.utf8_lower(part["p"]), "a"))
        good &= ~has_half | ((hour >= 1) & (hour <= 12))
        hour = np.where(has_half, hour % 12 + 12 * is_pm, hour)
        # an hour alone is a time only with AM or PM behind it
        good &= has_half | ~_plain(pc.not_equal(part["H"], "")) | _plain(pc.not_equal(part["M"], ""))
    good &= (hour < 24) & (minute < 60) & (second_ < 61)
    micro = ((hour * 60 + minute) * 60 + second_) * 1_000_000 + (_fraction(part["f"]) if "f" in part else 0)
    offset = np.zeros(len(year))
    if "z" in part and not pc.all(pc.equal(part["z"], "")).as_py():
        coded = part["z"].dictionary_encode()
        minutes = np.array([_minutes(zone) for zone in coded.dictionary.to_pylist()])
        offset = minutes[coded.indices.to_numpy(zero_copy_only=False)]
        good &= ~np.isnan(offset)
        offset = np.nan_to_num(offset)
    local = days.astype("datetime64[us]") + micro.astype("timedelta64[us]")
    local[~good] = np.datetime64("NaT", "us")
    return Moments(local, offset)


def _order(array: pa.Array) -> tuple[str, str]:
    """The order of dates of figures, and a cell that leaves it open. The day comes first where a first figure is above 12,
    or (all being open) dots stand between, or only so do the dates run on one way; else the month."""
    found = pc.extract_regex(array, pattern=_FAMILIES["figures"])
    keep = ~_null(found)
    if not keep.any():
        return "mdy", ""
    found = pc.filter(found, pa.array(keep))
    texts = pc.filter(array, pa.array(keep))
    moments = {order: _made(found, order).local for order in ORDERS}
    valid = {order: int((~np.isnat(local)).sum()) for order, local in moments.items()}
    best = [order for order in ("mdy", "dmy", "ymd") if valid[order] == max(valid.values())]
    if len(best) > 1 and best[-1] == "ymd" and not (_runs_on(moments["ymd"]) and not any(_runs_on(moments[order]) for order in best[:-1])):
        best.pop()
    if len(best) == 1:
        return best[0], ""
    if best[-1] == "ymd":
        return "ymd", ""
    differ = (moments["dmy"] != moments["mdy"]) & ~np.isnat(moments["dmy"]) & ~np.isnat(moments["mdy"])
    is_dotted = bool(_plain(pc.match_substring_regex(texts, pattern=r"^\D*\d{1,2}\.")).mean() > 0.5)
    if is_dotted or not differ.any():
        return ("dmy" if is_dotted else "mdy"), ""
    runs = {order: _runs_on(moments[order]) for order in ("dmy", "mdy")}
    if runs["dmy"] != runs["mdy"]:
        return ("dmy" if runs["dmy"] else "mdy"), ""
    example = texts[int(np.flatnonzero(differ)[0])].as_py()
    return "mdy", "" if _plain(pc.match_substring_regex(texts, pattern=r"[AaPp]\.?[Mm]\.?$")).any() else example


def _runs_on(local: NDArray[np.datetime64]) -> bool:
    """Whether dates never turn back, up or down, over many of them."""
    steps = np.diff(local[~np.isnat(local)]).astype(np.int64)
    return len(steps) >= 10 and bool((steps >= 0).all() or (steps <= 0).all())


def _digits(array: pa.Array, name: str) -> Detected | None:
    if _share(array, r"^(19\d\d|20\d\d|2100)\d{4}$") < 1:
        return None
    moments = parse(array, "ymd+digits")
    days = moments.local[~moments.missing]
    if len(days) < len(array) - array.null_count:
        return None
    months = np.unique(days.astype("datetime64[M]"))
    is_spread = len(np.unique(days)) >= 3 and len(months) > 1
    return Detected(way="ymd+digits", moments=moments) if is_spread or DATE_NAME.fullmatch(name.strip()) else None


def _generally(array: pa.Array, places: NDArray[np.int64], order: str, local: NDArray[np.datetime64],
               offset: NDArray[np.float64]) -> None:
    """What dateutil makes of cells; not of those that name no year and month, where it would fill in today's."""
    from dateutil import parser

    texts = array.take(pa.array(places)).to_pylist()
    known: dict[str, tuple[np.datetime64, float] | None] = {}
    for place, text in zip(places.tolist(), texts, strict=True):
        if text not in known:
            if len(known) >= MOST_GENERAL:
                break
            known[text] = None
            try:
                one, two = (parser.parse(text, default=default, dayfirst=order == "dmy", yearfirst=order == "ymd")
                            for default in (datetime(2000, 1, 1), datetime(2001, 2, 2)))
            except (ValueError, OverflowError, TypeError, AttributeError):
                continue
            if (one.year, one.month) == (two.year, two.month):
                zone = one.utcoffset()
                known[text] = (np.datetime64(one.replace(tzinfo=None), "us"), zone.total_seconds() / 60 if zone else 0.0)
        made = known[text]
        if made is not None:
            local[place], offset[place] = made


def _may_be_dates(array: pa.Array) -> bool:
    """Whether most of the cells, taken evenly, look at all like dates: figures and a month, or three figures."""
    known = array.drop_null()
    few = known.take(pa.array(np.linspace(0, len(known) - 1, min(len(known), SAMPLE)).astype(np.int64)))
    return bool(_plain(pc.match_substring_regex(few, pattern=r"\d{8}|\d[^\d]+\d|\pL{3}.*\d{4}")).mean() > 0.5)


def _offsets(moments: Moments) -> int:
    return len(np.unique(moments.offset[~moments.missing]))


def _minutes(zone: str) -> float:
    """Minutes east of UTC; NaN for a zone that is not known."""
    found = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", zone)
    if found:
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return float("nan") if minutes > 18 * 60 else float(minutes if found[1] == "+" else -minutes)
    return 0.0 if zone in ("", "Z", "z", "UTC", "GMT") else float(_ZONES.get(zone, "nan"))


def _named(array: pa.Array) -> NDArray[np.int64]:
    """Numbers of months by their names, 0 for what is none."""
    coded = array.dictionary_encode()
    numbers = np.array([_MONTHS.get(name.lower(), 0) for name in coded.dictionary.to_pylist()], dtype=np.int64)
    return numbers[coded.indices.to_numpy(zero_copy_only=False)]


def _whole(array: pa.Array, empty: int) -> NDArray[np.int64]:
    filled = pc.if_else(pc.equal(array, ""), pa.scalar(str(empty), array.type), array)
    return np.array(filled.cast(pa.int64()).to_numpy(zero_copy_only=False))


def _fraction(array: pa.Array) -> NDArray[np.int64]:
    """Microseconds of `.123`."""
    if pc.all(pc.equal(array, "")).as_py():
        return np.zeros(len(array), dtype=np.int64)
    digits = pc.utf8_slice_codeunits(pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(array, 1, 7), pa.scalar("000000", array.type), pa.scalar("", array.type)), 0, 6)
    return np.array(digits.cast(pa.int64()).to_numpy(zero_copy_only=False))


def _share(array: pa.Array, pattern: str) -> float:
    """Of the known cells."""
    return float(_plain(pc.match_substring_regex(array, pattern=pattern)).sum() / max(1, len(array) - array.null_count))


def _null(array: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(array.is_null().to_numpy(zero_copy_only=False), dtype=bool)


def _plain(array: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)
