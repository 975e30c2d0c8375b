import pytest

from nnviz import jobs
from nnviz.errors import NotFound, RunError, SpecError
from nnviz.jobs.launcher import lock_path, start_module
from nnviz.spec import RunSpec
from nnviz.store import Store

SPEC = RunSpec.parse(
    {
        "name": "one",
        "data": {"kind": "synthetic", "name": "spirals"},
        "layers": [{"kind": "Dense", "units": 4}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam"},
        "training": {"epochs": 3},
    }
)


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield store
    store.close()


@pytest.mark.parametrize(
    ("path", "value"),
    [("name", "two"), ("training.epochs", 9), ("training.seed", 4), ("optimizer.learning_rate", 0.5), ("data.noise", 0.1)],
)
def test_specs_that_differ_in_what_is_no_part_of_the_network_share_a_key(path, value):
    assert jobs.key_of(SPEC.with_(path, value)) == jobs.key_of(SPEC)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("layers[0].units", 5),
        ("training.batch_size", 7),
        ("cost.kind", "MeanSquaredError"),
        ("optimizer.beta_1", 0.5),
        ("data.samples", 100),
    ],
)
def test_specs_of_other_networks_do_not(path, value):
    assert jobs.key_of(SPEC.with_(path, value)) != jobs.key_of(SPEC)


def test_a_result_is_what_the_worker_answered(store):
    job = store.jobs.add("read")
    assert jobs.result(store, job) is None
    store.jobs.answer(job, result={"rows": 3})
    assert jobs.wait(store, job, timeout=1) == {"rows": 3}


def test_an_error_crosses_the_process_border_as_what_it_is(store):
    job = store.jobs.add("read")
    store.jobs.answer(job, error=SpecError("zero units", where="layers[0].units", remedy="Give one."))
    with pytest.raises(SpecError, match=r"layers\[0\].units: zero units. Give one."):
        jobs.wait(store, job, timeout=1)


def test_waiting_ends(store):
    with pytest.raises(RunError, match="no answer within"):
        jobs.wait(store, store.jobs.add("read"), timeout=0.05)
    with pytest.raises(NotFound):
        jobs.result(store, 99)


def test_a_group_is_queued_as_a_whole_and_stopped_as_a_whole(store, monkeypatch):
    monkeypatch.setattr("nnviz.jobs.launcher.ensure_supervisor", lambda url: None)
    group = jobs.start_group(store, SPEC.with_("split", {"folds": 3}))
    runs = store.runs.group_runs(group)
    assert [job.run for job in store.jobs.open_jobs()] == [run.id for run in runs]
    attempt = store.runs.claim(runs[0].id, pid=1)
    store.runs.finish(runs[0].id, attempt, "finished")
    store.runs.claim(runs[1].id, pid=1)
    jobs.stop_group(store, group)
    assert [run.status for run in store.runs.group_runs(group)] == ["finished", "running", "stopped"]
    assert store.runs.control(runs[1].id).stop
    assert {jobs.key_of(run.spec) for run in runs} == {jobs.key_of(SPEC.with_("split", {"folds": 3}))}


def test_runs_and_what_is_prepared_go_to_workers_of_their_tuning_and_short_jobs_to_any(store, monkeypatch):
    monkeypatch.setattr("nnviz.jobs.launcher.ensure_supervisor", lambda url: None)
    large = SPEC.with_("layers[0].units", 512)
    jobs.start_run(store, SPEC)
    jobs.start_run(store, large)
    jobs.start_group(store, large.with_("split", {"folds": 2}))
    jobs.start_run(store, SPEC.with_("layers", [{"kind": "Conv2D", "filters": 2, "kernel_size": 3}]))
    jobs.prepare(store, large)
    jobs.submit(store, "find_rate", payload={"spec": large.to_json()})
    assert [job.needs for job in store.jobs.open_jobs()] == ["quick", "strong", "strong", "strong", "", "strong", ""]


def test_small_networks_on_little_data_may_share_a_worker(store, tmp_path, monkeypatch):
    monkeypatch.setattr("nnviz.jobs.launcher.ensure_supervisor", lambda url: None)
    monkeypatch.setattr("nnviz.jobs.launcher.SMALL_BYTES", 100)
    (tmp_path / "few.csv").write_text("x,y\n1,2\n")
    (tmp_path / "many.csv").write_text("x,y\n" + "1,2\n" * 50)
    hashes = {name: store.blobs.put_file(tmp_path / f"{name}.csv") for name in ("few", "many")}

    def on_file(**block):
        return SPEC.with_("data", {"kind": "file", "path": "rows.csv", "target": "y"} | block)

    specs = {
        "default": SPEC,
        "large": SPEC.with_("layers[0].units", 512),
        "images": SPEC.with_("layers", [{"kind": "Conv2D", "filters": 2, "kernel_size": 3}]),
        "few rows": on_file(sha256=hashes["few"]),
        "many rows": on_file(sha256=hashes["many"]),
        "of unknown size": on_file(),
        "much to validate on": on_file(sha256=hashes["few"], validation_path="many.csv", validation_sha256=hashes["many"]),
    }
    for spec in specs.values():
        jobs.start_run(store, spec)
    small = [job.payload["small"] for job in store.jobs.open_jobs()]
    assert [name for name, is_small in zip(specs, small, strict=True) if is_small] == ["default", "few rows"]


def test_a_process_that_is_started_does_not_inherit_the_engines_flags(tmp_path, monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--one --chosen")
    monkeypatch.setenv("NNVIZ_XLA_FLAGS_GIVEN", "--one")
    (tmp_path / "say.py").write_text("import os; print(os.environ['XLA_FLAGS'], os.environ.get('NNVIZ_XLA_FLAGS_GIVEN'))")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert start_module("say", log=tmp_path / "log").wait(30) == 0
    assert (tmp_path / "log").read_text() == "--one None\n"


def test_the_lock_stands_beside_the_database_whatever_the_home(monkeypatch, tmp_path):
    (tmp_path / "here").mkdir()
    locks = []
    for home in ("one", "two"):
        monkeypatch.setenv("NNVIZ_HOME", str(tmp_path / home))
        locks.append(lock_path(f"sqlite:///{tmp_path}/here/../here/nnviz.db"))
    assert locks[0] == locks[1] == tmp_path.resolve() / "here" / "nnviz.db.supervisor.lock"
    assert lock_path(f"sqlite:///{tmp_path}/here/other.db") != locks[0]


def test_the_lock_of_a_server_or_of_a_folder_that_cannot_be_written_is_in_the_home(monkeypatch, tmp_path):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path))
    monkeypatch.setattr("nnviz.jobs.launcher.os.access", lambda path, mode: False)
    for url in ("postgresql+psycopg://me@there/runs", "sqlite:////elsewhere/nnviz.db"):
        assert lock_path(url).parent == tmp_path
