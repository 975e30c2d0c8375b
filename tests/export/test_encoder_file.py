"""The encoder beside a `.keras` file: raw rows in and answers out, as `predict` gives them, where nnviz is not installed."""

import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest

from nnviz.export.raw_rows import RowEncoder
from nnviz.jobs.worker.answering import Answerer
from nnviz.jobs.worker.exporting import Exporter
from nnviz.jobs.worker.predictions.as_read import decimals_for, rounded
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.store.test_of_before import ASSETS

from .test_exact import alone, job

ANSWER_ALL = """
import importlib, json, sys
sys.modules["nnviz"] = sys.modules["pyarrow"] = None     # importing them anywhere would fail
import keras
answers = {}
for name in sys.argv[1:]:
    encoder = importlib.import_module(name + "_encoder")
    model = keras.models.load_model(name + ".keras", safe_mode=True)
    typed = json.load(open(name + ".typed.json"))
    answers[name] = {"file": encoder.predict(model, encoder.read(name + ".new.csv")), "typed": encoder.predict(model, typed),
                     "encoded": encoder.encode(encoder.read(name + ".new.csv")).tolist()}
print(json.dumps(answers))
"""
WORDS, DAYS, TRUTHS = ("Torgersen", "Biscoe", "Dream", "None"), ("1/12/17", "13/11/18", "24/12/19"), ("yes", "no")
MOMENTS = ("2024-03-31 01:30 +01:00", "Sun 31 Mar 2024 03:30:05 CEST", "2023-10-29T02:15:00Z", "Dec 5, 2022 2:05 PM")


def row(number):
    """A row in people's writing; `weight` is the number to predict, `kind` the class."""
    return {
        "no": f"{number}",
        "island": WORDS[number * 7 % 4],
        "price": f"{number * 131 % 7 + 1}.{number * 577 % 1000:03},{number % 10}0 €",
        "share": f"{number * 37 % 100},5",
        "seen": DAYS[number % 3] if number % 9 else "",
        "moment": MOMENTS[number * 5 % 4],
        "open": TRUTHS[number % 2] if number % 11 else "?",
        "code": f"0{number * 3 % 5}",
        "noise": "always",
        "kind": ("small", "large", "odd")[(number * 131 % 7 > 3) + (number % 10 == 0)],
        "weight": f"{40_000 + number * 131 % 7 * 1000 + number % 10},25",
    }


NEW = [
    row(501) | {"island": "Elsewhere", "price": "(12,50)", "share": "abc"},
    row(502) | {"island": "", "price": "3.000 €", "share": "1.234,5", "moment": "31.02.2024"},
    row(503) | {"price": "12.5", "seen": "2/1/2031", "open": "maybe", "code": "4"},
    row(504) | {"price": "− 1 234,5", "share": "-7", "seen": "31/13/17", "moment": ""},
    row(505) | {"price": "NA", "island": "  Biscoe ", "open": "YES", "moment": "2024-02-29"},
]
RUNS = {
    "classes": {"data": {"target": "kind", "drop": ["weight", "no"]}, "cost": {"kind": "CrossEntropy"}},
    "amounts": {"data": {"target": "weight", "drop": ["kind"]}, "cost": {"kind": "MeanSquaredError"}},
    "two": {
        "data": {
            "target": "open",
            "drop": ["no"],
            "columns": {"moment": {"elapsed": True}},
            "read": {"missing": ["", "NA", "?", "-7"]},
        },
        "cost": {"kind": "CrossEntropy", "transform": "sigmoid"},
    },
    "plain": {
        "data": {"target": "weight", "drop": ["kind", "moment", "seen", "island", "open", "code"]},
        "cost": {"kind": "Huber"},
    },
}


def csv_of(rows, names=None):
    names = names or list(rows[0])
    return "\n".join([";".join(names), *(";".join(row.get(name, "") for name in names) for row in rows)])


class Place:
    """Runs on one table, their `.keras` files with encoders, and new rows: as a file whose columns stand in another order and
    without the target, and typed."""

    def __init__(self, folder):
        self.folder = folder
        self.store = Store(f"sqlite:///{folder}/nnviz.db")
        path = folder / "rows.csv"
        path.write_text(csv_of([row(number) for number in range(160)]), encoding="cp1252")
        sha256 = self.store.blobs.put_file(path)
        self.runs = {name: self._train(blocks, sha256) for name, blocks in RUNS.items()}
        for name, run in self.runs.items():
            Exporter(self.store).export(job("export", run, to="keras", out=str(folder / f"{name}.keras")))
            names = [column for column in reversed(NEW[0]) if column != RUNS[name]["data"]["target"]]
            (folder / f"{name}.new.csv").write_text(csv_of(NEW, names), encoding="cp1252", errors="replace")
            typed = [{column: cell for column, cell in row.items() if column in names} for row in NEW]
            (folder / f"{name}.typed.json").write_text(json.dumps(typed))

    def _train(self, blocks, sha256):
        spec = RunSpec.parse(
            {
                "data": {"kind": "file", "path": "rows.csv", "sha256": sha256} | blocks["data"],
                "layers": [{"kind": "Dense", "units": 6, "activation": "tanh"}],
                "cost": blocks["cost"],
                "optimizer": {"kind": "Adam", "learning_rate": 0.02},
                "training": {"epochs": 3},
            }
        )
        run = self.store.runs.create(spec)
        Trainer(self.store).train(job("train", run))
        assert self.store.runs.get(run).status == "finished", self.store.runs.get(run).error
        return run


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("encoders"))


