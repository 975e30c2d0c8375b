"""What a frame tells of the rows that cost most."""

from dataclasses import dataclass

import msgpack
import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.training import live_views
from nnviz.engine.training.live_views import FrameRenderer
from tests.engine.support import Prepared, Rows, prepared, spec


@dataclass(frozen=True)
class Table(Prepared):
    """Rows of a table that can be read back."""

    target_unit: str = ""

    def first_columns(self, x):
        return ["width", "kind"], [[f"{row[0]:.2f}", "a"] for row in x], 3


def renderer(data, *, cost=None, layers=()):
    run_spec = spec(list(layers), cost=cost)
    network = engine.build(run_spec.layers, run_spec.cost, task=data.task, shape=data.shape, outputs=data.outputs, seed=1)
    return FrameRenderer(network, data)


def test_a_row_of_a_table_comes_with_its_first_columns_and_both_probabilities():
    plain = prepared()
    body = renderer(Table(**vars(plain))).now(1, 0).body
    assert (body["columns"], body["columns_in_all"]) == (["width", "kind"], 3)
    part = plain.parts["validation"]
    for item in body["worst"]:
        assert item["values"] == [f"{part.x[item['row']][0]:.2f}", "a"]
        assert item["truth"] == part.y[item["row"]]
        assert -np.log(item["right"]) == pytest.approx(item["loss"], rel=1e-4)
        assert item["probability"] >= item["right"]
    assert "examples" not in body


def test_outputs_that_are_no_probabilities_are_not_called_so():
    body = renderer(prepared(), cost={"kind": "CategoricalHinge"}).now(1, 0).body
    assert all("right" not in item for item in body["worst"])


def test_a_number_comes_with_its_unit():
    data = Table(**vars(prepared("regression", outputs=1)) | {"target_unit": "kg"})
    body = renderer(data, cost={"kind": "MeanSquaredError"}).now(1, 0).body
    assert body["unit"] == "kg"
    assert [len(item["values"]) for item in body["worst"]] == [2] * 10
    assert renderer(prepared("regression", outputs=1), cost={"kind": "MeanSquaredError"}).now(1, 0).body["unit"] == ""


def test_beside_an_image_stands_a_training_image_of_what_it_was_taken_for():
    x = np.zeros((30, 28, 28, 1), np.float32)
    for row in range(30):
        x[row, : 9 + row % 10] = 1
    y = (np.arange(30) % 10).astype(np.int32)
    parts = {"train": Rows(x, y, np.arange(30)), "validation": Rows(x[::-1], y, np.arange(30))}
    data = Prepared("classification", (28, 28, 1), 10, parts)
    body = renderer(data, layers=[{"kind": "Flatten"}]).now(1, 0).body
    wrong = {item["guess"] for item in body["worst"] if item["guess"] != item["truth"]}
    assert wrong
    assert [example["class"] for example in body["examples"]] == sorted(wrong)
    for example in body["examples"]:
        assert example["shape"] == [14, 14, 1]
        means = x[example["class"]].reshape(14, 2, 14, 2).mean(axis=(1, 3))
        np.testing.assert_array_equal(np.frombuffer(example["image"], np.uint8), np.round(means * 255).ravel())
    assert len(msgpack.packb(body)) < 16_000


def test_an_image_of_any_shape_is_made_small():
    for shape, small in (
        ((28, 28, 1), (14, 14, 1)),
        ((32, 20, 3), (16, 10, 3)),
        ((6, 6), (6, 6)),
        ((1, 40), (1, 40)),
        ((33, 17), (11, 5)),
    ):
        assert live_views._shrunk(np.ones(shape, np.float32)).shape == small
