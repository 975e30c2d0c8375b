"""Tables of the bench's own, drawn with a seed: what the made and built-in sets of nnviz have too little of (categories, many
columns, more than three classes, dates), and what a fault does to the rows themselves."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Made = tuple[dict[str, Any], NDArray[Any]]
"""Columns by name, and the target: strings for classes, numbers else."""

TARGET = "answer"
POOL = 6
"""Times as many rows are drawn as are kept, where classes are to be rare."""


def _classes(numbers: NDArray[np.int64]) -> NDArray[Any]:
    return np.array([f"kind {number}" for number in numbers])


def _numbers(x: Floats, name: str) -> dict[str, Any]:
    return {f"{name} {number + 1}": column for number, column in enumerate(x.T)}


def credit(rows: int, rng: np.random.Generator) -> Made:
    """Two classes by six numbers and a category: a product of two numbers, and an offset by category."""
    x, place = rng.normal(size=(rows, 6)), rng.integers(0, 4, rows)
    score = 1.5 * x[:, 0] * x[:, 1] + x[:, 2] + np.array([-1.5, 0.5, 1.5, -0.5])[place] + 0.3 * rng.normal(size=rows)
    return _numbers(x, "sum") | {"place": np.array(list("ABCD"))[place]}, _classes((score > 0).astype(np.int64))


def sensors(rows: int, rng: np.random.Generator) -> Made:
    """Four classes by eight numbers, each class in two clouds."""
    centres = np.random.default_rng(5).normal(0, 2.2, (8, 8))
    cloud = rng.integers(0, 8, rows)
    return _numbers(centres[cloud] + rng.normal(size=(rows, 8)), "sensor"), _classes(cloud % 4)


def wide_table(rows: int, rng: np.random.Generator) -> Made:
    """Three classes by forty numbers, of which six tell."""
    centres = np.random.default_rng(6).normal(0, 1.6, (3, 6))
    label = rng.integers(0, 3, rows)
    x = rng.normal(size=(rows, 40))
    x[:, ::7] += centres[label]
    return _numbers(x, "gene"), _classes(label)


def gauges(rows: int, rng: np.random.Generator) -> Made:
    """Five classes by ten numbers, by the angle of the point that two hidden numbers make."""
    hidden = rng.normal(size=(rows, 2))
    hidden /= np.linalg.norm(hidden, axis=1, keepdims=True)
    mixed = hidden @ np.random.default_rng(7).normal(size=(2, 10)) + 0.1 * rng.normal(size=(rows, 10))
    turn = (np.arctan2(hidden[:, 1], hidden[:, 0]) / (2 * np.pi) + 0.5) % 1
    return _numbers(mixed, "gauge"), _classes(np.minimum((turn * 5).astype(np.int64), 4))


def houses(rows: int, rng: np.random.Generator) -> Made:
    """A price by five numbers and a category, with a product and a kink."""
    x, kind = rng.normal(size=(rows, 5)), rng.integers(0, 3, rows)
    price = 4 * x[:, 0] + 2 * x[:, 1] * x[:, 2] + 3 * np.maximum(x[:, 3], 0) + np.array([0, 2, 5])[kind]
    names = np.array(["flat", "house", "farm"])
    return _numbers(x, "size") | {"sort": names[kind]}, price + 0.3 * rng.normal(size=rows) + 20


def energy(rows: int, rng: np.random.Generator) -> Made:
    """A use by the hour, the temperature and two more numbers: a wave and a parabola."""
    hour, cold, x = rng.uniform(0, 24, rows), rng.normal(size=rows), rng.normal(size=(rows, 2))
    use = 3 * np.sin(hour / 24 * 2 * np.pi) + 1.2 * cold**2 + x[:, 0] + 12
    return {"hour": hour, "temperature": cold} | _numbers(x, "load"), use + 0.2 * rng.normal(size=rows)


MAKERS: Mapping[str, Callable[[int, np.random.Generator], Made]] = {
    maker.__name__: maker for maker in (credit, sensors, wide_table, gauges, houses, energy)
}
NUMBERS = ("houses", "energy")
"""Those whose target is a number."""


def make(
    name: str,
    *,
    rows: int = 600,
    seed: int = 0,
    flipped: float = 0.0,
    rare: float = 0.0,
    copies: int = 1,
    leak: str = "",
    drift: float = 0.0,
    target_times: float = 1.0,
    spike: float = 0.0,
) -> pd.DataFrame:
    """Columns and `TARGET`. `flipped`: share of rows with another class than theirs; `rare`: share that all classes but the first
    are cut down to; `copies`: how often each row stands there; `leak`: a column that gives the target away (`copy`, `code`,
    `near`); `drift`: a column of dates, along which the first three numbers move by so many deviations and the target's rule
    turns; `target_times`: what a number is multiplied by; `spike`: one row in fifty of two columns is so many times as large."""
    rng = np.random.default_rng(seed)
    columns, target = MAKERS[name](rows * (POOL if rare else 1), rng)
    frame = pd.DataFrame(columns)
    frame[TARGET] = target
    if rare:
        frame = _cut(frame, rows, rare, rng)
    if flipped:
        known = sorted(set(target))
        wrong = rng.random(len(frame)) < flipped
        other = {label: known[(number + 1) % len(known)] for number, label in enumerate(known)}
        frame.loc[wrong, TARGET] = frame.loc[wrong, TARGET].map(other)
    if target_times != 1.0:
        frame[TARGET] *= target_times
    if leak:
        frame["afterwards"] = _given_away(frame[TARGET], leak, rng)
    if spike:
        for column in list(frame.columns[:2]):
            frame.loc[rng.random(len(frame)) < 0.02, column] *= spike
    if drift:
        frame = _drifting(frame, drift)
    return pd.concat([frame] * copies, ignore_index=True) if copies > 1 else frame


def _cut(frame: pd.DataFrame, rows: int, rare: float, rng: np.random.Generator) -> pd.DataFrame:
    common = frame[TARGET] == min(frame[TARGET])
    few = frame[~common].iloc[: int(rows * rare)]
    many = frame[common]
    while len(many) < rows - len(few):
        many = pd.concat([many, many])
    both = pd.concat([few, many.iloc[: rows - len(few)]])
    return both.iloc[rng.permutation(len(both))].reset_index(drop=True)


def _given_away(target: pd.Series, leak: str, rng: np.random.Generator) -> Any:
    if target.dtype.kind == "f":
        noise = {"copy": 0.0, "code": 0.0, "near": 0.03}[leak] * target.std() * rng.normal(size=len(target))
        return target * 0.5 + 3 + noise if leak != "code" else np.sign(target) * np.abs(target) ** 1.5
    numbers = target.map({label: number for number, label in enumerate(sorted(set(target)))})
    if leak == "near":
        return numbers + 0.05 * rng.normal(size=len(target))
    return numbers * 10 if leak == "copy" else numbers.map(lambda number: f"state {number}")


def _drifting(frame: pd.DataFrame, drift: float) -> pd.DataFrame:
    """The last third of the days has other numbers than the first two, for the same answers."""
    late = np.linspace(0, 1, len(frame)) > 2 / 3
    for column in frame.columns[:3]:
        if frame[column].dtype.kind == "f":
            frame.loc[late, column] += drift * frame[column].std()
    frame["day"] = pd.date_range("2024-01-01", periods=len(frame), freq="D").strftime("%Y-%m-%d")
    return frame
