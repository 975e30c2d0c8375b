"""The rows that a script makes or loads by itself are those that nnviz trains on."""

import numpy as np
import pytest

from nnviz import data
from nnviz.catalog import DATASETS
from nnviz.export.source import source
from nnviz.spec import RunSpec

NAMES = [name for name in DATASETS if name != "mnist5000"]


def spec(name, *, cost="MeanSquaredError", **split):
    return RunSpec.parse(
        {
            "data": {"kind": DATASETS[name].kind, "name": name},
            "split": split,
            "layers": [],
            "cost": {"kind": cost},
            "optimizer": {"kind": "Adam"},
        }
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_same_rows_in_the_same_parts(name):
    run_spec = spec(name, seed=4, test=0.1)
    prepared = data.load(run_spec)
    rows = source(run_spec, task=prepared.task)
    assert not rows.beside
    namespace: dict = {"np": np}
    exec("\n".join([*rows.imports, *rows.definitions, rows.body]), namespace)
    for part, short in (("train", "train"), ("validation", "val"), ("test", "test")):
        np.testing.assert_allclose(namespace[f"x_{short}"], prepared.parts[part].x, atol=2e-6)
        np.testing.assert_allclose(namespace[f"y_{short}"], prepared.parts[part].y, atol=2e-6)
    if prepared.task == "classification":
        assert [str(label) for label in namespace["classes"]] == list(prepared.classes)
    else:
        np.testing.assert_allclose(namespace["target_scale"], prepared.target_scale, rtol=1e-6)


def test_a_target_that_is_not_scaled_and_a_part_that_is_left_out():
    run_spec = spec("diabetes", cost="Poisson", validation=0.0)
    prepared = data.load(run_spec)
    rows = source(run_spec, task="regression")
    namespace: dict = {"np": np}
    exec("\n".join([*rows.imports, *rows.definitions, rows.body]), namespace)
    assert rows.parts == ("train", "test") == tuple(prepared.parts)
    np.testing.assert_allclose(namespace["y_train"], prepared.parts["train"].y)


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"kind": "file", "path": "some/where of mine.csv"}},
        {"split": {"column": "part"}},
        {"data": {"kind": "builtin", "name": "digits", "task": "regression"}},
    ],
)
def test_other_rows_lie_beside_the_script(change):
    run_spec = RunSpec.parse(spec("digits").to_json() | change)
    task = "regression" if "task" in change.get("data", {}) else "classification"
    rows = source(run_spec, task=task)
    assert rows.beside
    assert 'with_name("' in rows.body
