"""The command line against wrong places and hostile arguments: a message and an exit code, never a trace on the screen."""

import json
import os
import random
import socket
from pathlib import Path

import pytest

from nnviz.store import Store
from tests.cli.answers import SPEC, refused


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("folder", "a folder or a device"),
        ("nowhere/x.csv", "no such folder"),
        ("/dev/full", "a folder or a device"),
        ("spec.json/x.csv", "no such folder"),
        ("a" * 5000, "no file can be written"),
    ],
)
def test_places_that_are_no_files(home, call, run_id, out, says):
    (home / "folder").mkdir()
    (home / "rows.csv").write_text("a\n1\n")
    refused(call("export", run_id, "--to", "csv", "-o", out), says)
    refused(call("pack", run_id, "-o", out), says)
    refused(call("predict", run_id, "rows.csv", "-o", out), says)
    refused(call("export", run_id, "--to", "keras", "-o", out), says)
    assert sorted(path.name for path in home.iterdir() if "part" in path.name or path.name.startswith("a")) == []


@pytest.mark.parametrize("command", [("pack",), ("export", "--to", "csv")])
def test_a_disk_that_fills_leaves_no_half_file(home, call, run_id, monkeypatch, command):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nnviz.store.transfer.pack._Written.write", full)
    monkeypatch.setattr("nnviz.cli.inspecting.safe_row", full)
    (home / "there.out").write_text("from before")
    for name in ("new.out", "there.out"):
        refused(call(command[0], run_id, *command[1:], "-o", name), "disk is full", code=1)
    assert (home / "there.out").read_text() == "from before"
    assert {path.name for path in home.iterdir() if "part" in path.name or "new" in path.name} == set()


def test_urls_that_are_no_stores(home, call):
    (home / "text.db").write_text("this is no database, " * 100)
    (home / "folder.db").mkdir()
    os.mkfifo(home / "pipe.db")
    for url, says in [
        ("notaurl", "no URL of a store"),
        ("", "no URL"),
        ("mongo://x", "no kind of database"),
        ("sqlite:////nope/deep/x.db", "there is no folder /nope/deep"),
        (f"sqlite:///{home}/text.db", "cannot be opened"),
        (f"sqlite:///{home}/folder.db", "a folder or a device"),
        (f"sqlite:///{home}/pipe.db", "a folder or a device"),
        ("sqlite:////dev/zero", "a folder or a device"),
        (f"sqlite:///{home}/text.db/x.db", "no folder"),
        ("sqlite:///" + "x" * 5000, "no URL of a store"),
        ("sqlite:///" + "x" * 300, "cannot be used"),
        ("nonsense:x?y=%zz", "no URL"),
    ]:
        if url:
            refused(call("runs", "--store", url), says)
    assert not Path("/nope").exists()


def test_a_database_that_is_not_there_and_its_password(home, call):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    for driver in ("postgresql", "postgresql+psycopg", "mysql", "postgresql+nothing"):
        answer = call("runs", "--store", f"{driver}://me:geheim@127.0.0.1:{port}/runs")
        refused(answer)
        assert "geheim" not in answer[1]


def test_a_home_that_is_none(home, call, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(home / "spec.json"))
    refused(call("runs"), "cannot be used")
    monkeypatch.setenv("NNVIZ_HOME", str(home / "spec.json" / "deeper"))
    refused(call("check", "spec.json"), "cannot be used")
    monkeypatch.setenv("NNVIZ_HOME", "/dev/null")
    refused(call("runs"), "cannot be used")


def test_specs_that_are_no_files(home, call):
    os.mkfifo(home / "pipe")
    (home / "deep.json").write_text("[" * 100_000)
    (home / "half.json").write_text(json.dumps(SPEC | {"name": "\ud83d"}))
    (home / "long.json").write_bytes(b" " * (17 << 20))
    (home / "bytes.json").write_bytes(b"\xff\xfe\xfd")
    for name, says in [
        (".", "a folder"),
        ("pipe", "a device or a pipe"),
        ("/dev/zero", "a device or a pipe"),
        ("nothing", "spec"),
        ("deep.json", "nested too deeply"),
        ("half.json", "not JSON"),
        ("long.json", "larger than"),
        ("bytes.json", "UTF-8"),
        ("a" * 5000, "spec"),
    ]:
        refused(call("check", name), says)


@pytest.mark.parametrize(
    "change",
    [
        "[" * 50_000,
        "training.epochs",
        "=",
        "a." * 50_000 + "b=1",
        "layers[0].units=" + "[" * 50_000,
        "layers[²]=1",
        "x=\\",
        "layers[" + "9" * 30 + "]=1",
        "optimizer.learning_rate=NaN",
        "training.epochs=" + "9" * 5000,
        "training.epochs=1e999",
        "....=1",
        "name=" + "x" * 90_000,
    ],
)
def test_settings_that_are_none(home, call, change):
    refused(call("train", "spec.json", "--set", change))
    assert Store(f"sqlite:///{home}/nnviz.db").runs.list_runs() == []


def test_inputs_that_are_no_files(home, call, run_id):
    os.mkfifo(home / "pipe")
    for name in ("pipe", "/dev/zero", "nothing", "a" * 5000):
        refused(call("predict", run_id, name, "-o", "x.csv"))
        refused(call("evaluate", run_id, name))
        refused(call("unpack", name))
    refused(call("unpack", "."), "a folder")
    assert not (home / "x.csv").exists()


def test_arguments_of_every_kind(home, call, run_id):
    """Seeded: whatever comes, there is an exit code and a message."""
    chance = random.Random(5)
    pieces = [
        "runs",
        "show",
        "check",
        "export",
        "pack",
        "unpack",
        "resume",
        "store",
        "backup",
        run_id,
        "spec.json",
        "--json",
        "--to",
        "csv",
        "-o",
        "out",
        "--store",
        "--set",
        "\0",
        "\ud800",
        "x" * 5000,
        "",
        "-",
        "--",
        "%s%n",
        "../..",
        "\x1b[2J",
        "نص",
        "--epochs",
        "-1",
        "1e9",
        "[",
        "training.epochs=0",
    ]
    for _ in range(150):
        arguments = [chance.choice(pieces) for _ in range(chance.randint(1, 5))]
        if arguments[0] in ("resume",) or "train" in arguments:
            continue
        code, output = call(*arguments)
        assert code in (0, 1, 2), (arguments, code)
        assert code == 0 or output.strip(), arguments
