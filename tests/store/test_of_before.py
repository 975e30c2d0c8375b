"""A store and a packed run of before reading rules had versions: what they hold reads, resumes and predicts as it did."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nnviz.data.columns.encode import Encoder
from nnviz.data.columns.reading_rules import Rules
from nnviz.store import Store

ROOT = Path(__file__).parent.parent.parent
ASSETS = ROOT / "tests" / "assets"
COMPUTED = "7dceb69574429011"
"""What `goes_on.computed` gives on the machine that made the assets, with the flags of quick runs."""


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
def went_on(home, store):
    """Both runs trained to their end, predicted and exported as the command line does it: without the flags that the tests set
    for XLA, on which the last bits depend."""
    env = {name: value for name, value in os.environ.items() if name not in ("XLA_FLAGS", "NNVIZ_XLA_FLAGS_GIVEN")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.goes_on", str(home)], env=env, cwd=ROOT, text=True, capture_output=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def is_same_machine(went_on):
    """Whether this machine counts, in the last bit, as the one that made the assets does."""
    return went_on["computed"] == COMPUTED


def weights(store, run):
    with np.load(io.BytesIO(store.blobs.get(run.weights))) as arrays:
        return [arrays[name] for name in sorted(arrays.files)]


def assert_alike(new, then):
    """To float32's tolerance: the assets were made on a machine of another kind."""
    for one, other in zip(new, then, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_the_first_rules_are_written_in(store, names):
    for name in names.values():
        run = store.runs.get(name)
        assert run.spec_json["data"]["read"] == {"rules": 1}
        assert run.spec.data.read.rules == 1
        assert Encoder.from_json(store.runs.encoder(name)).rules == Rules(version=1)
    assert store.runs.encoder(names["whole"])["target"]["classes"] == ["Apnea", "Insomnia"]


def test_a_training_anew_is_what_it_was(store, names, went_on, is_same_machine):
    fresh, then = store.runs.get(went_on["fresh"]), store.runs.get(names["whole"])
    assert store.runs.encoder(fresh.id) == store.runs.encoder(then.id)
    assert fresh.info["xla_flags"] == then.info["xla_flags"]
    if is_same_machine:
        assert fresh.weights == then.weights
    assert_alike(weights(store, fresh), weights(store, then))


def test_a_run_that_was_cut_off_ends_as_the_one_that_was_not(store, names, went_on, is_same_machine):
    """Bit for bit on the machine that did its first half; on one that counts otherwise in the last bit no run can have both
    halves, and it ends as near as float32 allows."""
    again, fresh, then = store.runs.get(names["half"]), store.runs.get(went_on["fresh"]), store.runs.get(names["whole"])
    assert (again.step, again.status) == (then.step, "finished")
    if is_same_machine:
        # the hash of all bytes
        assert again.weights == then.weights
        assert again.metrics == fresh.metrics
    assert_alike(weights(store, again), weights(store, fresh))
    assert again.metrics == pytest.approx(fresh.metrics, rel=1e-4)


def test_it_predicts_what_it_predicted(home, is_same_machine):
    if is_same_machine:
        assert (home / "out.csv").read_bytes() == (home / "predictions.csv").read_bytes()
    new, then = (list(csv.DictReader(io.StringIO(path.read_text()))) for path in (home / "out.csv", home / "predictions.csv"))
    assert [[row["prediction"], row["label"]] for row in new] == [[row["prediction"], row["label"]] for row in then]
    assert "" in {row["label"] for row in then}  # the class None, which these rules take for missing
    assert_alike(
        *([[float(row[f"probability_{name}"]) for name in ("Apnea", "Insomnia")] for row in table] for table in (new, then))
    )


def test_it_exports_what_it_exported(home, went_on):
    assert went_on
    with np.load(home / "out.npz") as new, np.load(home / "script.npz") as then:
        assert sorted(new.files) == sorted(then.files)
        for name in then.files:
            np.testing.assert_array_equal(new[name], then[name])


def test_a_packed_run_comes_in_with_the_first_rules(tmp_path, store, names):
    other = Store(f"sqlite:///{tmp_path}/nnviz.db")
    unpacked = other.packs.unpack(ASSETS / "run-rules1.nnviz")
    assert other.runs.get(unpacked.run_id).spec_json == store.runs.get(names["half"]).spec_json
    assert other.runs.encoder(unpacked.run_id) == store.runs.encoder(names["half"])
    with zipfile.ZipFile(ASSETS / "store-rules1.zip") as archive:
        archive.extract("nnviz.db", tmp_path / "again")
    # the very run that a migrated store holds is known there
    assert not Store(f"sqlite:///{tmp_path}/again/nnviz.db").packs.unpack(ASSETS / "run-rules1.nnviz").is_new
