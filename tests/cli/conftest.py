"""The command line in this process, in a folder of its own."""

import json
import sys

import pytest

from nnviz import cli
from nnviz.store import Store
from tests.cli.answers import SPEC
from tests.pages.example_runs import Worker, spec


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path))
    monkeypatch.delenv("NNVIZ_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    return tmp_path


@pytest.fixture
def run_id(home):
    store = Store(f"sqlite:///{home}/nnviz.db")
    finished = Worker(store, spec(), name="mine").train(3).finish()
    store.close()
    return finished


@pytest.fixture
def call(home, monkeypatch, capsys):
    """Runs the command line in this process; gives its exit code and what it said."""

    def called(*arguments):
        monkeypatch.setattr(sys, "argv", ["nnviz", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err + captured.out
        return ended.value.code, captured.out + captured.err

    return called
