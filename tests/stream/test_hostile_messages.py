"""What a stranger or a broken program may send to the socket: each message is answered or closes that socket in words, and
nobody else notices."""

import json
import shutil
from typing import Any

import msgpack
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from nnviz.errors import RequestError
from nnviz.stream.commands import command
from nnviz.stream.incoming import parse_command
from tests.stream.conftest import Site, free_port
from tests.stream.runs import Worker, make_store

HOSTILE = {
    "nested": "[" * 20_000,
    "nested objects": '{"run":' * 9_000,
    "400 digits": '{"run": "RUN", "command": "set", "name": "optimizer.learning_rate", "value": 1' + "0" * 400 + "}",
    "5,000 digits": '{"run": "RUN", "command": "step", "steps": 1' + "0" * 5_000 + "}",
    "a number of a control of 400 digits": '{"run": "RUN", "command": "stop", "number": 1' + "0" * 400 + "}",
    "a fraction of 400 digits": '{"run": "RUN", "command": "more", "epochs": 0.' + "3" * 400 + "}",
    "infinity": '{"run": "RUN", "command": "set", "name": "optimizer.learning_rate", "value": Infinity}',
    "no number": '{"run": "RUN", "command": "set", "name": "optimizer.learning_rate", "value": NaN}',
    "half a pair in a command": '{"run": "RUN", "command": "\\ud800"}',
    "half a pair in a name": '{"run": "RUN", "command": "set", "name": "\\udfff", "value": 1}',
    "half a pair in a pace": '{"run": "RUN", "command": "play", "pace": "\\ud800"}',
    "a command of lists": '{"run": "RUN", "command": ["stop"], "number": [1]}',
    "a pace of lists": '{"run": "RUN", "command": "pace", "pace": [["full"]]}',
    "steps of words": '{"run": "RUN", "command": "moment", "steps": ["a", {}]}',
    "steps beyond": '{"run": "RUN", "command": "moment", "steps": [' + "9" * 300 + "]}",
    "a run of lists": '{"run": ["RUN"], "command": "stop"}',
    "NUL": '{"run": "RUN", "command": "set", "name": "a\\u0000b", "value": 1}',
    "a letter": "x",
    "nothing": "",
    "a list": "[]",
    "null": "null",
}


def answer(connection: Any) -> dict[str, Any]:
    while (message := msgpack.unpackb(connection.recv(timeout=20)))["type"] != "answer":
        pass
    return message


def end_of(connection: Any) -> str:
    """With which words it is closed."""
    while True:
        try:
            connection.recv(timeout=20)
        except ConnectionClosed as closed:
            return str(closed)


def test_every_hostile_message_is_answered_and_the_next_one_obeyed(site: Site) -> None:
    worker = Worker(site.store)
    worker.epochs(1)
    with connect(f"{site.socket}?runs={worker.run}") as other, connect(f"{site.socket}?runs={worker.run}") as connection:
        for name, text in HOSTILE.items():
            connection.send(text.replace("RUN", worker.run))
            refused = answer(connection)
            assert not refused["ok"], name
            assert refused["why"], name
            assert "unexpected" not in refused["why"], name
        connection.send(json.dumps({"run": worker.run, "command": "pace", "pace": "watch"}))
        assert answer(connection)["ok"]
        other.send(json.dumps({"run": worker.run, "command": "pause"}))
        assert answer(other)["ok"]
    control = site.store.runs.control(worker.run)
    assert (control.live, control.stop) == ({}, False)


@pytest.mark.parametrize(("message", "words"), [(b"\x00" * 10, "as text"), ("x" * 70_000, "at most 64 kB")])
def test_what_is_no_command_closes_the_socket_in_words(site: Site, message: Any, words: str) -> None:
    worker = Worker(site.store)
    with connect(f"{site.socket}?runs={worker.run}") as connection:
        connection.send(message)
        assert words in end_of(connection)


@pytest.mark.parametrize("runs", ["", ",".join("abc" * 11), "x" * 65])
def test_a_socket_of_no_runs_or_too_many_is_told_so(site: Site, runs: str) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(f"{site.socket}?runs={runs}"):
        pass
    assert refused.value.response.status_code == 400
    assert b"give 1 to 32 runs" in refused.value.response.body


def test_what_cannot_be_changed_while_it_trains_is_refused_with_what_can(tmp_path: Any) -> None:
    store = make_store(tmp_path)
    worker = Worker(store)
    for name in ("training.epochs", "seed", "layers[0].units", "split.validation", "nothing", ""):
        with pytest.raises(RequestError, match=r"cannot be changed while it trains.*optimizer\.learning_rate"):
            command(store, {"run": worker.run, "command": "set", "name": name, "value": 5})
    assert store.runs.control(worker.run).live == {}
    command(store, {"run": worker.run, "command": "set", "name": "optimizer.learning_rate", "value": 0.5})
    assert store.runs.control(worker.run).live == {"optimizer.learning_rate": 0.5}


def test_a_whole_pair_and_other_letters_pass() -> None:
    assert parse_command('{"run": "a", "name": "\\ud83d\\ude00ä"}', ["a"])["name"] == "😀ä"


def test_a_store_that_is_gone_answers_nobody_with_ok(tmp_path: Any) -> None:
    (tmp_path / "home").mkdir()
    store = make_store(tmp_path / "home")
    own = Site(free_port(), store, tmp_path / "log")
    own.start()
    try:
        worker = Worker(store)
        with connect(f"{own.socket}?runs={worker.run}") as connection:
            connection.recv(timeout=20)
            shutil.rmtree(tmp_path / "home")
            assert "removed or replaced" in end_of(connection)
        with pytest.raises(InvalidStatus) as refused, connect(f"{own.socket}?runs={worker.run}"):
            pass
        assert refused.value.response.status_code == 503
    finally:
        own.stop()
