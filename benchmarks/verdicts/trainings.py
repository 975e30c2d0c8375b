"""The trainings that comparisons are drawn from, kept in a file, so that a run that was stopped goes on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDS = 5
SEEDS = 1000
DRAWS = 120
"""Data sets that are drawn anew: what overlapping training sets share shows only from one to the next."""
SETTINGS = ("tanh", "tanh again", "relu")
"""The second is the first with other seeds."""


def specs() -> Iterator[tuple[str, dict[str, Any]]]:
    """All trainings by name: `seeds/17` (one split of a table), `folds/<draw>/<setting>/<fold>`."""
    table = {"kind": "builtin", "name": "breast_cancer"}
    for seed in range(SEEDS):
        yield f"seeds/{seed}", _spec(table, "tanh", seed, {"validation": 0.3, "test": 0})
    for draw in range(DRAWS):
        data = {"kind": "synthetic", "name": "moons", "samples": 1000, "noise": 0.4, "seed": draw}
        for place, setting in enumerate(SETTINGS):
            for fold in range(1, FOLDS + 1):
                split = {"folds": FOLDS, "fold": fold, "test": 0}
                yield (
                    f"folds/{draw}/{setting}/{fold}",
                    _spec(data, setting.split()[0], 100 * place + fold, split, epochs=20, rate=0.03),
                )


def train_all(place: Path) -> dict[str, float]:
    """The validation accuracy of each, trained where the file does not have it yet."""
    accuracies = _read(place)
    missing = [(name, spec) for name, spec in specs() if name not in accuracies]
    if missing:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("a", encoding="utf-8") as file:
            for name, accuracy in _trained(missing):
                accuracies[name] = accuracy
                file.write(json.dumps([name, accuracy]) + "\n")
                file.flush()
    return accuracies


def seeds(accuracies: dict[str, float]) -> NDArray[np.float64]:
    """(SEEDS,): trainings of one setting on one split."""
    return np.array([accuracies[f"seeds/{seed}"] for seed in range(SEEDS)])


def folds(accuracies: dict[str, float], setting: str) -> NDArray[np.float64]:
    """(DRAWS, FOLDS): one training of a setting on each fold of each data set."""
    return np.array([[accuracies[f"folds/{draw}/{setting}/{fold}"] for fold in range(1, FOLDS + 1)] for draw in range(DRAWS)])


def _spec(
    data: dict[str, Any], activation: str, seed: int, split: dict[str, Any], *, epochs: int = 10, rate: float = 0.01
) -> dict[str, Any]:
    return {
        "data": data,
        "layers": [{"kind": "Dense", "units": 8, "activation": activation}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": rate},
        "training": {"epochs": epochs, "batch_size": 32, "seed": seed, "record_every": epochs},
        "split": split,
    }


def _read(place: Path) -> dict[str, float]:
    if not place.exists():
        return {}
    # the last line may have been cut off
    lines = [line for line in place.read_text(encoding="utf-8").splitlines() if line.endswith("]")]
    return dict(json.loads(line) for line in lines)


def _trained(missing: list[tuple[str, dict[str, Any]]]) -> Iterator[tuple[str, float]]:
    from nnviz import engine
    from nnviz.data import load
    from nnviz.spec import RunSpec

    sessions: dict[str, engine.Session] = {}
    for name, record in missing:
        spec = RunSpec.parse(record)
        prepared = load(spec)
        form = engine.form(spec, prepared)
        if form not in sessions:
            sessions[form] = engine.Session(spec, prepared)
        result = engine.train(spec, prepared, session=sessions[form], on_progress=lambda progress: None, frames=False)
        yield name, result.metrics["val_accuracy"]
