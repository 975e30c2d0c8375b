"""Cross-validation by the command line: five folds, and three times five."""

import json
import subprocess
import sys

import numpy as np
import pytest

from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.cli.test_commands import SPEC, call, in_process


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    (folder / "spec.json").write_text(json.dumps(SPEC | {"split": {"folds": 5}, "training": {"epochs": 4, "batch_size": 16}}))
    return folder


@pytest.fixture(scope="module")
def five(home):
    return json.loads(call(home, "train", "spec.json", "--json").stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def fifteen(home):
    return json.loads(in_process(home, "train", "spec.json", "--set", "split.repeats=3", "--json").stdout.splitlines()[-1])


def test_five_folds_answer_with_mean_deviation_and_values(home, five):
    assert {"group", "runs", "metrics"} <= set(five)
    assert len(five["runs"]) == 5
    store = Store(f"sqlite:///{home}/nnviz.db")
    runs = [store.runs.get(run_id) for run_id in five["runs"]]
    for name in ("val_accuracy", "val_loss", "test_accuracy"):
        spread = five["metrics"][name]
        assert spread["values"] == [run.metrics[name] for run in runs]
        assert spread["mean"] == pytest.approx(np.mean(spread["values"]), abs=1e-12)
        assert spread["std"] == pytest.approx(np.std(spread["values"]), abs=1e-12)
    # 120 rows outside the test part: accuracies are counts of 24
    assert np.allclose(np.array(five["metrics"]["val_accuracy"]["values"]) * 24 % 1, 0, atol=1e-5)
    assert {run.group for run in runs} == {five["group"]}
    assert [run.name for run in runs] == [f"iris, small · fold {number}/5" for number in range(1, 6)]
    assert {run.info["rows"]["test"] for run in runs} == {30}
    store.close()


def test_three_times_five_folds_begin_with_the_five(home, five, fifteen):
    assert len(fifteen["runs"]) == 15
    values = fifteen["metrics"]["val_loss"]["values"]
    assert values[:5] == five["metrics"]["val_loss"]["values"]
    assert len(set(values)) == 15
    assert fifteen["metrics"]["val_loss"]["std"] == pytest.approx(np.std(values), abs=1e-12)


def test_a_group_that_was_killed_goes_on(home, five):
    """One fold was being trained, four waited."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    store = Store(f"sqlite:///{home}/nnviz.db")
    group_id = store.runs.create_group(RunSpec.parse(home / "spec.json"))
    runs = [run.id for run in store.runs.group_runs(group_id)]
    store.runs.claim(runs[0], pid=gone.pid)
    listed = {row["run"]: row["status"] for row in json.loads(in_process(home, "runs", "--json").stdout)}
    assert [listed[run] for run in runs] == ["failed"] + ["queued"] * 4
    answer = json.loads(in_process(home, "resume", group_id, "--json").stdout.splitlines()[-1])
    assert answer["statuses"] == ["finished"] * 5
    assert answer["metrics"]["val_loss"]["values"] == five["metrics"]["val_loss"]["values"]
    assert "all 5 runs of this group are finished" in in_process(home, "resume", group_id, code=2).stderr
    store.close()


def test_runs_name_their_group(home, five):
    listed = json.loads(in_process(home, "runs", "--json").stdout)
    assert {row["run"] for row in listed if row.get("group") == five["group"]} == set(five["runs"])


def test_data_that_cannot_be_cut_so_is_refused_before_any_run(home):
    assert (
        "split.folds"
        in in_process(
            home,
            "train",
            "spec.json",
            "--set",
            "split.folds=100",
            "--set",
            "split.test=0.8",
            "--set",
            "split.validation=0",
            code=2,
        ).stderr
    )
