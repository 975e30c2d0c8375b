"""The record of one column of a table: its type, how its cells are read, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Type = Literal["number", "category", "boolean", "date", "text", "identifier", "constant", "empty"]

BY_CHOICE = "as you chose"
"""Why a column is what it is where the spec says so."""
VALUES = ("number", "date", "boolean")
"""The types whose cells are values, not words."""


class ColumnChoice(Protocol):
    """What a spec sets for one column (see ColumnSpec)."""

    @property
    def type(self) -> str | None: ...

    @property
    def use(self) -> bool | None: ...

    @property
    def elapsed(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Column:
    """`missing`, `infinite` and `odd` (cells that are no number or date in a column of them) count rows; the last two
    are treated as missing. `lone`: a left-out row number that may serve when the table holds nothing else. `missing_words`:
    the words that counted as missing, and in how many cells. `value_words`: the usual words for a missing value (lower case)
    that are values here, and in how many cells. `merged`: how many different cells became the same number, date or truth as
    another, beyond what is another spelling of it."""

    name: str
    type: Type
    use: bool
    why: str
    missing: int
    unique: int
    infinite: int = 0
    odd: int = 0
    odd_examples: tuple[str, ...] = ()
    day_first: bool = False
    lone: bool = False
    way: str = ""
    """How its numbers or dates are written, where that is not plain: see `number_formats.Way` and `dates`."""
    notes: tuple[str, ...] = ()
    """What a reader of the report should know of how its cells were read."""
    missing_words: Mapping[str, int] = field(default_factory=dict)
    value_words: Mapping[str, int] = field(default_factory=dict)
    merged: int = 0
    merged_examples: tuple[str, ...] = ()
    elapsed: bool = False
    """Of dates: whether the days since the first one are an input, too."""

    @property
    def spared(self) -> tuple[str, ...]:
        """The usual words for a missing value, in lower case, that are values here."""
        return tuple(sorted({word.lower() for word in self.value_words}))
