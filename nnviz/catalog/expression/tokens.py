"""The first check of an expression, word by word, so that a mistake is placed where it was made."""

import re
from collections.abc import Iterator

from nnviz.catalog.expression.language import ARGUMENTS, CONSTANTS, MAX_NUMBER, allowed
from nnviz.catalog.expression.nearest import nearest
from nnviz.errors import ExpressionError

_TOKEN = re.compile(
    r"(?P<blank> +)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|[<>]=|[=!]=|[-+*/(),<>])"
)
_INSTEAD = {
    "^": "Write ** for a power.",
    "=": "Write == to compare.",
    "%": "Write clip, where or a division.",
    "[": "Use round brackets.",
    "{": "Use round brackets.",
    "!": "Write != to compare.",
}


def check_tokens(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The names that occur. Refuses what is not in the language, and values and operators that do not alternate:
    Python's own parser often places such a mistake at the start."""
    used: dict[str, None] = {}
    opened: list[tuple[int, bool]] = []
    last, needs_value = "", True
    for position, kind, word in _tokens(text, known):
        token = f"{word[:40]!r} at position {position + 1}"
        if kind != "operator" and not needs_value:
            raise ExpressionError(f"{token} needs an operator before it", position=position, remedy="Write * to multiply.")
        if kind == "name" and word in known:
            used[word] = None
        if kind != "operator":
            needs_value = False
        elif word == "(":
            if not needs_value and (last not in ARGUMENTS or last in known):
                raise ExpressionError(f"{last[:40]!r} is not a function", position=position, remedy="Write * to multiply.")
            opened.append((position, not needs_value))
            needs_value = True
        elif needs_value and word not in "+-":
            raise ExpressionError(f"a value is missing before {token}", position=position, remedy="Add it.")
        elif word == ")":
            if not opened:
                raise ExpressionError(f"{token} closes no bracket", position=position, remedy="Remove it.")
            opened.pop()
        else:
            if word == "," and not (opened and opened[-1][1]):
                raise ExpressionError(
                    f"{token} may only part the arguments of a function", position=position, remedy="Write a point for decimals."
                )
            needs_value = True
        last = word
    if needs_value:
        raise ExpressionError("the expression ends too early", position=len(text), remedy="A value is missing at its end.")
    if opened:
        position = opened[-1][0]
        raise ExpressionError(
            f"the bracket at position {position + 1} is not closed", position=position, remedy="Add the missing )."
        )
    return tuple(used)


def _tokens(text: str, known: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            wrong = text[position]
            raise ExpressionError(
                f"{wrong!r} at position {position + 1} is not allowed",
                position=position,
                remedy=_INSTEAD.get(wrong, allowed(known)),
            )
        kind, word = str(match.lastgroup), match.group()
        if kind == "name" and word not in (*known, *ARGUMENTS, *CONSTANTS):
            is_called = text[match.end() :].lstrip(" ").startswith("(")
            meant = nearest(word, ARGUMENTS if is_called else (*known, *CONSTANTS))
            raise ExpressionError(
                f"{word[:40]!r} at position {position + 1} is unknown",
                position=position,
                remedy=(f"Did you mean {meant}? " if meant else "") + allowed(known),
            )
        if kind == "number" and not abs(float(word)) <= MAX_NUMBER:
            raise ExpressionError(
                f"the number {word[:40]} at position {position + 1} is too large",
                position=position,
                remedy=f"At most {MAX_NUMBER:g} is allowed.",
            )
        if kind != "blank":
            yield position, kind, word
        position = match.end()
