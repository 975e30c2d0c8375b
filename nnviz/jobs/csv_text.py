r"""CSV files that programs read back exactly and spreadsheets do not run.

A spreadsheet takes a cell that begins with = + - or @ (or with a tab or line end before one) for a formula, wherever its text
came from: a class label like `=HYPERLINK(...)` in a file that somebody else made would be run by whoever opens the
predictions. Such a text is written with an apostrophe before it; so is one that begins with apostrophes and then such a
sign, so that taking one away always gives the text as it was:

    re.sub(r"^'(?='*[=+\-@\t\r\n＝＋－＠])", "", cell)

Numbers, a sign that stands alone (a class called + or -) and all other texts are written as they are.
"""

import re
from collections.abc import Iterable
from typing import Any

# Full-width signs, too: spreadsheets in East Asian languages take them for the others.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?"
_NUMBERS = re.compile(f"{_NUMBER}(; {_NUMBER})*")
_ALONE = frozenset("+-@=")


def safe(cell: Any) -> Any:
    """A cell as it is written: only texts that a spreadsheet would run are changed."""
    if not isinstance(cell, str) or not _FORMULA.match(cell) or cell in _ALONE or _NUMBERS.fullmatch(cell):
        return cell
    return f"'{cell}"


def safe_row(cells: Iterable[Any]) -> list[Any]:
    return [safe(cell) for cell in cells]
