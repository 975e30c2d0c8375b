"""What is read of data before a run, and what an answerer keeps."""

import numpy as np
import pytest

from nnviz import data
from nnviz.errors import DataError, RequestError
from nnviz.jobs.worker.answering import MAX_LOADED, Answerer
from tests.jobs.predictions.flowers import job


def test_read_tells_what_a_file_holds(place):
    answer = place.answerer.read(job("read", data=place.block(target="kind"), split={"validation": 0.2, "test": 0.2, "seed": 0}))
    assert answer["facts"]["task"] == "classification"
    assert answer["facts"]["classes"] == ["=x", "b", "c"]
    assert answer["facts"]["rows"] == sum(answer["parts"].values()) == 150
    assert answer["facts"]["shape"] == [len(answer["facts"]["columns"])]
    assert {column["name"] for column in answer["report"]["columns"]} == {"width", "height", "colour", "kind", "size"}


def test_read_draws_a_plane_in_its_own_unit(place):
    answer = place.answerer.read(job("read", data={"kind": "synthetic", "name": "spirals", "samples": 3000}))
    assert 900 <= len(answer["points"]) <= 1000
    x, _y = data.synthetic.make("spirals", samples=3000, noise=0.2, seed=0)
    assert {tuple(np.round(point[:2], 4)) for point in answer["points"]} <= {tuple(row) for row in np.round(x.astype(float), 4)}


def test_read_shows_images(place):
    answer = place.answerer.read(job("read", data={"kind": "builtin", "name": "digits"}))
    assert answer["facts"]["shape"] == [8, 8, 1]
    assert {image["label"] for image in answer["images"][:10]} == {str(digit) for digit in range(10)}


def test_a_table_that_cannot_be_used_as_asked_still_shows_its_columns(place):
    answer = place.answerer.read(job("read", data=place.block(target="nothing")))
    assert "nothing" in answer["trouble"]["what"]
    assert answer["columns"] == ["width", "height", "colour", "kind", "size"]
    assert answer["preview"][0][3] in ("=x", "b", "c")


def test_a_file_that_cannot_be_read_is_refused_in_words(place):
    sha256 = place.store.blobs.put(b"%PDF-1.4")
    with pytest.raises(DataError, match="PDF"):
        place.answerer.read(job("read", data={"kind": "file", "path": "a.csv", "sha256": sha256}))


def test_a_run_without_weights_says_so(place):
    spec = place.store.runs.get(place.classifier).spec
    with pytest.raises(RequestError, match="no weights"):
        place.answerer.predict(job("predict", place.store.runs.create(spec), rows=[{}]))


def test_only_the_last_networks_stay_loaded(place):
    answerer = Answerer(place.store, opens_paths=True)
    first = answerer.trained(place.classifier)
    assert answerer.trained(place.classifier) is first
    for number in range(MAX_LOADED):
        answerer._trained[str(number)] = first
    answerer.trained(place.regression)
    assert len(answerer._trained) <= MAX_LOADED + 1
