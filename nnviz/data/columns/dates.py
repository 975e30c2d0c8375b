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

from nnviz.data.columns import cells
from nnviz.data.columns.cells import as_mask, is_null
from nnviz.data.columns.date_formats import FAMILIES, ISO, Moments, Shapes
from nnviz.data.columns.reading_rules import NEWEST, Rules

NEARLY_ALL = 0.9
"""From this share of its known cells on, a column is one of dates."""
ORDERS = ("ymd", "dmy", "mdy")
SAMPLE = 1000
MOST_GENERAL = 20_000
"""Different texts that dateutil is asked about: it takes some 0.1 ms for each."""
DATE_NAME = re.compile(r"(?i).*(date|datum|day|tag|jour|fecha|data|dia|time|zeit|stamp|when|ymd|yyyymmdd|(^|[ _.-])d[at]?t).*")


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


def detect_declared(array: pa.Array) -> Detected:
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
    if (moments.missing & ~is_null(array)).any():
        way += "+general"
        moments = parse(array, way)
    return Detected(way=way, moments=moments, ambiguous=ambiguous, offsets=_offsets(moments))


def read(column: pd.Series, way: str, *, day_first: bool = False, rules: Rules = NEWEST) -> Moments:
    """A column by the way that was decided for it; without one (by the first rules) as `cells.dates`, offsets cut off. Raises
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
    head = array.slice(0, SAMPLE)
    if len(array) < cells.FEW or len(pc.unique(head)) > len(head) / 2:
        return _parsed(array, order, marks)
    # days repeat: each different text is read once
    coded = array.dictionary_encode()
    moments = _parsed(pa.concat_arrays([coded.dictionary, pa.nulls(1, array.type)]), order, marks)
    places = coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)
    return Moments(moments.local[places], moments.offset[places])


def _parsed(array: pa.Array, order: str, marks: list[str]) -> Moments:
    local = np.full(len(array), np.datetime64("NaT", "us"))
    offset = np.zeros(len(array))
    open_cells = ~is_null(array)
    if "seconds" in marks or "milliseconds" in marks:
        values = cells.text_numbers(array) * (1e6 if "seconds" in marks else 1e3)
        usable = np.abs(values) < 2.5e17
        local[usable] = np.round(values[usable]).astype(np.int64).astype("datetime64[us]")
        open_cells &= ~usable
    shapes = Shapes(array)
    is_iso = np.zeros(len(array), dtype=bool)
    is_iso[shapes.known] = shapes.fit(ISO)
    is_iso &= open_cells
    if is_iso.any():
        texts = pc.filter(array, pa.array(is_iso)).to_pandas()
        local[is_iso] = pd.to_datetime(texts, format="ISO8601", errors="coerce").astype("datetime64[us]").to_numpy()
        open_cells &= ~is_iso
    for family in FAMILIES:
        if not open_cells.any():
            break
        if family == "digits" and "digits" not in marks:
            continue
        for which, (moments,) in shapes.moments(family, (order,), open_cells[shapes.known]):
            read = ~moments.missing
            places = shapes.known[which[read]]
            local[places], offset[places] = moments.local[read], moments.offset[read]
            open_cells[places] = False
    if "digits" in marks and open_cells.any():
        years = cells.text_numbers(array)
        usable = open_cells & (years >= 1900) & (years <= 2100) & (years == np.round(years))
        local[usable] = (years[usable].astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[us]")
        open_cells &= ~usable
    if "general" in marks and open_cells.any():
        _generally(array, np.flatnonzero(open_cells), order, local, offset)
    return Moments(local, offset)


def _order(array: pa.Array) -> tuple[str, str]:
    """The order of dates of figures, and a cell that leaves it open. The day comes first where a first figure is above 12,
    or (all being open) dots stand between, or only so do the dates run on one way; else the month."""
    shapes = Shapes(array)
    every = {order: np.full(len(shapes.known), np.datetime64("NaT", "us")) for order in ORDERS}
    keep = np.zeros(len(shapes.known), dtype=bool)
    for which, of_orders in shapes.moments("figures", ORDERS):
        keep[which] = True
        for order, seen in zip(ORDERS, of_orders, strict=True):
            every[order][which] = seen.local
    if not keep.any():
        return "mdy", ""
    moments = {order: local[keep] for order, local in every.items()}
    valid = {order: int((~np.isnat(local)).sum()) for order, local in moments.items()}
    best = [order for order in ("mdy", "dmy", "ymd") if valid[order] == max(valid.values())]
    if len(best) > 1 and best[-1] == "ymd":
        runs_on = [order for order in best if _runs_on(moments[order])]
        if runs_on != ["ymd"]:
            best.pop()
    if len(best) == 1:
        return best[0], ""
    if best[-1] == "ymd":
        return "ymd", ""
    differ = (moments["dmy"] != moments["mdy"]) & ~np.isnat(moments["dmy"]) & ~np.isnat(moments["mdy"])
    is_dotted = bool(shapes.fit(r"^\D*\d{1,2}\.")[keep].mean() > 0.5)
    if is_dotted or not differ.any():
        return ("dmy" if is_dotted else "mdy"), ""
    runs = {order: _runs_on(moments[order]) for order in ("dmy", "mdy")}
    if runs["dmy"] != runs["mdy"]:
        return ("dmy" if runs["dmy"] else "mdy"), ""
    example = shapes.texts[int(np.flatnonzero(keep)[np.flatnonzero(differ)[0]])].as_py()
    return "mdy", "" if shapes.fit(r"[AaPp]\.?[Mm]\.?$")[keep].any() else example


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


def _generally(
    array: pa.Array, places: NDArray[np.int64], order: str, local: NDArray[np.datetime64], offset: NDArray[np.float64]
) -> None:
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
                one, two = (
                    parser.parse(text, default=default, dayfirst=order == "dmy", yearfirst=order == "ymd")
                    for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))
                )
                zone = one.utcoffset()
            except (ValueError, OverflowError, TypeError, AttributeError):
                continue
            if (one.year, one.month) == (two.year, two.month):
                known[text] = (np.datetime64(one.replace(tzinfo=None), "us"), zone.total_seconds() / 60 if zone else 0.0)
        made = known[text]
        if made is not None:
            local[place], offset[place] = made


def _may_be_dates(array: pa.Array) -> bool:
    """Whether most of the cells, taken evenly, look at all like dates: figures and a month, or three figures."""
    known = array.drop_null()
    few = known.take(pa.array(np.linspace(0, len(known) - 1, min(len(known), SAMPLE)).astype(np.int64)))
    return bool(as_mask(pc.match_substring_regex(few, pattern=r"\d{8}|\d[^\d]+\d|\pL{3}.*\d{4}")).mean() > 0.5)


def _offsets(moments: Moments) -> int:
    return len(np.unique(moments.offset[~moments.missing]))


def _share(array: pa.Array, pattern: str) -> float:
    """Of the known cells."""
    return float(as_mask(pc.match_substring_regex(array, pattern=pattern)).sum() / max(1, len(array) - array.null_count))
