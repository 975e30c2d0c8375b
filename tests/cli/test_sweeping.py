"""The command `sweep`: in this process, stopped by Ctrl+C, resumed; and by workers whose supervisor is killed on the way."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time

import psutil
import pytest

from nnviz.store import Store
from tests.cli.test_commands import ROOT, in_process
from tests.serving import jobs_of

PAGE = ROOT / "docs" / "sweeps.md"

SWEEP = {
    "data": {"kind": "builtin", "name": "iris"},
    "layers": [{"kind": "Dense", "units": 8, "activation": "relu"}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam"},
    "training": {"epochs": 5},
    "sweep": {"vary": {"optimizer.learning_rate": {"log": [0.001, 0.1]}}, "trials": 4, "goal": "val_accuracy"},
}


BEGIN = """
from pathlib import Path
from nnviz.jobs.sweep.control import start_sweep
from nnviz.spec import RunSpec
from nnviz.store import Store
print(start_sweep(Store(), RunSpec.parse(Path("sweep.json"))))
"""


@pytest.fixture
def home(tmp_path):
    (tmp_path / "sweep.json").write_text(json.dumps(SWEEP))
    return tmp_path


def answer(done):
    return json.loads(done.stdout.splitlines()[-1])


def test_a_sweep_in_this_process_and_four_trials_more(home):
    first = answer(in_process(home, "sweep", "sweep.json", "--here", "--json", "--quiet"))
    assert set(first) == {"sweep", "trials", "best"}
    assert len(first["trials"]) == 4
    for trial in first["trials"]:
        assert set(trial) == {"run", "values", "status", "score"}
        assert trial["status"] == "finished"
        assert 0.001 <= trial["values"]["optimizer.learning_rate"] <= 0.1
    best = max(first["trials"], key=lambda trial: trial["score"])
    assert first["best"] == {name: best[name] for name in ("run", "values", "score")}
    assert in_process(home, "resume", first["sweep"], "--here", code=2).stderr.count("all 4 trials")
    more = answer(in_process(home, "resume", first["sweep"], "--trials", "2", "--here", "--json"))
    assert more["trials"][:4] == first["trials"]
    assert len(more["trials"]) == 6


def test_the_example_of_the_page_on_sweeps(home):
    (home / "sweep.json").write_text(re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1])
    output = in_process(home, "sweep", "sweep.json", "--set", "sweep.trials=6", "--set", "training.epochs=2", "--here").stdout
    assert "6 trials" in output
    assert "best: trial" in output


def test_what_is_wrong_is_said_with_its_path(home):
    refused = in_process(home, "sweep", "sweep.json", "--set", 'sweep.vary={"layers[3].units": {"list": [1]}}', code=2)
    assert "sweep.vary.layers[3].units" in refused.stderr
    assert "sweep" in in_process(home, "train", "sweep.json", code=2).stderr


def test_a_sweep_goes_on_after_its_supervisor_is_killed(home):
    long = SWEEP | {"sweep": SWEEP["sweep"] | {"trials": 4}, "training": {"epochs": 2000}}
    (home / "sweep.json").write_text(json.dumps(long))
    url = f"sqlite:///{home}/nnviz.db"
    environment = os.environ | {"NNVIZ_HOME": str(home), "NNVIZ_WORKERS": "1", "PYTHONPATH": str(ROOT)}
    started = subprocess.run([sys.executable, "-c", BEGIN], cwd=home, env=environment, capture_output=True, text=True, check=True)
    group_id = started.stdout.strip()
    store = Store(url)
    try:
        wait(lambda: any(head.status == "finished" for head in store.sweeps.heads(group_id)))
        for process in jobs_of(url, "nnviz.jobs.supervisor"):
            os.kill(process.pid, signal.SIGKILL)
        subprocess.run(
            [sys.executable, "-c", f"from nnviz.jobs import ensure_supervisor; ensure_supervisor({url!r})"],
            cwd=home, env=environment, check=True,
        )  # fmt: skip
        wait(lambda: store.sweeps.state(group_id).status != "running")
        assert store.sweeps.state(group_id).status == "finished"
        runs = store.runs.group_runs(group_id)
        assert [run.member for run in runs] == [1, 2, 3, 4]
        assert {run.status for run in runs} == {"finished"}
        assert all(run.epoch == 2000 for run in runs)
        assert len({run.spec.optimizer.learning_rate for run in runs}) == 4
        assert [sum(event.kind == "finished" for event in store.runs.events(run.id)) for run in runs] == [1] * 4
    finally:
        store.close()
        for process in sorted(jobs_of(url), key=lambda process: "worker" in " ".join(process.cmdline())):
            with contextlib.suppress(psutil.Error):
                process.kill()


def wait(is_so, seconds=150):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it does not get there"
        time.sleep(0.1)
