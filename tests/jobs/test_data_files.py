"""Which files a job may open by their path: none of the server's that a browser names, but those that the owner opened."""

import os
import socket
import time

import numpy as np
import pandas as pd
import pytest

from nnviz import jobs
from nnviz.errors import DataError, RequestError
from nnviz.jobs import data_files, foreground
from nnviz.jobs.worker import dataset
from nnviz.jobs.worker.answering import Answerer
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.store import Job, Store
from nnviz.store.files.blob_refs import run_tables
from tests.serving import ROOT

TABLE = pd.DataFrame({"width": np.arange(60) % 7 + 0.5, "height": np.arange(60) % 5 + 0.25, "kind": list("ab") * 30})


def spec(**data):
    return RunSpec.parse(
        {
            "data": {"kind": "file", **data},
            "layers": [{"kind": "Dense", "units": 2}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
            "training": {"epochs": 1},
        }
    )


def job(kind, run=None, **payload):
    return Job(id=0, kind=kind, run=run, payload=payload, key="", status="running", worker=None, result=None, created=0.0)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NNVIZ_DATA_DIR", raising=False)
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield store, tmp_path
    store.close()


@pytest.fixture
def stranger_names(here):
    """What a job answers to a data block that comes from a browser, in words."""
    store, _folder = here

    def answer(**data):
        with pytest.raises(DataError) as caught:
            dataset.report(store, {"data": {"kind": "file", **data}})
        return str(caught.value)

    return answer


def special_files(folder):
    os.mkfifo(folder / "pipe.csv")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / "socket.csv"))
    return [folder / "pipe.csv", folder / "socket.csv", "/dev/zero", "/dev/stdin", folder]


def test_a_browser_opens_no_file_of_the_server_and_learns_nothing_of_it(stranger_names, here):
    _store, folder = here
    TABLE.to_csv(folder / "private.csv", index=False)
    began = time.monotonic()
    paths = [
        "/etc/passwd",
        "/nothing/there",
        folder / "private.csv",
        "private.csv",
        "../private.csv",
        "/proc/self/environ",
        "x" * 5000,
        "a\x00b",
        *special_files(folder),
    ]
    answers = {stranger_names(path=str(path)) for path in paths}
    assert len(answers) == 1
    assert "NNVIZ_DATA_DIR" in answers.pop()
    assert time.monotonic() - began < 30  # a pipe would be waited for without end


@pytest.mark.parametrize("field", ["validation_path", "test_path"])
def test_nor_as_validation_or_test_rows(stranger_names, here, field):
    store, _folder = here
    sha256 = store.blobs.put(TABLE.to_csv(index=False).encode())
    assert f"data.{field}" in stranger_names(path="mine.csv", sha256=sha256, **{field: "/etc/passwd"})


def test_a_run_of_such_a_spec_fails_in_words(here):
    store, folder = here
    TABLE.to_csv(folder / "private.csv", index=False)
    run_id = store.runs.create(spec(path=str(folder / "private.csv")))
    assert Trainer(store).train(job("train", run_id))["status"] == "failed"
    run = store.runs.get(run_id)
    assert run.error["error"] == "DataError"
    assert str(folder) not in str(run.error)
    assert not run.log


def test_a_name_whose_sha256_is_not_in_the_store_is_never_looked_for_on_the_disk(here):
    store, folder = here
    TABLE.to_csv(folder / "private.csv", index=False)
    with pytest.raises(RequestError, match="Upload the file again"):
        dataset.report(store, {"data": {"kind": "file", "path": str(folder / "private.csv"), "sha256": "0" * 64}})


def test_the_owners_folder_is_open_and_links_do_not_lead_out_of_it(here, monkeypatch, stranger_names):
    store, folder = here
    shared = folder / "shared"
    shared.mkdir()
    TABLE.to_csv(shared / "mine.csv", index=False)
    TABLE.to_csv(folder / "private.csv", index=False)
    (shared / "link.csv").symlink_to(folder / "private.csv")
    (shared / "inner.csv").symlink_to(shared / "mine.csv")
    monkeypatch.setenv("NNVIZ_DATA_DIR", str(shared))
    for path in (str(shared / "mine.csv"), "mine.csv", str(shared / "inner.csv")):
        assert dataset.report(store, {"data": {"kind": "file", "path": path, "target": "kind"}})["facts"]["rows"] == 60
    for path in (str(shared / "link.csv"), "../private.csv", str(shared / ".." / "private.csv"), "/etc/passwd"):
        stranger_names(path=path)


def test_in_that_folder_too_only_regular_files_are_read(here, monkeypatch, stranger_names):
    _store, folder = here
    shared = folder / "shared"
    shared.mkdir()
    special_files(shared)
    monkeypatch.setenv("NNVIZ_DATA_DIR", str(shared))
    began = time.monotonic()
    for name in ("pipe.csv", "socket.csv"):
        stranger_names(path=name)
    assert time.monotonic() - began < 12  # of two times the limit of 9; a process is started meanwhile


