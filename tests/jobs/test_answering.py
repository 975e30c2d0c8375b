"""What a trained network says of new rows, checked against Keras and NumPy on the same arrays."""

import csv
import time

import msgpack
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss, r2_score

from nnviz import data, engine
from nnviz.errors import DataError, RequestError, SpecError
from nnviz.jobs.worker.answering import MAX_LOADED, Answerer
from nnviz.jobs.worker.predictions import new_rows
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Job, Store


def job(kind, run="", **payload):
    return Job(id=0, kind=kind, run=run, payload=payload, key="", status="running", worker=None, result=None, created=time.time())


def flowers(rows=150):
    """Three kinds by two numbers and a word; the kind `=x` looks like a formula."""
    rng = np.random.default_rng(0)
    kind = rng.integers(0, 3, rows)
    return pd.DataFrame(
        {
            "width": np.round(kind * 2 + rng.normal(0, 0.7, rows), 3),
            "height": np.round(rng.normal(0, 1, rows), 3),
            "colour": np.array(["red", "blue"])[(kind == 0).astype(int)],
            "kind": np.array(["=x", "b", "c"])[kind],
            "size": np.round(100 + 30 * kind + rng.normal(0, 3, rows), 2),
        }
    )


class Place:
    """A store with a classifier and a regression trained on the same file."""

    def __init__(self, folder):
        self.folder = folder
        self.store = Store(f"sqlite:///{folder}/nnviz.db")
        self.path = folder / "flowers.csv"
        flowers().to_csv(self.path, index=False)
        self.sha256 = self.store.blobs.put_file(self.path)
        self.answerer = Answerer(self.store, opens_paths=True)
        self.classifier = self.train(target="kind", cost="CrossEntropy")
        self.regression = self.train(target="size", cost="MeanSquaredError")

    def block(self, **more):
        return {"kind": "file", "path": "flowers.csv", "sha256": self.sha256} | more

    def train(self, *, target, cost):
        spec = RunSpec.parse(
            {
                "data": self.block(target=target),
                "layers": [{"kind": "Dense", "units": 6, "activation": "tanh"}],
                "cost": {"kind": cost},
                "optimizer": {"kind": "Adam", "learning_rate": 0.02},
                "training": {"epochs": 20},
            }
        )
        run = self.store.runs.create(spec)
        Trainer(self.store).train(job("train", run))
        assert self.store.runs.get(run).status == "finished", self.store.runs.get(run).error
        return run

    def network(self, run_id):
        """The run's network built apart from the code under test, and its encoder."""
        run = self.store.runs.get(run_id)
        encoder = data.Encoder.from_json(self.store.runs.encoder(run_id))
        target = encoder.target
        network = engine.build(
            run.spec.layers,
            run.spec.cost,
            task=target.task,
            shape=encoder.row_shape,
            outputs=len(target.classes) or len(target.names),
        )
        network.values = engine.weights_from_bytes(self.store.blobs.get(run.weights))
        return network, encoder


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("answering"))


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


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


def test_predictions_are_the_networks_own(place, tmp_path):
    out = tmp_path / "out.csv"
    answer = place.answerer.predict(job("predict", place.classifier, path=str(place.path), out=str(out)))
    network, encoder = place.network(place.classifier)
    frame = flowers()
    expected = np.asarray(network(encoder.transform(frame)))
    assert answer["rows"] == 150
    np.testing.assert_allclose([row[2:] for row in answer["table"]], expected, atol=1e-5)
    rows = read_csv(out)
    assert [row["prediction"] for row in rows] == [encoder.target.classes[place] for place in expected.argmax(1)]
    np.testing.assert_allclose([float(row["probability_b"]) for row in rows], expected[:, 1], atol=1e-5)
    assert [row["label"] for row in rows] == frame["kind"].tolist()
    assert answer["metrics"]["accuracy"] == pytest.approx(np.mean([row["prediction"] == row["label"] for row in rows]))
    shares = expected.astype(float) / expected.sum(1, dtype=float, keepdims=True)
    assert answer["metrics"]["loss"] == pytest.approx(log_loss(frame["kind"], shares, labels=["=x", "b", "c"]), rel=1e-4)
    assert np.mean(answer["costs"]) == pytest.approx(answer["metrics"]["loss"], rel=1e-4)


def test_numbers_come_in_the_targets_own_unit(place, tmp_path):
    out = tmp_path / "out.csv"
    answer = place.answerer.predict(job("predict", place.regression, path=str(place.path), out=str(out)))
    network, encoder = place.network(place.regression)
    frame = flowers()
    scaled = np.asarray(network(encoder.transform(frame)), dtype=float)[:, 0]
    expected = scaled * encoder.target.scale[0] + encoder.target.mean[0]
    predictions = np.array([float(row["prediction"]) for row in read_csv(out)])
    np.testing.assert_allclose(predictions, expected, rtol=1e-4)
    assert 80 < predictions.mean() < 180
    miss = expected - frame["size"].to_numpy()
    assert answer["metrics"]["mae"] == pytest.approx(np.abs(miss).mean(), rel=1e-3)
    assert answer["metrics"]["rmse"] == pytest.approx(np.sqrt((miss**2).mean()), rel=1e-3)
    assert answer["metrics"]["r2"] == pytest.approx(r2_score(frame["size"], expected), rel=1e-3)
    assert answer["metrics"]["loss"] == pytest.approx((miss**2).mean() / encoder.target.scale[0] ** 2, rel=1e-3)


