"""Small made-up tasks in the plane, in the manner of TensorFlow Playground's `dataset.ts`. NumPy only.

Points lie in [-6, 6] x [-6, 6], patterns have radius 5. `noise` means the same everywhere: each coordinate is displaced
by up to `noise`, uniformly (Playground flips labels in circle and XOR instead, which puts a ceiling on the accuracy).
The exception is `gaussians`, whose variance grows with it from 0.5 to 4 over 0 to 0.5, as there.
Source: https://github.com/tensorflow/playground/blob/master/src/dataset.ts
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nnviz.errors import SpecError

RADIUS = 5.0
RANGE = 6.0
TURNS = 1.75
PADDING = 0.3

Points = NDArray[np.float64]
Made = tuple[Points, NDArray[np.float64]]


def make(
    name: str, *, samples: int = 500, noise: float = 0.2, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.int64] | NDArray[np.float32]]:
    """Points x, float32 (samples, 2), and y (samples,): int64 of 0 and 1 for classes, float32 for regression.

    The same arguments give the same bits. Raises SpecError when there is no such set."""
    if name not in MAKERS:
        raise SpecError(f"there is no synthetic set {name!r}", where="data.name", remedy=f"Allowed: {', '.join(MAKERS)}.")
    x, y = MAKERS[name](samples, noise, np.random.default_rng(seed))
    return x.astype(np.float32), y.astype(np.float32) if name in REGRESSION else y.astype(np.int64)


def circle(samples: int, noise: float, rng: np.random.Generator) -> Made:
    """A disc of radius 2.5 (class 1) in a ring from 3.5 to 5 (class 0)."""
    inside, y = _two_classes(samples)
    r = np.where(inside, rng.uniform(0, 0.5, samples), rng.uniform(0.7, 1.0, samples)) * RADIUS
    angle = rng.uniform(0, 2 * np.pi, samples)
    return _displaced(np.stack([r * np.sin(angle), r * np.cos(angle)], 1), noise, rng), y


def xor(samples: int, noise: float, rng: np.random.Generator) -> Made:
    """Class 1 where the coordinates have the same sign; a gap of 0.3 on each side of the axes."""
    x = rng.uniform(-RADIUS, RADIUS, (samples, 2))
    x += np.where(x > 0, PADDING, -PADDING)
    return _displaced(x, noise, rng), (x[:, 0] * x[:, 1] >= 0).astype(float)


def gaussians(samples: int, noise: float, rng: np.random.Generator) -> Made:
    """Two clouds around (2, 2), class 1, and (-2, -2), class 0; variance 0.5 + 7 * noise, at most 4."""
    first, y = _two_classes(samples)
    centre = np.where(first, 2.0, -2.0)[:, None]
    deviation = np.sqrt(min(4.0, 0.5 + 7.0 * noise))
    return centre + rng.normal(0, deviation, (samples, 2)), y


def spirals(samples: int, noise: float, rng: np.random.Generator) -> Made:
    """Two arms of 1.75 turns from the centre to radius 5, half a turn apart."""
    first, y = _two_classes(samples)
    share = np.concatenate([np.arange(count) / count for count in (first.sum(), samples - first.sum())])
    angle = TURNS * share * 2 * np.pi + np.where(first, 0.0, np.pi)
    r = share * RADIUS
    return _displaced(np.stack([r * np.sin(angle), r * np.cos(angle)], 1), noise, rng), y


def moons(samples: int, noise: float, rng: np.random.Generator) -> Made:
    """Two half circles that reach into each other, stretched to the same range as the others."""
    first, y = _two_classes(samples)
    angle = rng.uniform(0, np.pi, samples)
    upper = np.stack([np.cos(angle), np.sin(angle)], 1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], 1)
    x = np.where(first[:, None], upper, lower)
    return _displaced((x - [0.5, 0.25]) * (RADIUS / 1.5), noise, rng), y


def plane(samples: int, noise: float, rng: np.random.Generator) -> Made:
    """Regression: (x1 + x2) / 10."""
    x = rng.uniform(-RANGE, RANGE, (samples, 2))
    return x, _displaced(x, noise, rng).sum(1) / 10


def gauss_regression(samples: int, noise: float, rng: np.random.Generator) -> Made:
    """Regression: six cones of height 1 or -1 and radius 2; where they overlap the steeper one counts."""
    x = rng.uniform(-RANGE, RANGE, (samples, 2))
    centres = np.array([[-4, 2.5], [0, 2.5], [4, 2.5], [-4, -2.5], [0, -2.5], [4, -2.5]])
    signs = np.array([1, -1, 1, -1, 1, -1])
    distance = np.linalg.norm(_displaced(x, noise, rng)[:, None, :] - centres, axis=2)
    heights = signs * np.clip(1 - distance / 2, 0, 1)
    return x, heights[np.arange(samples), np.abs(heights).argmax(1)]


def _two_classes(samples: int) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    first = np.arange(samples) < (samples + 1) // 2
    return first, first.astype(float)


def _displaced(x: Points, noise: float, rng: np.random.Generator) -> Points:
    return x + rng.uniform(-1, 1, x.shape) * noise


MAKERS: dict[str, Callable[[int, float, np.random.Generator], Made]] = {
    "circle": circle,
    "xor": xor,
    "gaussians": gaussians,
    "spirals": spirals,
    "moons": moons,
    "plane": plane,
    "gauss_regression": gauss_regression,
}
REGRESSION = frozenset({"plane", "gauss_regression"})
