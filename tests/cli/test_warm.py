"""The command line beside a dashboard's warm worker: words, codes and numbers of the foreground, without TensorFlow."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from nnviz.jobs import alike
from nnviz.store import Store
from tests.cli.test_commands import SPEC
from tests.serving import ROOT, jobs_of

LONG = ["--set", "training.epochs=1000000", "--set", "training.record_every=1000"]
HEAVY = ("tensorflow", "keras", "pandas", "pyarrow", "sklearn")


class Warm:
    """A supervisor with one worker, as a dashboard has them, and the command line beside them."""

    def __init__(self, home):
        self.home = home
        self.started = []
        xla_flags = os.environ.get("NNVIZ_XLA_FLAGS_GIVEN", os.environ.get("XLA_FLAGS", ""))
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("NNVIZ_", "TF_"))} | {
            "NNVIZ_HOME": str(home),
            "NNVIZ_WORKERS": "1",
            "NNVIZ_IDLE_SECONDS": "600",
            "PYTHONPATH": str(ROOT),
            "XLA_FLAGS": xla_flags,
        }
        self.store = Store(f"sqlite:///{home / 'nnviz.db'}")
        self.supervisor = self.start("-m", "nnviz.jobs.supervisor", "--store", self.store.url)

    def start(self, *arguments, **options):
        # where the tests run under nohup, a command would leave SIGHUP ignored, as nohup asks for
        before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
        try:
            return self._start(*arguments, **options)
        finally:
            signal.signal(signal.SIGHUP, before)

    def _start(self, *arguments, **options):
        self.started.append(
            subprocess.Popen(
                [sys.executable, *map(str, arguments)],
                cwd=self.home,
                env=self.environment,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                **options,
            )
        )
        return self.started[-1]

    def call(self, *arguments, code=0, **options):
        """What a command writes; its last line, where that is JSON, and what it imported that is heavy."""
        process = self.start("-X", "importtime", "-m", "nnviz", *arguments, **options)
        out, errors = process.communicate(timeout=120)
        assert process.returncode == code, out + errors
        lines = [line for line in errors.splitlines() if not line.startswith("import time:")]
        imported = {line.split("|")[-1].strip().split(".")[0] for line in errors.splitlines() if line.startswith("import time:")}
        return out, "\n".join(lines), imported & set(HEAVY)

    def wait_for_worker(self):
        self.until(lambda: any(worker.state == "idle" for worker in self.store.workers.list_workers()))

    def until(self, what, seconds=120):
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, (self.store.workers.list_workers(), self.store.jobs.open_jobs())
            time.sleep(0.05)


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    (home / "spec.json").write_text(json.dumps(SPEC))
    (home / "folds.json").write_text(json.dumps(SPEC | {"split": {"folds": 3}}))
    running = Warm(home)
    # both load TensorFlow: at the same time
    here = running.start("-m", "nnviz", "train", "spec.json", "--here", "--json")
    running.here = json.loads(here.communicate(timeout=180)[0].splitlines()[-1])
    running.wait_for_worker()
    yield running
    running.store.close()
    for process in sorted(jobs_of(running.store.url), key=lambda process: "worker" in " ".join(process.cmdline())):
        process.kill()
    for process in running.started:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def trained(warm):
    out, errors, heavy = warm.call("train", "spec.json", "--json")
    assert heavy == set()
    assert errors.startswith("data: 150 rows")
    return json.loads(out.splitlines()[-1])


def test_a_worker_trains_the_same_as_the_foreground(warm, trained):
    for name in ("status", "metrics", "steps", "weights_epoch", "ending", "warnings"):
        assert trained[name] == warm.here[name], name
    runs = [warm.store.runs.get(answer["run"]) for answer in (warm.here, trained)]
    assert runs[0].weights == runs[1].weights
    assert runs[0].info["xla_flags"] == runs[1].info["xla_flags"]
    assert [event.kind for event in warm.store.runs.events(runs[0].id)] == [
        event.kind for event in warm.store.runs.events(runs[1].id)
    ]


def test_predictions_are_the_callers_own_file(warm, trained):
    folder = warm.home / "rows"
    folder.mkdir()
    (folder / "new.csv").write_text(
        "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)\n5,3,1.5,.2\n6,3,5,2\nabc,3,5,2\n"
    )
    warm.store.runs.edit(trained["run"], name="iris")
    out, errors, heavy = warm.call("predict", trained["run"], "rows/new.csv", "-o", "rows/out.csv", "--json", umask=0o077)
    answer = json.loads(out)
    assert heavy == set()
    assert (answer["rows"], answer["out"], answer["weights_epoch"]) == (3, "rows/out.csv", 20)
    assert errors.startswith("warning: ")
    assert "'abc'" in errors
    assert (folder / "out.csv").stat().st_mode & 0o777 == 0o600
    with (folder / "out.csv").open() as file:
        assert len(list(csv.reader(file))) == 4
    assert sorted(path.name for path in folder.iterdir()) == ["new.csv", "out.csv"]


def test_labelled_rows_are_evaluated_and_what_is_wrong_has_code_2(warm, trained):
    head = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)"
    (warm.home / "labelled.csv").write_text(f"{head},species\n5,3,1.5,.2,setosa\n6,3,5,2,virginica\n")
    out, errors, heavy = warm.call("evaluate", trained["run"], "labelled.csv", "--quiet", "--json")
    assert (heavy, errors) == (set(), "")
    assert json.loads(out)["metrics"]["accuracy"] == 1.0
    (warm.home / "other.csv").write_text("a,b\n1,2\n")
    out, errors, heavy = warm.call("evaluate", trained["run"], "other.csv", code=2)
    assert (out, heavy) == ("", set())
    assert errors.startswith("error: ")


def running(warm, group=False):
    """The run that a worker trains now and has done a step of."""
    runs = [run for run in warm.store.runs.list_runs() if run.status == "running" and run.step]
    return next((run for run in runs if bool(run.group) == group), None)


def test_ctrl_c_stops_all_folds_and_keeps_what_was_learned(warm, trained):
    process = warm.start("-m", "nnviz", "train", "folds.json", *LONG, "--json")
    warm.until(lambda: running(warm, group=True))
    run = running(warm, group=True)
    assert run.pid in {worker.pid for worker in warm.store.workers.list_workers()}
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert json.loads(out.splitlines()[-1])["statuses"] == ["stopped"] * 3
    runs = warm.store.runs.group_runs(run.group)
    assert [run.weights is not None for run in runs] == [True, False, False]
    assert "Traceback" not in errors


@pytest.fixture
def as_caller(warm, monkeypatch):
    """This process has the environment of the command line."""
    warm.wait_for_worker()
    for name in set(os.environ) - set(warm.environment):
        monkeypatch.delenv(name)
    for name, value in warm.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(warm.home)
    monkeypatch.setattr(alike, "started_with", lambda: dict(os.environ))
    assert alike.why_not(warm.store, "quick") == ""


def test_a_terminal_that_closes_ends_its_run(warm, as_caller):
    process = warm.start("-m", "nnviz", "train", "spec.json", *LONG)
    warm.until(lambda: running(warm))
    run = running(warm)
    # another command meanwhile: there is no worker for it
    assert "busy" in alike.why_not(warm.store, "quick")
    process.send_signal(signal.SIGHUP)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGHUP, errors
    warm.until(lambda: warm.store.runs.get(run.id).is_ended)
    assert warm.store.runs.get(run.id).status == "stopped"
    assert warm.store.runs.get(run.id).weights


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NNVIZ_READ_MB", "100"),
        ("NNVIZ_LARGE_MB", "1"),
        ("NNVIZ_DATA_DIR", "rows"),
        ("TF_CPP_MIN_LOG_LEVEL", "0"),
        ("TF_ENABLE_ONEDNN_OPTS", "0"),
        ("XLA_FLAGS", "--xla_cpu_enable_fast_math=true"),
        ("OMP_NUM_THREADS", "1"),
        ("CUDA_VISIBLE_DEVICES", "-1"),
    ],
)
def test_a_caller_with_another_environment_works_in_the_foreground(warm, as_caller, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert name in alike.why_not(warm.store, "quick")


def test_so_does_one_of_another_folder_host_installation_or_with_newer_files(warm, as_caller, monkeypatch, tmp_path):
    assert "one worker" in alike.why_not(warm.store, "strong")
    with monkeypatch.context() as patch:
        patch.setenv("NNVIZ_HOME", str(tmp_path))
        assert "another NNVIZ_HOME" in alike.why_not(warm.store, "quick")
    with monkeypatch.context() as patch:
        patch.setattr("socket.gethostname", lambda: "another")
        assert "another computer" in alike.why_not(warm.store, "quick")
    with monkeypatch.context() as patch:
        patch.setattr(alike, "_newest", lambda root: time.time() + 10)
        assert "has changed" in alike.why_not(warm.store, "quick")
    with monkeypatch.context() as patch:
        patch.setattr("nnviz.__file__", str(tmp_path / "nnviz" / "__init__.py"))
        assert "installation" in alike.why_not(warm.store, "quick")


def test_every_setting_is_known_to_change_results_or_not():
    """A new one belongs into `alike.SAME`, or here where it changes none."""
    compared = {*alike.SAME, "NNVIZ_HOME", "NNVIZ_DATA_DIR"}
    without_result = {
        "NNVIZ_ACCESS",
        "NNVIZ_HOSTS",
        "NNVIZ_PROXY_HEADER",
        "NNVIZ_PROXY_FROM",
        "NNVIZ_QUOTA_MB",
        "NNVIZ_LANG",
        "NNVIZ_NOTIFY",
        "NNVIZ_STORE",
        "NNVIZ_IDLE_SECONDS",
        "NNVIZ_WORKERS",
        "NNVIZ_HERE",
        "NNVIZ_XLA_FLAGS_GIVEN",
    }
    words = "\n".join(path.read_text() for path in [ROOT / "dashboard.py", *(ROOT / "nnviz").rglob("*.py")])
    assert set(re.findall(r"NNVIZ_[A-Z_]+", words)) - compared == without_result


def test_a_worker_that_is_wanted_and_not_there_is_a_wrong_request(warm, tmp_path):
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    environment = warm.environment | {"NNVIZ_HOME": str(tmp_path / "home"), "NNVIZ_HERE": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "nnviz", "train", "spec.json"],
        cwd=tmp_path,
        env=environment,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "no dashboard runs" in done.stderr
    store = Store(f"sqlite:///{tmp_path / 'home' / 'nnviz.db'}")
    assert store.runs.list_runs() == []
    store.close()
