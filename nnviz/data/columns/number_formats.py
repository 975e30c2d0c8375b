"""The formats of numbers: how 1234.5 may be written, and the parts (sign, figures, unit, ...) of which a cell consists."""

import re
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nnviz.data.columns.cells import as_mask, is_null

_BLANK = "[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]"
_APOSTROPHE = "[\u2019\u02bc\u2018`\u00b4]"
_MINUS = "[\u2212\u2013\ufe63\uff0d]"
_SYMBOL = "$€£¥₹₽₩₺₪฿₫₱₴₦₡"
_CODES = (
    "USD EUR GBP CHF JPY CNY RMB INR AUD CAD NZD SEK NOK DKK PLN CZK HUF RON BGN RUB UAH TRY BRL MXN ARS CLP COP ZAR "
    "ILS AED SAR SGD HKD KRW THB IDR MYR PHP VND EGP NGN KES"
)
CURRENCY = rf"(?:[A-Z]{{0,2}}[{_SYMBOL}]|{'|'.join(_CODES.split())}|Fr\.|SFr\.|Rs\.?|kr\.?|zł)"
_UNIT = rf"[\pLµ°%‰{_SYMBOL}][\pL\pMµ°%‰{_SYMBOL}./²³·^ -]{{0,14}}"
_CELL = (
    rf"^(?P<open>\()? ?(?P<sign>[+-])? ?(?P<before>{CURRENCY})? ?(?P<inner>[+-])? ?"
    r"(?P<body>\d(?:[\d., ']*\d)?[.,]?|[.,]\d+)(?P<power>[eE][+-]?\d+)?(?P<after>-)?"
    rf"(?: ?(?P<unit>{_UNIT}?))?(?P<last>-)? ?(?P<close>\))?$"
)
_NAMES = ("open", "sign", "before", "inner", "body", "power", "after", "unit", "last", "close")
SEPARATORS = ((".", ","), (".", " "), (".", "'"), (",", "."), (",", " "), (",", "'"))
"""Decimal marks with marks between thousands."""
_WRITTEN = re.compile(r"1(.)234([.,])5(?: (.+))?", re.DOTALL)
_MEASURES = frozenset(
    re.split(
        " ",
        "% ‰ kg g mg t lb lbs oz m cm mm km ft in mi yd nm µm mph km/h m/s kn °C °F C F K h min s ms d days day hours hour hrs "
        "minutes seconds weeks months years l L ml cl dl gal W kW MW kWh MWh J kJ kcal V mV A mA Hz kHz MHz GHz bar mbar hPa Pa "
        "kPa psi m² m³ km² ha k M B GB MB kB TB",
    )
)
_IS_CURRENCY = re.compile(rf"(?:{CURRENCY})")


@dataclass(frozen=True)
class NumberFormat:
    """`group`: what stands between thousands, as `,`, `.`, a blank or an apostrophe. `unit` "": none."""

    decimal: str = "."
    group: str = ","
    unit: str = ""

    @classmethod
    def of(cls, written: str) -> Self:
        """From the text that 1234.5 is written as. Raises ValueError for any other."""
        match = _WRITTEN.fullmatch(written)
        if match is None or (match[2], match[1]) not in SEPARATORS:
            raise ValueError(f"{written!r} is no way to write 1234.5")
        return cls(match[2], match[1], match[3] or "")

    def __str__(self) -> str:
        return f"1{self.group}234{self.decimal}5" + (f" {self.unit}" if self.unit else "")

    @property
    def pattern(self) -> str:
        """Of the figures alone, without sign, exponent and unit."""
        group = re.escape(self.group)
        lakhs = r"|[1-9]\d?(?:,\d\d)+,\d{3}" if self.group == "," else ""
        return rf"^(?:\d+|[1-9]\d{{0,2}}(?:{group}\d{{3}})+{lakhs})?(?:{re.escape(self.decimal)}\d*)?$"


def parts_of(array: pa.Array) -> dict[str, pa.Array]:
    """What `_CELL` names, each null where a cell is no number; `unit`: before or after it."""
    plain = array
    if not pc.all(pc.string_is_ascii(array)).as_py():
        for pattern, replacement in ((_BLANK, " "), (_APOSTROPHE, "'"), (_MINUS, "-")):
            plain = pc.replace_substring_regex(plain, pattern=pattern, replacement=replacement)
    null = pa.scalar(None, plain.type)
    # most cells are figures with marks between; the long pattern is ten times as slow
    is_simple = matches(plain, r"^[+-]?\d[\d., ']*$")
    rest = pc.extract_regex(pc.if_else(pa.array(is_simple), null, plain), pattern=_CELL) if not is_simple.all() else None
    parts: dict[str, pa.Array] = {}
    for place, name in enumerate(_NAMES):
        simple: pa.Array | pa.Scalar = pa.scalar("", plain.type)
        if name == "body":
            simple = pc.utf8_ltrim(plain, characters="+-")
        elif name == "sign":
            simple = pc.if_else(pc.starts_with(plain, pattern="-"), pa.scalar("-", plain.type), simple)
        parts[name] = pc.if_else(pa.array(is_simple), simple, null if rest is None else rest.flatten()[place])
    if rest is None:
        parts["unit"] = parts["before"]
        return parts
    before, after = parts["before"], pc.utf8_trim_whitespace(parts["unit"])
    signs = np.sum(
        [~equals(parts[name], "") & ~is_null(parts[name]) for name in ("sign", "inner", "after", "last", "open")], axis=0
    )
    is_closed = equals(parts["open"], "(") == equals(parts["close"], ")")
    has_two = ~equals(before, "") & ~equals(after, "") & ~is_null(before)
    parts["unit"] = pc.if_else(pc.equal(after, ""), before, after)
    good = pa.array(~is_null(parts["body"]) & (signs <= 1) & is_closed & ~has_two)
    return {name: pc.if_else(good, part, null) for name, part in parts.items()}


def is_known_unit(unit: str) -> bool:
    """Whether it is a currency or one of the usual units of measurement."""
    return unit in _MEASURES or _IS_CURRENCY.fullmatch(unit) is not None


def is_strange(parts: dict[str, pa.Array]) -> NDArray[np.bool_]:
    """A sign after the number, parentheses, or a unit."""
    return np.asarray(
        equals(parts["open"], "(") | equals(parts["after"], "-") | equals(parts["last"], "-") | ~equals(parts["unit"], "")
    )


def equals(array: pa.Array, text: str) -> NDArray[np.bool_]:
    """bool (n,), False where a text is missing; so are those of `contains` and `matches`."""
    return as_mask(pc.equal(array, text))


def contains(array: pa.Array, mark: str) -> NDArray[np.bool_]:
    return as_mask(pc.match_substring(array, pattern=mark))


def matches(array: pa.Array, pattern: str) -> NDArray[np.bool_]:
    return as_mask(pc.match_substring_regex(array, pattern=pattern))
