"""Images by folder on the command line: trained on, and asked about new ones."""

import csv
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from nnviz import cli
from nnviz.data import Encoder
from nnviz.errors import DataError
from nnviz.jobs.worker.dataset import report
from nnviz.jobs.worker.predictions import new_rows
from nnviz.store import Store
from tests.data.shapes import SHAPES, body, drawn, files, write, zipped

LAYERS = [
    {"kind": "Conv2D", "filters": 8, "kernel_size": 3, "activation": "relu"},
    {"kind": "MaxPooling2D"},
    {"kind": "Conv2D", "filters": 16, "kernel_size": 3, "activation": "relu"},
    {"kind": "MaxPooling2D"},
    {"kind": "Flatten"},
    {"kind": "Dense", "units": 32, "activation": "relu"},
]


class Place:
    def __init__(self, folder):
        self.folder = folder
        self.url = f"sqlite:///{folder}/nnviz.db"
        write(folder / "shapes", files(40))
        (folder / "shapes.zip").write_bytes(zipped(files(40, top="shapes/")))
        self.runs = {path: self.train(path) for path in ("shapes", "shapes.zip")}

    def train(self, path):
        spec = {
            "data": {"kind": "file", "path": path},
            "layers": LAYERS,
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam", "learning_rate": 0.004},
            "training": {"epochs": 10, "batch_size": 16},
        }
        (self.folder / "spec.json").write_text(json.dumps(spec))
        return json.loads(self.call("train", self.folder / "spec.json", "--json").splitlines()[-1])

    def call(self, *arguments):
        done = CliRunner().invoke(cli.app, [*map(str, arguments), "--store", self.url], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("images"))


def test_a_folder_and_its_zip_train_a_network_that_tells_the_shapes_apart(place):
    for path, run in place.runs.items():
        assert run["status"] == "finished"
        assert run["metrics"]["test_accuracy"] >= 0.9, path
    # the same images in the same order: the same training
    assert place.runs["shapes"]["metrics"] == place.runs["shapes.zip"]["metrics"]


def test_the_images_stay_with_the_run(place):
    store = Store(place.url)
    block = store.runs.get(place.runs["shapes"]["run"]).spec.data
    assert store.blobs.has(block.sha256)
    encoder = store.runs.encoder(place.runs["shapes"]["run"])
    assert (encoder["shape"], encoder["divide"], encoder["target"]["classes"]) == ([24, 24, 1], 255.0, list(SHAPES))
    json.dumps(encoder)


def predicted(place, content, *, name):
    path = place.folder / name
    path.write_bytes(content)
    place.call("predict", place.runs["shapes.zip"]["run"], path, "-o", place.folder / "out.csv")
    with (place.folder / "out.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_new_images_in_a_zip_are_named_and_need_no_folders(place):
    images = {f"{shape} {number}.png": body(drawn(shape, 5000 + number)) for shape in SHAPES for number in range(10)}
    rows = predicted(place, zipped(images | {"zz broken.png": b"x"}), name="new.zip")
    assert [row["file"] for row in rows] == sorted(images)
    assert np.mean([row["prediction"] == row["file"].split()[0] for row in rows]) >= 0.85
    assert "label" not in rows[0]


def test_a_folder_with_the_names_of_classes_is_evaluated(place):
    write(
        place.folder / "more",
        {
            f"{shape}/{number}.png": body(drawn(shape, 7000 + number, size=(48, 48)).resize((24, 24)))
            for shape in SHAPES
            for number in range(3)
        }
        | {"other/1.png": body(drawn("cross", 1))},
    )
    evaluation = json.loads(place.call("evaluate", place.runs["shapes"]["run"], place.folder / "more", "--json"))
    assert evaluation["rows"] == 9


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF"])
def test_a_single_image_of_another_size_and_colour(place, kind):
    image = drawn("square", 9000).resize((72, 72)).convert("RGB")
    (row,) = predicted(place, body(image, kind), name=f"one.{kind.lower()}")
    assert row["prediction"] == "square"


def test_batches_are_small_and_what_is_left_out_is_said_once(place, monkeypatch):
    monkeypatch.setattr(new_rows, "PICTURES", 7)
    path = place.folder / "some.zip"
    path.write_bytes(zipped(files(6) | {"circle/000.png": b"x", "square/005.png": b"x"}))
    encoder = Encoder.from_json(Store(place.url).runs.encoder(place.runs["shapes"]["run"]))
    batches = list(new_rows.from_file(path, name="some.zip", encoder=encoder))
    assert [(batch.start, len(batch)) for batch in batches] == [(0, 7), (7, 7), (14, 2)]
    assert [bool(batch.notes) for batch in batches] == [False, False, True]
    assert "circle/000.png, square/005.png" in batches[-1].notes[0]
    assert np.concatenate([batch.y for batch in batches]).tolist() == [0] * 5 + [1] * 6 + [2] * 5


def test_images_for_a_network_of_tables_are_refused(place):
    encoder = Encoder.from_json(
        {
            "target": {"names": ["kind"], "task": "classification", "classes": ["a", "b"]},
            "shape": [],
            "divide": 1.0,
            "columns": [{"name": "width", "type": "boolean"}],
        }
    )
    with pytest.raises(DataError, match="trained on a table") as caught:
        list(new_rows.from_file(place.folder / "shapes.zip", name="shapes.zip", encoder=encoder))
    assert "width" in caught.value.remedy


def test_the_report_comes_with_a_sheet_of_examples(place):
    store = Store(place.url)
    sha256 = store.blobs.put_file(place.folder / "shapes.zip")
    answer = report(store, {"data": {"kind": "file", "path": "shapes.zip", "sha256": sha256}, "split": {}})
    assert answer["facts"]["shape"] == [24, 24, 1]
    assert sorted({image["label"] for image in answer["images"]}) == list(SHAPES)
    assert answer["report"]["class_counts"] == [40, 40, 40]
