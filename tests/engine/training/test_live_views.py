"""What a frame tells of the rows that cost most."""

from dataclasses import dataclass

import msgpack
import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.training import live_views
from nnviz.engine.training.live_views import WATCHED_SECONDS, FrameRenderer
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


def test_wrong_rows_come_before_right_ones_and_by_their_loss():
    body = renderer(prepared(validation=60)).now(1, 0).body
    wrong = [item["truth"] != item["guess"] for item in body["worst"]]
    counts = np.array(body["counts"])
    assert wrong == sorted(wrong, reverse=True)
    assert sum(wrong) == min(live_views.WORST, counts.sum() - counts.trace())
    for is_wrong in (True, False):
        losses = [item["loss"] for item, other in zip(body["worst"], wrong, strict=True) if other == is_wrong]
        assert losses == sorted(losses, reverse=True)
    assert (body["part"], body["in_all"], counts.sum()) == ("validation", 60, 60)


def test_of_numbers_the_largest_errors_come_first():
    body = renderer(prepared("regression", outputs=1, validation=60), cost={"kind": "MeanSquaredError"}).now(1, 0).body
    misses = np.abs(np.array(body["predicted"]) - body["true"])
    listed = [abs(item["guess"] - item["truth"]) for item in body["worst"]]
    np.testing.assert_allclose(listed, np.sort(misses)[::-1][: live_views.WORST], rtol=1e-5)
    assert body["typical"] == pytest.approx(np.median(misses), rel=1e-5)
    assert (body["rows"], body["in_all"]) == (60, 60)


def plane(task, **more):
    extent = {"plane": ("x1", "x2"), "extent": (-1.0, 1.0, -1.0, 1.0)}
    return prepared(task, shape=(2,), train=50, validation=30, **extent, **more)


def test_a_plane_tells_what_it_answers_to_the_rows_that_are_drawn_without_asking_for_more():
    data = plane("classification")
    frames = renderer(data)
    asked = []
    predict = frames.network.predict
    frames.network.predict = lambda x, **more: asked.append(len(x)) or predict(x, **more)
    body = frames.now(1, 0).body
    assert asked == [len(frames._asked[0])]
    assert asked[0] <= live_views.RESOLUTION**2
    rows, columns = body["shape"]
    assert rows == columns > 60
    assert len(body["values"]) == len(body["sure"]) == rows * columns
    x = np.concatenate([data.parts["train"].x, data.parts["validation"].x])
    y = np.concatenate([data.parts["train"].y, data.parts["validation"].y])
    shares = predict(x)
    np.testing.assert_array_equal(np.frombuffer(body["answers"], np.uint8), shares.argmax(axis=1))
    np.testing.assert_allclose(np.frombuffer(body["chances"], "<f4"), shares[np.arange(80), y], atol=1e-5)
    assert (body["part"], body["in_all"]) == ("validation", 30)


def test_of_a_plane_of_numbers_the_errors_are_in_the_targets_unit():
    data = plane("regression", outputs=1, target_scale=np.full(1, 4, np.float32), target_mean=np.full(1, 100.0))
    frames = renderer(data, cost={"kind": "MeanSquaredError"})
    errors = np.frombuffer(frames.now(1, 0).body["errors"], "<f4")
    for part, own in (("train", errors[:50]), ("validation", errors[50:])):
        expected = 4 * (frames.network.predict(data.parts[part].x) - data.parts[part].y)[:, 0]
        np.testing.assert_allclose(own, expected, rtol=1e-3, atol=1e-3)


def test_of_many_rows_some_are_drawn_of_each_part():
    drawn = live_views.drawn_rows(prepared(train=2400, validation=800, test=800))
    assert {name: len(places) for name, places in drawn.items()} == {"train": 600, "validation": 200, "test": 200}
    assert (drawn["train"][0], drawn["train"][-1]) == (0, 2399)


@pytest.mark.parametrize(("is_watched", "seconds"), [(False, 5.0), (True, WATCHED_SECONDS)])
def test_a_run_that_is_watched_makes_frames_though_each_takes_long(monkeypatch, is_watched, seconds):
    clock = [100.0]
    monkeypatch.setattr("nnviz.engine.training.live_views.time.perf_counter", lambda: clock[0])
    frames = FrameRenderer(renderer(prepared()).network, prepared(), lambda: is_watched)

    def slowly(step, epoch):
        frames._frames += 1
        clock[0] += 0.1
        return step

    monkeypatch.setattr(frames, "now", slowly)
    frames._frames = 2
    assert frames.due(1, 0) == 1
    began = clock[0] - 0.1
    clock[0] = began + seconds - 0.01
    assert frames.due(2, 0) is None
    clock[0] = began + seconds
    assert frames.due(3, 0) == 3
