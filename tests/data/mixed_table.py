"""A table with a column of every kind, and the spec of a run on it."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nnviz.spec import RunSpec


def spec(block: dict[str, Any], *, cost: str = "CrossEntropy", **split: Any) -> RunSpec:
    return RunSpec.parse(
        {"version": 1, "data": block, "split": split, "layers": [], "cost": {"kind": cost}, "optimizer": {"kind": "Adam"}}
    )


def mixed(rows: int = 200, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": np.arange(rows),
            "size": rng.normal(50, 10, rows),
            "weight": rng.lognormal(size=rows),
            "colour": rng.choice(["red", "green", "blue"], rows),
            "member": rng.choice(["yes", "no"], rows),
            "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1500, rows), unit="D"),
            "fixed": 7,
            "note": [f"some free words about row {i} and more" for i in range(rows)],
            "label": rng.choice(["a", "b", "c"], rows),
        }
    )
    frame.loc[rng.random(rows) < 0.1, "weight"] = np.nan
    frame.loc[rng.random(rows) < 0.1, "colour"] = None
    return frame


def stored(folder: Path, frame: pd.DataFrame, name: str = "t.csv", **options: Any) -> dict[str, Any]:
    frame.to_csv(folder / name, index=False, **options)
    return {"kind": "file", "path": name}
