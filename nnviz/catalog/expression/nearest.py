"""The name that was meant where one is not known; `browser/stack/expression/nearest.js` does the same in the browser."""

from collections.abc import Iterable, Mapping

ALIASES: Mapping[str, str] = {"arctan": "atan", "ln": "log", "logistic": "sigmoid", "min": "minimum", "sgn": "sign"}
"""What other languages call these functions."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is written almost like this one; empty where none is."""
    names, low = sorted(known), name.lower()
    if ALIASES.get(low) in names:
        return ALIASES[low]
    best, least = "", _most(low) + 1.0
    for one in names:
        # of two that are as near, the one of the same length
        apart = distance(low, one.lower()) + abs(len(low) - len(one)) / 100
        if one != name and apart < least:
            best, least = one, apart
    return best


def _most(name: str) -> int:
    """How many slips a name may hold: none in a short one, which is as well another name."""
    return 0 if len(name) < 3 else 1 if len(name) < 7 else 2


def distance(a: str, b: str) -> int:
    """How many letters are too many, missing, other ones or swapped with their neighbour."""
    table = [[i or j for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            other = a[i - 1] != b[j - 1]
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + other)
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]
