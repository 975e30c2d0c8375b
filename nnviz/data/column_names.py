"""Names of columns: none blank, none twice, nothing else changed; and how names are put into sentences."""

import unicodedata
from collections.abc import Collection, Sequence
from typing import Any

MAX_NAMED = 12
"""Columns named one by one in a warning or a refusal."""

UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
"""Characters without a width: at the ends of a text nobody sees them."""
_ENDS = UNSEEN + "".join(chr(code) for code in range(0x3001) if chr(code).isspace())


def canonical(text: str) -> str:
    """A name as it is compared: letters composed (NFC), without white space and unseen characters at its ends."""
    return unicodedata.normalize("NFC", text).strip(_ENDS)


def as_column(name: str, columns: Collection[str]) -> str:
    """The column that a name means: the one of this name, else one that looks the same; else the name itself."""
    if name in columns or canonical(name) not in columns:
        return name
    return canonical(name)


def mended(names: Sequence[str], *, named: bool = True) -> tuple[list[str], list[str]]:
    """The names to use, and in words what was changed. `named=False`: there is no header, columns are numbered from 1."""
    if not named:
        return [f"column {index + 1}" for index in range(len(names))], []
    taken = set(names)
    used: set[str] = set()
    unique, notes = [], []
    for index, name in enumerate(names):
        new = name
        if not name.strip():
            new = _free(f"column {index + 1}", taken | used)
            notes.append(f"column {index + 1} has no name: it is called {new!r}")
        elif name in used:
            new = _free(name, taken | used)
            notes.append(f"the name {short(name)!r} occurs more than once: column {index + 1} is called {short(new)!r}")
        used.add(new)
        unique.append(new)
    if len(notes) > 6:
        notes = [*notes[:5], f"{len(notes) - 5} more columns were renamed in the same way"]
    return unique, notes


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


def count_of(count: int, noun: str) -> str:
    """A count with its noun: 1 row, 2,000 rows."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def short(name: str) -> str:
    """At most 60 characters of a name."""
    return name if len(name) <= 60 else name[:57] + "..."


def listed(names: Any) -> str:
    """The first MAX_NAMED names, each made short, and how many more there are."""
    shortened = [short(str(name)) for name in names]
    return ", ".join(shortened[:MAX_NAMED]) + (f" and {len(shortened) - MAX_NAMED} more" if len(shortened) > MAX_NAMED else "")
