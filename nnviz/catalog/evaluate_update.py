"""The lines of an update worked out in float64, with the numbers put in."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnviz.catalog.entry import Line
from nnviz.catalog.expression import parse

Floats = NDArray[np.float64]
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


class EvaluatedLine(NamedTuple):
    """A line with its numbers: `m = 0.9 * m + ...`, `0.9 * 0.0123 + ...` (empty for a quantity of a whole array), what that
    gives, and what it is."""

    symbol: str
    formula: str
    numbers: str
    value: float
    sense: str


def evaluate_update(
    lines: Sequence[Line],
    values: Mapping[str, Any],
    *,
    at: tuple[int, ...] = (),
    constraint: Callable[[Floats], Floats] = lambda array: array,
) -> tuple[list[EvaluatedLine], dict[str, Floats]]:
    """Work out the lines one after another; also all quantities after the last of them, float64.

    `values`: numbers, or arrays with the weight at the place `at` (of size 1 where they are the same for all). Rows and
    columns are the last axis and the one before. `constraint` is what the layer holds its weights to."""
    known = {name: np.asarray(value, np.float64) for name, value in values.items()}
    evaluated = []
    for line in lines:
        if line.reduction:
            numbers, value = "", _reduce(line.reduction, known[line.text], known, constraint)
        else:
            expression = parse(line.text, names=tuple(known))
            numbers = _with_numbers(line.text, {name: _one(known[name], at) for name in expression.names})
            value = np.asarray(expression.evaluate(known), np.float64)
        known[line.symbol] = value
        evaluated.append(EvaluatedLine(line.symbol, line.formula, numbers, _one(value, at), line.sense))
    return evaluated, known


def number(name: str, value: float) -> str:
    """To four digits, as it is put into a formula; the weight to six, for one step changes it little."""
    if name == "t":
        return f"{value:.0f}"  # a count
    return f"{value:.6g}" if name == "w" else f"{value:.4g}"


def _with_numbers(text: str, values: Mapping[str, float]) -> str:
    def put(match: re.Match[str]) -> str:
        value = values.get(match.group())
        if value is None:
            return match.group()
        before, after = text[: match.start()], text[match.end() :]
        # A minus sign needs its brackets unless it stands first.
        bare = before.endswith(("(", ", ")) or not before
        put_in, raised = number(match.group(), value), after.startswith(" **")
        plain = not (raised and "e" in put_in) if value >= 0 else bare and not raised
        return put_in if plain else f"({put_in})"

    return _NAME.sub(put, text)


def _one(value: Floats, at: tuple[int, ...]) -> float:
    if not value.ndim:
        return float(value)
    return float(value[tuple(0 if size == 1 else place for size, place in zip(value.shape, at, strict=True))])


def _reduce(name: str, x: Floats, known: Mapping[str, Floats], constraint: Callable[[Floats], Floats]) -> Floats:
    if name == "norm":
        return np.asarray(np.sqrt(np.sum(x**2)))
    if name == "rms":
        return np.asarray(np.sqrt(np.mean(x**2)))
    if name == "row_mean":
        return np.asarray(x.mean(axis=-1, keepdims=True))
    if name == "column_mean":
        return np.asarray(x.mean(axis=-2, keepdims=True))
    return constraint(x) if name == "constraint" else _orthogonal(x, known)


def _orthogonal(x: Floats, known: Mapping[str, Floats]) -> Floats:
    """Near the orthogonal factor of a matrix's polar decomposition: Muon's iteration of Newton and Schulz, on the matrix
    with its shorter side first, its norm made 1."""
    tall = x.shape[0] > x.shape[1]
    matrix = x.T if tall else x
    matrix = matrix / (np.sqrt(np.sum(matrix**2)) + 1e-7)
    for _ in range(int(known["ns_steps"])):
        square = matrix @ matrix.T
        matrix = known["muon_a"] * matrix + (known["muon_b"] * square + known["muon_c"] * square @ square) @ matrix
    return matrix.T if tall else matrix
