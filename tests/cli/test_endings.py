"""How a command ends that fails, is interrupted or is no longer read: a message and an exit code, never a trace on the screen."""

import io
import os
import subprocess
import sys
from pathlib import Path

from nnviz.store import Store
from tests.cli.answers import refused

ROOT = Path(__file__).parent.parent.parent


def test_what_nobody_expected_is_in_the_log_under_its_number(home, call, monkeypatch):
    def broken(*_arguments, **_options):
        raise KeyError("secret-path")

    monkeypatch.setattr("nnviz.store.runs.runs.Runs.list_runs", broken)
    code, output = call("runs")
    assert code == 1
    assert "an unexpected error (" in output
    assert "secret-path" not in output
    number = output.partition("an unexpected error (")[2].partition(")")[0]
    log = (home / "logs" / "errors.log").read_text()
    assert number in log
    assert "secret-path" in log


def test_not_even_without_a_log_is_there_a_trace(home, call, monkeypatch):
    monkeypatch.setattr("nnviz.store.runs.runs.Runs.list_runs", lambda *_arguments, **_options: 1 / 0)
    (home / "logs").write_text("in the way")
    refused(call("runs"), "an unexpected error (", code=1)


def test_interrupted_is_said(home, call, monkeypatch):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("nnviz.store.runs.runs.Runs.list_runs", interrupted)
    refused(call("runs"), "stopped", code=130)


def test_a_reader_that_leaves_is_no_error(home, run_id):
    store = Store(f"sqlite:///{home}/nnviz.db")
    store.runs.edit(run_id, note="n" * 9000)
    for _ in range(40):
        store.runs.add_event(run_id, "note", "x" * 9000)
    reading, writing = os.pipe()
    started = subprocess.Popen(
        [sys.executable, "-m", "nnviz", "show", run_id],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        cwd=home,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    os.close(writing)
    with io.FileIO(reading) as pipe:
        pipe.read(10)
    message = started.communicate(timeout=60)[1]
    assert message == ""


def test_names_do_not_move_the_cursor(home, call, run_id):
    Store(f"sqlite:///{home}/nnviz.db").runs.edit(run_id, name="a\x1b[2Jb")
    for arguments in (("runs",), ("show", run_id)):
        code, output = call(*arguments)
        assert code == 0
        assert "\x1b[2J" not in output


def test_a_backup_by_the_command_line(home, call, run_id):
    code, output = call("store", "backup", "copy")
    assert code == 0
    assert "1 runs" in output
    assert run_id in call("runs", "--json", "--store", f"sqlite:///{home}/copy/nnviz.db")[1]
    refused(call("store", "backup", "copy"), "something already")
    refused(call("store", "backup", "nowhere/copy"), "cannot be written")
