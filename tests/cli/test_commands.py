"""The command line's contract: each command once as a process of its own, and what else it says in this one, which has TensorFlow
loaded already."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnviz import cli
from nnviz.jobs.foreground import do_here
from nnviz.store import Store

ROOT = Path(__file__).parent.parent.parent
SPEC = {
    "name": "iris, small",
    "data": {"kind": "builtin", "name": "iris"},
    "layers": [{"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": 8, "activation": "tanh"}]}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.02},
    "training": {"epochs": 20, "batch_size": 16},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    (folder / "spec.json").write_text(json.dumps(SPEC))
    return folder


def call(home, *arguments, code=0):
    environment = os.environ | {"NNVIZ_HOME": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "nnviz", *map(str, arguments)],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    # TensorFlow's own words: nobody who trains a network can act on them
    assert not any(word in done.stderr for word in ("absl", "I0000", "E0000", "cuda", "XLA", "AVX")), done.stderr
    return done


def in_process(home, *arguments, code=0):
    """As `call`, in this process."""
    out, errors = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        patch.setenv("NNVIZ_HOME", str(home))
        patch.delenv("NNVIZ_STORE", raising=False)
        patch.chdir(home)
        patch.setattr(sys, "argv", ["nnviz", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    done = subprocess.CompletedProcess(arguments, int(ended.value.code or 0), out.getvalue(), errors.getvalue())
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def trained(home):
    return json.loads(call(home, "train", "spec.json", "--json").stdout.splitlines()[-1])


def test_train_answers_with_the_last_line(trained):
    assert trained["status"] == "finished"
    assert trained["steps"] == 20 * 6
    assert trained["metrics"]["test_accuracy"] > 0.8
    assert trained["steps_per_second"] > 0
    assert trained["seconds"] > 0
    assert trained["warnings"] == []
    assert (trained["weights_epoch"], trained["ending"]) == (20, "finished")


def test_runs_and_show(home, trained):
    (run,) = [row for row in json.loads(call(home, "runs", "--json").stdout) if row["run"] == trained["run"]]
    assert (run["name"], run["status"]) == ("iris, small", "finished")
    record = json.loads(in_process(home, "show", trained["run"], "--json").stdout)
    assert record["pid"] is None
    assert len(record["history"]) == 20
    assert {"epoch", "step", "time", "loss", "val_loss", "accuracy", "val_accuracy"} <= set(record["history"][-1])
    assert record["spec"]["optimizer"]["learning_rate"] == 0.02


def test_evaluate_and_predict_agree_with_the_labels(home, trained):
    from sklearn.datasets import load_iris

    iris = load_iris(as_frame=True)
    frame = iris.frame.rename(columns={"target": "species"})
    frame["species"] = [iris.target_names[number] for number in frame["species"]]
    inputs = frame.drop(columns="species")
    inputs.to_csv(home / "rows.csv", index=False)
    lines = (home / "rows.csv").read_text().splitlines()
    (home / "rows.csv").write_text("\n".join([*lines[:-1], "abc" + lines[-1][lines[-1].index(",") :]]))
    done = call(home, "predict", trained["run"], "rows.csv", "-o", "out.csv")
    assert done.stdout == "150 rows written to out.csv, weights of epoch 20\n"
    assert "'sepal length (cm)' has a value that is no number, counted as missing: 'abc'" in done.stderr
    lines = (home / "out.csv").read_text().splitlines()
    assert len(lines) == 151
    species = ["new kind"] + ["setosa"] * 49 + ["versicolor"] * 40
    frame.iloc[:90].assign(species=species).to_csv(home / "labelled.csv", index=False)
    done = in_process(home, "evaluate", trained["run"], "labelled.csv", "--quiet", "--json")
    answer = json.loads(done.stdout)
    assert done.stderr == ""
    assert answer["rows"] == 89
    assert answer["weights_epoch"] == 20
    assert any("'new kind'" in warning for warning in answer["warnings"])
    assert any(warning.startswith("1 row without a label") for warning in answer["warnings"])


def test_export_csv(home, trained):
    call(home, "export", trained["run"], "--to", "csv", "-o", "history.csv")
    lines = (home / "history.csv").read_text().splitlines()
    assert len(lines) == 21
    assert lines[0].startswith("epoch,step,time")
    in_process(home, "export", trained["run"], "--to", "csv", "--exact", "-o", "exact.csv")
    assert (home / "exact.csv").read_text() == (home / "history.csv").read_text()


def test_export_for_use_elsewhere(home, trained):
    message = in_process(home, "export", trained["run"], "--to", "script", "-o", "again.py").stdout
    assert "again.npz" in message
    assert 'with_name("again.npz")' in (home / "again.py").read_text()
    assert (home / "again.npz").exists()
    assert ".keras" in in_process(home, "export", trained["run"], "--to", "keras", "-o", "x", code=2).stderr
    assert "script, keras, csv" in in_process(home, "export", trained["run"], "--to", "onnx", "-o", "x", code=2).stderr


def test_check_says_fine_and_what_it_read(home):
    rows = [f"{number};{number % 7},5;{'ab'[number % 2]};{number}" for number in range(40)]
    (home / "table.csv").write_text("\n".join(["id;x;kind;size", *rows, ";1,5;;3"]))
    (home / "table.json").write_text(json.dumps(SPEC | {"data": {"kind": "file", "path": "table.csv", "target": "kind"}}))
    done = call(home, "check", "table.json")
    assert done.stdout == "table.json: fine\n"
    assert "data: 41 rows, 1 of them left out; 3 columns + target; " in done.stderr
    assert "separator semicolon, decimal comma, encoding UTF-8, with a header" in done.stderr
    assert "warning: 1 row without a target is left out" in done.stderr
    done = in_process(home, "check", "table.json", "--json", "--quiet")
    assert done.stderr == ""
    assert "1 row without a target is left out" in json.loads(done.stdout)["warnings"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"layers": [{"kind": "Dense", "units": 0}]}, "layers[0].units"),
        ({"optimizer": {"kind": "Adam", "learning_rate": -1}}, "optimizer.learning_rate"),
        ({"layerz": []}, "layers"),
        ({"data": {"kind": "file", "path": "not there.csv"}}, "not there.csv"),
        ({"data": {"kind": "builtin", "name": "digits"}}, "Flatten"),
    ],
)
def test_what_is_wrong_is_said_with_exit_code_2(home, change, says):
    (home / "wrong.json").write_text(json.dumps(SPEC | change))
    assert says in in_process(home, "check", "wrong.json", code=2).stderr


def test_train_refuses_a_set_without_a_value(home):
    assert "--set" in in_process(home, "train", "spec.json", "--set", "training.epochs", code=2).stderr


def test_a_run_that_is_done_says_so(home, trained):
    assert "all 20 epochs of this run are done" in in_process(home, "resume", trained["run"], code=2).stderr


def test_an_unknown_run_and_a_missing_file(home, trained):
    assert "there is no run" in call(home, "show", "nothing", code=2).stderr
    assert "no such file" in in_process(home, "predict", trained["run"], "nothing.csv", "-o", "x.csv", code=2).stderr


def test_a_packed_run_predicts_the_same_in_another_store(home, trained, tmp_path):
    in_process(home, "pack", trained["run"], "-o", "run.nnviz")
    answer = json.loads(call(tmp_path, "unpack", home / "run.nnviz", "--json").stdout)
    assert answer == {"run": trained["run"], "was": trained["run"], "name": "iris, small", "new": True}
    here, there = Store(f"sqlite:///{home}/nnviz.db"), Store(f"sqlite:///{tmp_path}/nnviz.db")
    assert there.runs.get(trained["run"]) == here.runs.get(trained["run"])
    assert there.series.history(trained["run"]) == here.series.history(trained["run"])
    (home / "pack.csv").write_text("sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)\n5,3,1.5,.2\n6,3,5,2\n")
    for store, name in ((here, "here.csv"), (there, "there.csv")):
        do_here(store, "predict", trained["run"], {"path": str(home / "pack.csv"), "out": str(tmp_path / name)})
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
    (tmp_path / "bad.nnviz").write_bytes((home / "run.nnviz").read_bytes()[:-40])
    assert "no packed run" in in_process(tmp_path, "unpack", tmp_path / "bad.nnviz", code=2).stderr
