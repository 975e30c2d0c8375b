"""What single cells mean, as an exported encoder reads them: numbers and dates of people, without nnviz, pyarrow or pandas.

It says for one cell what `nnviz.data.columns` says for whole columns; `tests/export/test_raw_rows.py` holds both together.
What follows the mark below is written into the encoder's file, see `raw_rows`."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta

# From here on: part of the encoder's file

UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
EPOCH = datetime(1970, 1, 1)
FIGURES = "[0-9]+\\.?[0-9]*|\\.[0-9]+"
POWER = "([eE][+-]?[0-9]+)?"
PLAIN = re.compile(rf"[+-]?({FIGURES}){POWER}")
COMMA = re.compile(rf"[+-]?([0-9]+,[0-9]*|,[0-9]+){POWER}")
COMMA_PLAIN = re.compile(rf"[+-]?([0-9]+,?[0-9]*|,[0-9]+){POWER}")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
COMMA_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?")
INFINITE = re.compile(r"[+-]?(inf|infinity|1\.#inf|∞)", re.IGNORECASE)
WAY = re.compile(r"1(.)234([.,])5(?: (.+))?", re.DOTALL)
LIKE_ASCII = (
    (re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]"), " "),
    (re.compile("[\u2019\u02bc\u2018`\u00b4]"), "'"),
    (re.compile("[\u2212\u2013\ufe63\uff0d]"), "-"),
)
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?)?")
OFFSET = re.compile(r"(?:UTC|GMT)?([+-])([0-9]{1,2}):?([0-9]{2})?")
OLD_DATE = re.compile(
    r"([0-9]{4}[-/.][0-9]{1,2}([-/.][0-9]{1,2})?|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}|[0-9]{1,2}[ -][A-Za-z]{3,9}[ -][0-9]{4}"
    r"|[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{4})([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
Moment = tuple[datetime, float]
"""The clock as it is written, and minutes east of UTC."""


def canonical(name: str) -> str:
    """A name as it is compared: letters composed, without white space and unseen characters at its ends."""
    composed, before = unicodedata.normalize("NFC", name), None
    while composed != before:
        before, composed = composed, composed.strip().strip(UNSEEN)
    return composed


def number_of(text: str, decimal: str = ".") -> float | None:
    """The number that a text is, written plainly or with grouped thousands; None where it is none."""
    text = text.replace("\u2212", "-")
    grouped, mark = (COMMA_GROUPED, ".") if decimal == "," else (GROUPED, ",")
    text = text.replace(mark, "") if grouped.fullmatch(text) else text
    text = text.replace(",", ".") if COMMA.fullmatch(text) else text
    if INFINITE.fullmatch(text):
        return float("-inf" if text.startswith("-") else "inf")
    return float(text) if PLAIN.fullmatch(text) else None


def number_by_way(text: str, way: str, *, currency: str) -> float | None:
    """The number that a text is by the `way` of its column, which is what 1234.5 would be written as ("1.234,5 kg"). A text
    that does not fit it is read where it can be one number only. A unit of the pattern `currency` may also stand before it."""
    match = WAY.fullmatch(way)
    if match is None:
        raise ValueError(f"{way!r} is no way to write 1234.5")
    group, decimal, unit = match[1], match[2], re.escape(match[3] or "")
    plain = text
    for pattern, replacement in LIKE_ASCII:
        plain = pattern.sub(replacement, plain)
    before = rf"(?P<before>{unit})?" if unit and re.fullmatch(currency, match[3]) else "(?P<before>)"
    after = rf"(?: ?(?P<unit>{unit}))?" if unit else "(?P<unit>)"
    parts = re.fullmatch(
        rf"(?P<open>\()? ?(?P<sign>[+-])? ?{before} ?(?P<inner>[+-])? ?(?P<body>[0-9](?:[0-9., ']*[0-9])?[.,]?|[.,][0-9]+)"
        rf"(?P<power>[eE][+-]?[0-9]+)?(?P<after>-)?{after} ?(?P<last>-)? ?(?P<close>\))?",
        plain,
    )
    marks = re.escape(group), re.escape(decimal)
    lakhs = "|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}" if group == "," else ""
    figures = rf"(?:[0-9]+|[1-9][0-9]{{0,2}}(?:{marks[0]}[0-9]{{3}})+{lakhs})?(?:{marks[1]}[0-9]*)?"
    if parts is not None and re.fullmatch(figures, parts["body"]):
        signs = [sign for sign in (parts["sign"], parts["inner"], parts["after"], parts["last"], parts["open"]) if sign]
        if len(signs) <= 1 and bool(parts["open"]) == bool(parts["close"]) and not (parts["before"] and parts["unit"]):
            value = float(parts["body"].replace(group, "").replace(",", ".") + (parts["power"] or ""))
            return -value if signs and signs[0] != "+" else value
    return None if "," in text else number_of(text)


def date_of(
    text: str,
    way: str,
    *,
    families: Mapping[str, "re.Pattern[str]"],
    months: Mapping[str, int],
    zones: Mapping[str, int],
    day_first: bool = False,
) -> Moment | None:
    """The date that a text is by the `way` of its column: an order of day, month and year, and marks; None where it is none."""
    if not way:
        return _old_date(text, day_first)
    order, *marks = way.split("+")
    number = number_of(text)
    if ("seconds" in marks or "milliseconds" in marks) and number is not None:
        micro = number * (1e6 if "seconds" in marks else 1e3)
        if abs(micro) < 2.5e17:
            return EPOCH + timedelta(microseconds=round(micro)), 0.0
    iso = ISO.fullmatch(text)
    if iso is not None:
        return _iso(iso)
    for name, pattern in families.items():
        match = pattern.fullmatch(text) if name != "digits" or "digits" in marks else None
        words = {} if match is None else {part: word for part, word in match.groupdict().items() if word}
        moment = _made(words, order, months, zones) if words else None
        if moment is not None:
            return moment
    if "digits" in marks and number is not None and 1900 <= number <= 2100 and number == round(number):
        return datetime(int(number), 1, 1), 0.0
    return _generally(text, order) if "general" in marks else None


def _iso(match: "re.Match[str]") -> Moment | None:
    year, month, day, hour, minute, second = (int(match[place] or 0) for place in range(1, 7))
    try:
        return datetime(year, month, day, hour, minute, second, int((match[7] or "0").ljust(6, "0"))), 0.0
    except ValueError:
        return None


def _made(words: Mapping[str, str], order: str, months: Mapping[str, int], zones: Mapping[str, int]) -> Moment | None:
    """The moment of the parts of a date; None where there is no such day or time."""
    part = {name: int(word) for name, word in words.items() if name in "abydmHMS"}
    year, month, day = part["y"], part.get("m", 0), part.get("d", 1)
    if "a" in part:
        one, two = part["a"], part["b"]
        year, month, day = {"dmy": (year, two, one), "mdy": (year, one, two), "ymd": (one, two, year)}[order]
    elif "mon" in words:
        month = months.get(words["mon"].lower(), 0)
    year += 2000 if year < 69 else 1900 if year < 100 else 0
    hour, minute, second = (part.get(name, 0) for name in "HMS")
    if "p" in words:
        hour = hour % 12 + 12 * (words["p"].lower() == "p") if 1 <= hour <= 12 else 99
    elif "H" in words and "M" not in words:
        return None
    offset = _offset(words.get("z", "Z"), zones)
    if offset is None or hour > 23 or minute > 59 or second > 60:
        return None
    micro = int(words["f"][1:7].ljust(6, "0")) if "f" in words else 0
    try:
        return datetime(year, month, day) + timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro), offset
    except (ValueError, OverflowError):
        return None


def _offset(zone: str, zones: Mapping[str, int]) -> float | None:
    match = OFFSET.fullmatch(zone)
    if match is None:
        return 0.0 if zone in ("Z", "z", "UTC", "GMT") else zones.get(zone)
    minutes = 60.0 * int(match[2]) + int(match[3] or 0)
    return None if minutes > 18 * 60 else minutes if match[1] == "+" else -minutes


def _generally(text: str, order: str) -> Moment | None:
    """What dateutil makes of a text; not of one that names no year and month, where it would fill in today's."""
    from dateutil import parser

    try:
        one, two = (
            parser.parse(text, default=default, dayfirst=order == "dmy", yearfirst=order == "ymd")
            for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))
        )
        zone = one.utcoffset()
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None
    if (one.year, one.month) != (two.year, two.month):
        return None
    return one.replace(tzinfo=None), zone.total_seconds() / 60 if zone else 0.0


def _old_date(text: str, day_first: bool) -> Moment | None:
    """As the first reading rules read dates: pandas does it, and offsets are cut off."""
    import pandas as pd

    if not OLD_DATE.fullmatch(text):
        return None
    text = re.sub(r"(:[0-9]{2}(\.[0-9]+)?)\s*(Z|[+-][0-9]{2}:?[0-9]{2})$", r"\1", text)
    moment = pd.to_datetime(pd.Series([text]), format="ISO8601", errors="coerce")[0]
    if pd.isna(moment):
        moment = pd.to_datetime(pd.Series([text]), format="mixed", dayfirst=day_first, errors="coerce")[0]
    return None if pd.isna(moment) else (moment.to_pydatetime(warn=False), 0.0)
