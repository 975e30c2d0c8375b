"""What a trained network says of new rows, checked against Keras and NumPy on the same arrays."""

import msgpack
import numpy as np
import pytest
from sklearn.metrics import log_loss, r2_score

from nnviz.errors import DataError
from nnviz.jobs.worker.predictions import new_rows
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from tests.jobs.predictions.flowers import flowers, job, read_csv


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