def test_a_small_spread_around_a_large_number_keeps_its_digits(place, tmp_path):
    """Stamps of time, account numbers, heights above the earth's centre: a float32 has no digits for them."""
    path, out = tmp_path / "stamps.csv", tmp_path / "out.csv"
    frame = flowers().assign(stamp=lambda table: 1_700_000_000 + (10 * table["width"]).round().astype(int))[["width", "stamp"]]
    frame.to_csv(path, index=False)
    spec = RunSpec.parse(
        {
            "data": {"kind": "file", "path": "stamps.csv", "sha256": place.store.blobs.put_file(path), "target": "stamp"},
            "layers": [{"kind": "Dense", "units": 6, "activation": "tanh"}],
            "cost": {"kind": "MeanSquaredError"},
            "optimizer": {"kind": "Adam", "learning_rate": 0.02},
            "training": {"epochs": 20},
        }
    )
    run = place.store.runs.create(spec)
    Trainer(place.store).train(job("train", run))
    answer = place.answerer.predict(job("predict", run, path=str(path), out=str(out)))
    rows = read_csv(out)
    assert [row["label"] for row in rows] == [str(stamp) for stamp in frame["stamp"]]
    predicted = [float(row["prediction"]) for row in rows]
    assert r2_score(frame["stamp"], predicted) == pytest.approx(answer["metrics"]["r2"], abs=5e-4)
    assert answer["metrics"]["r2"] > 0.9
    live = msgpack.unpackb({row.view: row for row in place.store.series.frames(run)}["agreement"].body)
    assert np.abs(np.array(live["true"]) - np.round(live["true"])).max() < 1e-3
    assert set(np.round(live["true"]).astype(int)) <= set(frame["stamp"])


def test_evaluate_ranks_rows_by_their_own_loss(place):
    answer = place.answerer.evaluate(job("evaluate", place.classifier, path=str(place.path)))
    losses = [row[-1] for row in answer["worst"]]
    assert losses == sorted(losses, reverse=True)
    assert len(losses) == 150
    assert np.mean(losses) == pytest.approx(answer["metrics"]["loss"], rel=1e-5)
    first = answer["worst"][0]
    share = first[answer["columns"].index(f"probability_{first[-2]}")]
    assert losses[0] == pytest.approx(-np.log(share), rel=1e-3)


@pytest.mark.parametrize(
    ("cost", "formula"),
    [
        ("MeanSquaredError", lambda y, p: ((y - p) ** 2).mean(1)),
        ("MeanAbsoluteError", lambda y, p: np.abs(y - p).mean(1)),
        ("CategoricalHinge", lambda y, p: np.maximum(0, 1 + ((1 - y) * p).max(1) - (y * p).sum(1))),
    ],
)
def test_another_cost_is_calculated_on_the_same_predictions(place, cost, formula):
    answer = place.answerer.evaluate(job("evaluate", place.classifier, path=str(place.path), cost=cost))
    network, encoder = place.network(place.classifier)
    frame = flowers()
    p = np.asarray(network(encoder.transform(frame)), dtype=float)
    y = np.eye(3)[encoder.transform_target(frame)]
    assert answer["metrics"]["loss"] == pytest.approx(formula(y, p).mean(), rel=1e-4)


def test_a_cost_without_scaling_is_calculated_in_the_targets_unit(place):
    answer = place.answerer.evaluate(job("evaluate", place.regression, path=str(place.path), cost="MeanAbsolutePercentageError"))
    network, encoder = place.network(place.regression)
    frame = flowers()
    own = np.asarray(network(encoder.transform(frame)), dtype=float)[:, 0] * encoder.target.scale[0] + encoder.target.mean[0]
    truth = frame["size"].to_numpy()
    assert answer["metrics"]["loss"] == pytest.approx(100 * np.abs((truth - own) / truth).mean(), rel=1e-3)


def test_a_cost_of_the_other_task_or_unknown_is_refused(place):
    for cost, error in (("Poisson", RequestError), ("NoSuchCost", SpecError), ("Expression", RequestError)):
        with pytest.raises(error):
            place.answerer.evaluate(job("evaluate", place.classifier, path=str(place.path), cost=cost))


def test_rows_without_labels_are_predicted_and_not_evaluated(place, tmp_path):
    path = tmp_path / "new.csv"
    flowers(20).drop(columns="kind").to_csv(path, index=False)
    answer = place.answerer.predict(job("predict", place.classifier, path=str(path), out=str(tmp_path / "out.csv")))
    assert answer["rows"] == 20
    assert "metrics" not in answer
    with pytest.raises(DataError, match="'kind'"):
        place.answerer.evaluate(job("evaluate", place.classifier, path=str(path)))


