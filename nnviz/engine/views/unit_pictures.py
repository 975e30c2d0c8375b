"""What a unit gives: its numbers, and a small picture over the plane, over an image, or as a distribution."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 24
"""Of a map, in pixels."""
BARS = 24


def signed_map(values: NDArray[np.floating[Any]]) -> tuple[bytes, float]:
    """Values of a square grid (n*n,) as bytes: 128 is 0, 255 is +reach, 1 is -reach; and the reach, their largest size."""
    finite = np.nan_to_num(np.asarray(values, np.float64), posinf=0.0, neginf=0.0)
    reach = float(np.abs(finite).max(initial=0.0))
    return np.round(128 + 127 * finite / (reach or 1.0)).astype(np.uint8).tobytes(), reach


def image_map(image: NDArray[np.float32], *, signed: bool = False) -> bytes:
    """An image or feature map (height, width) as a square map, each pixel the nearest one's; the lowest row comes first. Values
    of an image that is not `signed` go from its darkest to its brightest."""
    height, width = image.shape
    rows = (np.arange(SIDE)[::-1] * height) // SIDE
    columns = (np.arange(SIDE) * width) // SIDE
    values = np.asarray(image, np.float64)[np.ix_(rows, columns)].ravel()
    if not signed:
        low, high = float(values.min()), float(values.max())
        values = 2 * (values - low) / ((high - low) or 1.0) - 1
    return signed_map(values)[0]


def bars(values: NDArray[np.float32], low: float, high: float) -> bytes:
    """How many of the values lie in each of 24 equal parts of low to high: bytes, 255 for the fullest part."""
    finite = values[np.isfinite(values)]
    if not finite.size or not high > low:
        return bytes(BARS - 1) + (b"\xff" if finite.size else b"\0")
    counts = np.histogram(finite, bins=BARS, range=(low, high))[0]
    return np.round(255 * counts / counts.max()).astype(np.uint8).tobytes()


def units_of(
    indices: NDArray[np.int64],
    x: NDArray[np.float32],
    grid: NDArray[np.float32] | None,
    bias: NDArray[np.float32] | None,
    *,
    is_image: bool,
    kinds: NDArray[np.int64] | None = None,
) -> list[dict[str, Any]]:
    """Units of a layer that gives `x` (rows, ..., units): {index, low, high, reach, mean, zero, bias} and a map or bars. `grid`:
    likewise, of the points of a plane, or of one picture (`is_image`), of which `now` is the output where that is one number.
    `kinds` (rows,): the rows' classes, of each of which `by_class` is the mean output; None for one without rows."""
    drawn = np.ascontiguousarray(np.moveaxis(x[..., indices], -1, 0))  # a stretch of memory each: several times as fast
    units = []
    for index, values in zip(indices, drawn, strict=True):
        low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
        unit: dict[str, Any] = {
            "index": int(index),
            "low": low,
            "high": high,
            "reach": max(abs(low), abs(high)),
            "mean": float(values.mean()) if values.size else 0.0,
            "zero": float((values == 0).mean()) if values.size else 0.0,
            "bias": None if bias is None else float(bias[index]),
        }
        if grid is not None and not is_image:
            unit["map"], unit["reach"] = signed_map(grid[:, index])
        elif grid is not None and x.ndim == 4:
            unit["map"] = image_map(grid[0, ..., index], signed=True)
        else:
            unit["bars"] = bars(values, low, high)
        if grid is not None and is_image and x.ndim == 2:
            unit["now"] = float(grid[0, index])
        if kinds is not None:
            own = values.reshape(len(values), -1).mean(axis=1)
            of_class = [own[kinds == kind] for kind in range(int(kinds.max(initial=-1)) + 1)]
            unit["by_class"] = [float(ones.mean()) if ones.size else None for ones in of_class]
        units.append(unit)
    return units