def test_what_the_command_line_opened_by_path_can_go_on_in_a_worker(here, monkeypatch):
    store, folder = here
    TABLE.to_parquet(folder / "rows.parquet")
    monkeypatch.setattr(foreground, "LARGEST_PARQUET", 0)
    adopted = foreground.adopt(store, spec(path="rows.parquet", target="kind"), base=folder)
    assert adopted.data.sha256 is None
    run_id = store.runs.create(adopted)
    assert foreground.train_here(store, run_id, on_change=lambda run: None).status == "finished"
    # a worker of the dashboard: Go on, Train again and Branch read by the very same path
    assert len(dataset.load(store, adopted).parts["train"]) == 36
    other = store.runs.create(adopted)
    assert Trainer(store).train(job("train", other))["status"] == "finished"
    TABLE.iloc[:40].to_parquet(folder / "rows.parquet")
    with pytest.raises(DataError, match="command line"):
        dataset.load(store, adopted)


def test_the_mark_comes_with_no_spec(here):
    """A run that was imported or made by a browser names what it likes: its row is not the command line's word."""
    store, folder = here
    TABLE.to_csv(folder / "private.csv", index=False)
    store.runs.create(spec(path=str(folder / "private.csv")))
    with pytest.raises(DataError):
        data_files.check(store, spec(path=str(folder / "private.csv")).data)


@pytest.mark.parametrize("field", ["path", "validation_path", "test_path"])
@pytest.mark.parametrize("which", range(4))
def test_the_command_line_refuses_what_is_no_file_in_words(here, field, which):
    store, folder = here
    TABLE.to_csv(folder / "mine.csv", index=False)
    place = special_files(folder)[which]
    began = time.monotonic()
    with pytest.raises(RequestError, match="device, a pipe or a socket"):
        foreground.adopt(store, spec(**{"path": "mine.csv"} | {field: str(place)}), base=folder)
    with pytest.raises(DataError):
        foreground.check_here(store, spec(**{"path": "mine.csv", "target": "kind"} | {field: str(place)}), base=folder)
    assert time.monotonic() - began < 30  # of the command line's limit of 60; the first time a process is started


@pytest.mark.parametrize("path", ["nowhere.csv", "a\x00b.csv", "x" * 5000])
def test_the_command_line_says_what_it_cannot_find(here, path):
    store, folder = here
    with pytest.raises(RequestError, match="there is no file"):
        foreground.adopt(store, spec(path=path), base=folder)


@pytest.mark.parametrize("payload", [{"path": "/etc/passwd"}, {"rows": [{"width": "1"}], "out": "/tmp/nnviz-was-here"}])
def test_a_job_for_new_rows_names_no_file_of_the_server(here, payload):
    store, _folder = here
    sha256 = store.blobs.put(TABLE.to_csv(index=False).encode())
    run_id = store.runs.create(spec(path="mine.csv", sha256=sha256, target="kind"))
    Trainer(store).train(job("train", run_id))
    with pytest.raises(RequestError, match="file of the server"):
        Answerer(store).predict(job("predict", run_id, **payload))
    assert not os.path.exists("/tmp/nnviz-was-here")


def trained(store):
    sha256 = store.blobs.put(TABLE.to_csv(index=False).encode())
    run_id = store.runs.create(spec(path="mine.csv", sha256=sha256, target="kind"))
    Trainer(store).train(job("train", run_id))
    return run_id


def test_a_job_of_the_command_line_names_the_rows_to_read_and_no_file_to_write(here):
    store, folder = here
    TABLE.to_csv(folder / "rows.csv", index=False)
    run_id, answerer = trained(store), Answerer(store)
    payload = data_files.owners({"path": str(folder / "rows.csv")})
    answer = answerer.predict(job("predict", run_id, **payload))
    assert set(answer) == {"rows", "metrics", "notes", "unlabelled", "csv"}
    assert answer["rows"] == 60
    assert store.blobs.get(answer["csv"]).count(b"\n") == 61
    assert set(answerer.evaluate(job("evaluate", run_id, **payload))) == {"rows", "metrics", "notes", "unlabelled"}
    with pytest.raises(RequestError, match="file of the server"):
        answerer.predict(job("predict", run_id, **payload, out=str(folder / "out.csv")))
    assert not (folder / "out.csv").exists()


@pytest.mark.parametrize("mark", [1, "true", [True], None, False])
def test_the_mark_of_such_a_job_is_the_word_true_alone(here, mark):
    (name,) = data_files.owners({})
    assert not data_files.is_owners({name: mark})


def test_no_page_asks_with_that_mark_and_no_import_brings_a_job(here):
    store, _folder = here
    with pytest.raises(RequestError, match="only the command line"):
        jobs.submit(store, "predict", run_id="x", payload=data_files.owners({"path": "/etc/passwd"}))
    assert store.jobs.open_jobs() == []
    assert not jobs.has_supervisor(store.url)
    # what a packed run may bring
    assert "jobs" not in {table.name for table in run_tables()}
    # what everybody else can call
    writers = [path.name for path in (ROOT / "nnviz").rglob("*.py") if "data_files.owners(" in path.read_text()]
    assert writers == ["warm.py"]
    users = [
        path.name
        for path in [ROOT / "dashboard.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "nnviz").rglob("*.py")]
        if ".jobs.add(" in path.read_text()
    ]
    assert sorted(users) == ["launcher.py", "supervisor.py", "warm.py"]
