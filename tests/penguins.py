"""The example spec of the contract, and specs that differ from it in one field."""

import copy

import pytest

from nnviz.errors import RequestError
from nnviz.spec import RunSpec

PENGUINS = {
    "version": 1,
    "name": "penguins, two hidden layers",
    "data": {"kind": "file", "path": "penguins.csv", "target": "species"},
    "split": {"validation": 0.2, "test": 0.2, "seed": 0},
    "layers": [
        {"kind": "Dense", "units": 64, "activation": "relu"},
        {
            "kind": "Repeat",
            "times": 3,
            "layers": [
                {"kind": "Dense", "units": 32, "activation": {"expression": "x * sigmoid(1.7 * x)"}},
                {"kind": "Dropout", "rate": 0.1},
            ],
        },
    ],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.001},
    "training": {"epochs": 30, "batch_size": 32, "seed": 0},
}


def changed(path, value):
    """PENGUINS with the field at `path` (keys and numbers) set."""
    record = copy.deepcopy(PENGUINS)
    place = record
    for key in path[:-1]:
        place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
    place[path[-1]] = value
    return record


def removed(*path):
    record = copy.deepcopy(PENGUINS)
    place = record
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return record


def refusal(record):
    with pytest.raises(RequestError) as caught:
        RunSpec.parse(record)
    return caught.value
