"""Whether whole numbers number classes or are amounts."""

import numpy as np
import pandas as pd
import pytest

from nnviz import data
from nnviz.data.columns.infer import infer_column
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.columns.target import guess_task
from nnviz.errors import SpecError
from nnviz.spec import RunSpec, check_cost

OLD = Rules(version=1)

RNG = np.random.default_rng(0)
ROWS = 1000


def task(name, values, dtype=float, **more):
    column = pd.Series(np.asarray(values).astype(dtype))
    return guess_task(column, infer_column(name, column), **more)[0]


def uniform(low, high, rows=ROWS):
    return RNG.integers(low, high + 1, rows)


CLASSES = {
    "label": uniform(0, 24),
    "class": uniform(1, 47),
    "digit": uniform(0, 9),
    "cluster": uniform(-1, 30),
    "species_id": RNG.choice([101, 205, 340, *range(1000, 1040, 2)], ROWS),
    "SpeciesID": uniform(1, 40),
    "age_group": uniform(0, 29),
    "Klasse": uniform(1, 33),
    "alphabet letter": uniform(0, 25),
    "quality": uniform(3, 9),
    "grade": uniform(1, 6),
    "num": uniform(0, 4),
    "survived": uniform(0, 1),
    "letter (0-25)": uniform(0, 25),
}
AMOUNTS = {
    "count": RNG.poisson(30, ROWS),
    "bikes": RNG.poisson(4, ROWS),
    "rating": uniform(1, 5),
    "Rating (stars)": uniform(1, 10),
    "num_rooms": uniform(1, 12),
    "age": uniform(18, 80),
    "year": uniform(1990, 2024),
    "price": uniform(5, 300),
    "score": uniform(0, 100),
    "number of pets": uniform(0, 4),
    "class_count": RNG.poisson(9, ROWS),
    "rings": RNG.poisson(30, ROWS),
    "temperature": uniform(-5, 40),
    "Alter (Jahre)": uniform(18, 80),
    "quantity": uniform(1, 25),
    "y": uniform(0, 46),
    "target": RNG.poisson(25, ROWS),
    "label": RNG.normal(size=ROWS),
    "class": np.arange(ROWS),
    "zip code": RNG.permutation(90000)[:ROWS] + 10000,
}


@pytest.mark.parametrize("name", CLASSES)
def test_numbers_of_classes(name):
    assert task(name, CLASSES[name]) == "classification"


@pytest.mark.parametrize("name", AMOUNTS)
def test_amounts(name):
    assert task(name, AMOUNTS[name]) == "regression"


def test_labels_beside_an_array_need_no_name():
    assert task("y", uniform(0, 46), np.int64) == "classification"
    assert task("y", uniform(1, 60), np.uint8, labels=True) == "classification"
    assert task("y", RNG.poisson(25, ROWS), np.int64) == "regression"
    assert task("y", uniform(20, 80), np.int64) == "regression"


def test_the_first_rules_stay():
    assert task("label", CLASSES["label"], rules=OLD) == "regression"
    assert task("rating", AMOUNTS["rating"], rules=OLD) == "classification"


def test_images_of_many_classes(tmp_path):
    place = tmp_path / "signs.npz"
    np.savez(place, x=RNG.integers(0, 255, (940, 6, 6)).astype(np.uint8), y=np.arange(940) % 47)
    report = data.inspect(place)
    assert report.task == "classification"
    assert len(report.classes) == 47


def test_a_table_of_labels(tmp_path):
    place = tmp_path / "signs.csv"
    rows = [f"{index % 25},{index % 7},{(index * index) % 11}" for index in range(400)]
    place.write_text("\n".join(["label,a,b", *rows]))
    block = {"kind": "file", "path": str(place)}
    spec = {"data": block, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "Adam"}}
    assert data.load(RunSpec.parse(spec)).classes == tuple(map(str, range(25)))
    old = data.load(RunSpec.parse(spec | {"data": block | {"read": {"rules": 1}}}))
    assert old.task == "regression"


def test_a_cost_that_does_not_fit_names_the_field():
    with pytest.raises(SpecError, match=r'set data\.task to "classification"'):
        check_cost("CrossEntropy", task="regression", outputs=1)
    with pytest.raises(SpecError, match=r'set data\.task to "regression"'):
        check_cost("Poisson", task="classification", outputs=25)