def test_typed_rows_mean_what_the_file_meant(place):
    frame = flowers(5)
    rows = frame.drop(columns="kind").astype(str).to_dict("records")
    answer = place.answerer.predict(job("predict", place.classifier, rows=rows))
    network, encoder = place.network(place.classifier)
    np.testing.assert_allclose([row[2:] for row in answer["table"]], np.asarray(network(encoder.transform(frame))), atol=1e-5)


def test_what_a_network_cannot_know_is_said(place):
    rows = [{"width": "a lot", "height": "1", "colour": "green", "size": "100"}]
    notes = " ".join(place.answerer.predict(job("predict", place.classifier, rows=rows))["notes"])
    assert "'width'" in notes
    assert "'colour'" in notes
    assert "'height'" not in notes


def test_missing_columns_are_named(place, tmp_path):
    path = tmp_path / "new.csv"
    flowers(20)[["height"]].to_csv(path, index=False)
    with pytest.raises(DataError, match="width"):
        place.answerer.predict(job("predict", place.classifier, path=str(path), out=str(tmp_path / "out.csv")))
    assert list(tmp_path.glob("out*")) == []


def test_a_file_in_pieces_gives_what_it_gives_whole(place, tmp_path, monkeypatch):
    path = tmp_path / "large.csv"
    frame = flowers(3000).assign(note='a "quoted"\nline')
    frame.to_csv(path, index=False)
    whole, cut = tmp_path / "whole.csv", tmp_path / "cut.csv"
    place.answerer.predict(job("predict", place.classifier, path=str(path), out=str(whole)))
    monkeypatch.setattr(new_rows, "PIECE", 20_000)
    answer = place.answerer.predict(job("predict", place.classifier, path=str(path), out=str(cut)))
    assert answer["rows"] == 3000
    first, second = read_csv(whole), read_csv(cut)
    assert [row["row"] for row in second] == [str(number) for number in range(1, 3001)]
    assert [row["prediction"] for row in first] == [row["prediction"] for row in second]
    np.testing.assert_allclose([float(row["loss"]) for row in first], [float(row["loss"]) for row in second], atol=1e-5)


def test_an_uploaded_files_predictions_go_into_the_blobs_with_labels_as_they_are(place):
    answer = place.answerer.predict(job("predict", place.classifier, sha256=place.sha256, name="flowers.csv"))
    text = place.store.blobs.get(answer["csv"]).decode()
    assert text.count("\n") == 151 or text.count("\r\n") == 151
    assert '"=x"' in text


def test_a_spreadsheet_gets_no_formula_and_a_program_the_exact_label(place, tmp_path):
    answer = place.answerer.predict(job("predict", place.classifier, sha256=place.sha256, name="flowers.csv"))
    safe = place.store.blobs.get(answer["csv_safe"]).decode()
    assert '"\'=x"' in safe
    assert '"=x"' not in safe
    out = tmp_path / "out.csv"
    place.answerer.predict(job("predict", place.classifier, path=str(place.path), out=str(out), safe=True))
    assert out.read_bytes() == place.store.blobs.get(answer["csv_safe"])
    # where no text looks like a formula, one file serves both
    other = place.answerer.predict(job("predict", place.regression, sha256=place.sha256, name="flowers.csv"))
    assert "csv_safe" not in other


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


@pytest.mark.parametrize("kind", ["parquet", "npz"])
def test_a_large_file_is_predicted_in_pieces_as_a_small_one_is_whole(place, monkeypatch, kind):
    frame = flowers(400)
    path = place.folder / f"rows.{kind}"
    run = place.classifier
    if kind == "parquet":
        frame.to_parquet(path, row_group_size=90, index=False)
    else:
        # names of columns cannot stand in an .npz: a network that was trained on one
        np.savez(path, x=frame[["width", "height"]].to_numpy(), y=(frame["kind"] == "b").astype(int).to_numpy())
        spec = RunSpec.parse(
            {
                "data": {"kind": "file", "path": "rows.npz", "sha256": place.store.blobs.put_file(path)},
                "layers": [],
                "cost": {"kind": "CrossEntropy"},
                "optimizer": {"kind": "Adam"},
                "training": {"epochs": 1},
            }
        )
        run = place.store.runs.create(spec)
        Trainer(place.store).train(job("train", run))
    outs = [place.folder / f"{kind}-whole.csv", place.folder / f"{kind}-pieces.csv"]
    place.answerer.predict(job("predict", run, path=str(path), out=str(outs[0])))
    monkeypatch.setattr(new_rows, "PIECE", 1000)
    monkeypatch.setattr(new_rows, "BLOCK", 64)
    answer = place.answerer.predict(job("predict", run, path=str(path), out=str(outs[1])))
    assert answer["rows"] == answer["labelled"] == 400
    whole, pieces = (read_csv(out) for out in outs)
    assert [row["row"] for row in pieces] == [str(number) for number in range(1, 401)]
    for one, other in zip(whole, pieces, strict=True):
        assert one["prediction"] == other["prediction"]
        assert float(one["loss"]) == pytest.approx(float(other["loss"]), rel=1e-4, abs=1e-6)
