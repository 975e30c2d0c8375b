"""A store and a packed run of before reading rules had versions: what they hold reads, resumes and predicts as it did."""

import csv
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nnviz import jobs
from nnviz.data.encode import Encoder
from nnviz.data.rules import OLD
from nnviz.jobs.foreground import do_here, train_here
from nnviz.spec import RunSpec
from nnviz.store import Store

ASSETS = Path(__file__).parent.parent / "assets"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("before")
    with zipfile.ZipFile(ASSETS / "store-rules1.zip") as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def store(home):
    return Store(f"sqlite:///{home}/nnviz.db")


@pytest.fixture(scope="module")
def names(home):
    return json.loads((home / "runs.json").read_text())


@pytest.fixture(scope="module")
def fresh(store, names):
    """The same training from the start, by the rules that the migration wrote in."""
    run_id = store.create_run(RunSpec.parse(store.run(names["whole"]).spec_json))
    return train_here(store, run_id, on_change=lambda run: None)


def weights(store, run):
    with np.load(io.BytesIO(store.blob(run.weights))) as arrays:
        return [arrays[name] for name in sorted(arrays.files)]


def assert_alike(new, then):
    """To float32's tolerance: the assets may have been made on a machine of another kind."""
    for one, other in zip(new, then, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_the_first_rules_are_written_in(store, names):
    for name in names.values():
        run = store.run(name)
        assert run.spec_json["data"]["read"] == {"rules": 1}
        assert run.spec.data.read.rules == 1
        assert Encoder.from_json(store.encoder(name)).rules == OLD
    assert store.encoder(names["whole"])["target"]["classes"] == ["Apnea", "Insomnia"]


def test_a_training_anew_is_what_it_was(store, names, fresh):
    then = store.run(names["whole"])
    assert store.encoder(fresh.id) == store.encoder(then.id)
    assert_alike(weights(store, fresh), weights(store, then))


def test_a_run_that_was_cut_off_ends_as_the_one_that_was_not(store, names, fresh):
    half = store.run(names["half"])
    jobs.go_on(store, half, epochs=6)
    again = train_here(store, half.id, on_change=lambda run: None)
    assert again.step == fresh.step
    if fresh.weights == store.run(names["whole"]).weights:  # this machine counts as the one that made the assets
        assert (again.weights, again.metrics) == (fresh.weights, fresh.metrics)
    assert_alike(weights(store, again), weights(store, fresh))


def test_it_predicts_what_it_predicted(store, names, home, tmp_path):
    do_here(store, "predict", names["whole"], {"path": str(home / "new.csv"), "out": str(tmp_path / "out.csv")})
    new, then = (list(csv.DictReader(io.StringIO(path.read_text()))) for path in (tmp_path / "out.csv", home / "predictions.csv"))
    assert [[row["prediction"], row["label"]] for row in new] == [[row["prediction"], row["label"]] for row in then]
    assert "" in {row["label"] for row in then}  # the class None, which these rules take for missing
    assert_alike(*([[float(row[f"probability_{name}"]) for name in ("Apnea", "Insomnia")] for row in table]
                   for table in (new, then)))


def test_it_exports_what_it_exported(store, names, home, tmp_path):
    do_here(store, "export", names["whole"], {"to": "script", "out": str(tmp_path / "script.py")})
    with np.load(tmp_path / "script.npz") as new, np.load(home / "script.npz") as then:
        assert sorted(new.files) == sorted(then.files)
        for name in then.files:
            if name.startswith("weight"):
                np.testing.assert_allclose(new[name], then[name], rtol=1e-5)
            else:
                np.testing.assert_array_equal(new[name], then[name])


def test_a_packed_run_comes_in_with_the_first_rules(tmp_path, store, names):
    other = Store(f"sqlite:///{tmp_path}/nnviz.db")
    found = other.unpack(ASSETS / "run-rules1.nnviz")
    assert other.run(found.run_id).spec_json == store.run(names["half"]).spec_json
    assert other.encoder(found.run_id) == store.encoder(names["half"])
    with zipfile.ZipFile(ASSETS / "store-rules1.zip") as archive:
        archive.extract("nnviz.db", tmp_path / "again")
    # the very run that a migrated store holds is known there
    assert not Store(f"sqlite:///{tmp_path}/again/nnviz.db").unpack(ASSETS / "run-rules1.nnviz").is_new
