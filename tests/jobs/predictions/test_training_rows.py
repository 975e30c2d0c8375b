"""How good a network is on rows that it was trained on, and on others."""

import numpy as np
import pytest

from nnviz.jobs.worker import answering
from tests.jobs.predictions.flowers import flowers, job


@pytest.fixture
def answerer(place):
    return answering.Answerer(place.store)


def ask(place, answerer, frame, run, name="rows.csv"):
    path = place.folder / name
    frame.to_csv(path, index=False)
    return answerer.predict(job("predict", run, sha256=place.store.blobs.put_file(path), name=name))


def places(place, run):
    from nnviz.jobs.worker import dataset

    return {name: part.rows for name, part in dataset.load(place.store, place.store.runs.get(run).spec).parts.items()}


@pytest.mark.parametrize("which", ["classifier", "regression"])
def test_the_file_that_it_was_trained_on_holds_its_training_rows(place, answerer, which):
    run = getattr(place, which)
    answer = ask(place, answerer, flowers(), run)
    rows = places(place, run)
    assert answer["trained_on"]["rows"] == len(rows["train"])
    assert answer["others"]["rows"] == 150 - len(rows["train"])
    costs = np.array(answer["costs"])
    assert answer["trained_on"]["metrics"]["loss"] == pytest.approx(costs[rows["train"]].mean(), rel=1e-4)
    others = np.setdiff1d(np.arange(150), rows["train"])
    assert answer["others"]["metrics"]["loss"] == pytest.approx(costs[others].mean(), rel=1e-4)


def test_they_are_known_in_any_order_and_in_any_file(place, answerer):
    training = flowers().iloc[places(place, place.classifier)["train"]].sample(frac=1, random_state=1)
    answer = ask(place, answerer, training, place.classifier)
    assert answer["others"] == {"rows": 0, "metrics": {}}
    changed = training.assign(width=training["width"] + 0.001)
    assert ask(place, answerer, changed, place.classifier)["trained_on"] == {"rows": 0, "metrics": {}}


def test_asking_twice_gives_the_same(place, answerer):
    frame = flowers()
    assert ask(place, answerer, frame, place.classifier)["others"] == ask(place, answerer, frame, place.classifier)["others"]


def test_nothing_is_said_where_there_are_too_many_or_no_labels_and_to_the_command_line(place, answerer, monkeypatch, tmp_path):
    assert "trained_on" not in ask(place, answerer, flowers().drop(columns="kind"), place.classifier)
    out = place.answerer.predict(job("predict", place.classifier, path=str(place.path), out=str(tmp_path / "out.csv")))
    assert "trained_on" not in out
    from nnviz.jobs.worker.predictions import training_rows

    monkeypatch.setattr(training_rows, "MOST_NUMBERS", 10)
    answer = ask(place, answering.Answerer(place.store), flowers(), place.classifier)
    assert "trained_on" not in answer
    assert answer["metrics"]["accuracy"] > 0.5