@pytest.fixture(scope="module")
def answers(place):
    return alone(place.folder, ANSWER_ALL, *place.runs)


def same(answer, table, scale):
    """Whether answers are the rows of a table of predictions, which are rounded to the digits of a float32."""
    for one, line in zip(answer, table, strict=True):
        if "probabilities" not in one:
            assert rounded(one["prediction"], decimals_for(scale)) == pytest.approx(line[1], rel=1e-6)
            continue
        assert one["prediction"] == line[1]
        np.testing.assert_allclose(list(one["probabilities"].values()), line[2:], rtol=2e-6, atol=1e-7)


@pytest.mark.parametrize("name", list(RUNS))
@pytest.mark.parametrize("how", ["file", "typed"])
def test_raw_rows_are_answered_as_predict_does(place, answers, name, how):
    answerer = Answerer(place.store, opens_paths=True)
    rows = json.loads((place.folder / f"{name}.typed.json").read_text())
    asked = {"path": str(place.folder / f"{name}.new.csv")} if how == "file" else {"rows": rows}
    predicted = answerer.predict(job("predict", place.runs[name], **asked))
    same(answers[name][how], predicted["table"], (predicted["target"]["scale"] or [1.0])[0])


@pytest.mark.parametrize("name", list(RUNS))
def test_the_inputs_are_the_encoders_bit_for_bit(place, answers, name):
    trained = Answerer(place.store, opens_paths=True).trained(place.runs[name])
    from nnviz.jobs.worker.predictions.new_rows import from_file

    path = place.folder / f"{name}.new.csv"
    (batch,) = from_file(path, name=path.name, encoder=trained.encoder, data=trained.run.spec.data)
    np.testing.assert_array_equal(np.array(answers[name]["encoded"], np.float32), batch.x)


def test_a_download_says_how_it_is_used(place):
    exported = Exporter(place.store).export(job("export", place.runs["classes"], to="keras"))
    with zipfile.ZipFile(io.BytesIO(place.store.blobs.get(exported["sha256"]))) as archive:
        names = archive.namelist()
        readme = archive.read("README.txt").decode()
        (module,) = [name for name in names if name.endswith("_encoder.py")]
        source = archive.read(module).decode()
    network = next(name for name in names if name.endswith(".keras"))
    assert module.replace(".py", ".json") in names
    assert f"import keras, {module.removesuffix('.py')} as encoder" in readme
    assert f"load_model({network!r})" in readme
    assert f"load_model({network!r})" in source
    assert "from nnviz" not in source
    assert "import nnviz" not in source


def test_a_missing_column_is_named(place):
    encoder = RowEncoder(json.loads((place.folder / "classes_encoder.json").read_text(encoding="utf-8")))
    with pytest.raises(ValueError, match="missing columns: price"):
        encoder.encode([{name: cell for name, cell in NEW[0].items() if name != "price"}])
    with pytest.raises(ValueError, match="not all there"):
        encoder.read(_written(place.folder / "other.csv", "a;b\n1;2"))
    assert encoder.encode([]).shape == (0, encoder.encode(NEW).shape[1])
    frame = pd.DataFrame(NEW)
    np.testing.assert_array_equal(encoder.encode(frame), encoder.encode(NEW))


def test_a_run_of_the_first_rules_is_exported_too(tmp_path):
    with zipfile.ZipFile(ASSETS / "store-rules1.zip") as archive:
        archive.extractall(tmp_path)
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    run = json.loads((tmp_path / "runs.json").read_text())["whole"]
    Exporter(store).export(job("export", run, to="keras", out=str(tmp_path / "old.keras")))
    encoder = RowEncoder(json.loads((tmp_path / "old_encoder.json").read_text(encoding="utf-8")))
    trained = Answerer(store, opens_paths=True).trained(run)
    table = pd.read_csv(tmp_path / "new.csv", dtype=str, keep_default_na=False)
    np.testing.assert_array_equal(encoder.encode(encoder.read(tmp_path / "new.csv")), trained.encoder.transform(table))


def _written(path, text):
    path.write_text(text, encoding="utf-8")
    return path
