import json
import urllib.error
import urllib.request
from typing import Any

import msgpack
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from nnviz.errors import RequestError
from nnviz.stream import assets
from nnviz.stream.commands import command
from tests.stream.conftest import Site
from tests.stream.runs import Worker, make_store


def receive(connection: Any) -> dict[str, Any]:
    return msgpack.unpackb(connection.recv(timeout=20))


def test_the_socket_speaks_over_the_streamlit_server(site: Site) -> None:
    worker = Worker(site.store)
    worker.epochs(2)
    with connect(f"{site.socket}?runs={worker.run}", origin=site.url) as connection:
        assert receive(connection)["type"] == "hello"
        assert receive(connection)["type"] == "backlog"
        worker.epochs()
        message = receive(connection)
        assert (message["type"], message["status"]["step"]) == ("append", 30)
        connection.send(json.dumps({"run": worker.run, "command": "stop"}))
        while not receive(connection).get("status", {}).get("stopping"):
            pass
    assert site.store.runs.control(worker.run).stop


def test_a_command_for_a_run_of_another_socket_is_refused(site: Site) -> None:
    one, two = Worker(site.store), Worker(site.store)
    with connect(f"{site.socket}?runs={one.run}") as connection:
        connection.send(json.dumps({"run": two.run, "command": "stop"}))
        connection.send("no JSON")
        connection.send(json.dumps({"run": one.run, "command": "pace", "pace": "watch"}))
        while receive(connection).get("status", {}).get("pace") != "watch":
            pass
    assert not site.store.runs.control(two.run).stop


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
def test_pages_of_other_sites_are_turned_away(site: Site, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(f"{site.socket}?runs=any", origin=origin):
        pass
    assert refused.value.response.status_code == 403


def test_commands(tmp_path: Any) -> None:
    store = make_store(tmp_path)
    worker = Worker(store)
    worker.epochs(1)
    command(store, {"run": worker.run, "command": "pace", "pace": "step"})
    assert store.runs.control(worker.run).steps_allowed == 0
    for _ in range(3):
        command(store, {"run": worker.run, "command": "step"})
    assert store.runs.control(worker.run).steps_allowed == 13
    command(store, {"run": worker.run, "command": "pace", "pace": "full"})
    assert (store.runs.control(worker.run).pace, store.runs.control(worker.run).steps_allowed) == ("full", None)
    command(store, {"run": worker.run, "command": "pace", "pace": "watch"})
    for _ in range(2):
        command(store, {"run": worker.run, "command": "pause"})
    command(store, {"run": worker.run, "command": "step"})
    assert command(store, {"run": worker.run, "command": "play"}) == store.runs.control(worker.run).number
    assert store.runs.control(worker.run).pace == "watch"
    for wrong in ({"command": "erase"}, {"command": "pace", "pace": "warp"}, {"command": "step", "steps": -1}, {}):
        with pytest.raises(RequestError, match=r"Allowed|must be"):
            command(store, {"run": worker.run} | wrong)


def test_a_command_is_answered_and_the_page_told_what_may_change(site: Site) -> None:
    worker = Worker(site.store)
    worker.epochs()
    with connect(f"{site.socket}?runs={worker.run}") as connection:
        hello = receive(connection)
        assert hello["settings"]["optimizer.learning_rate"] == 0.01
        number = hello["status"]["number"]
        answers = []
        for name in ("pause", "stop"):
            connection.send(json.dumps({"run": worker.run, "command": name, "number": number}))
            while (message := receive(connection))["type"] != "answer":
                pass
            answers.append((message["command"], message["ok"], message["conflict"], message["number"]))
    assert answers == [("pause", True, False, number + 1), ("stop", False, True, None)]
    assert not site.store.runs.control(worker.run).stop


def test_files_are_cached_for_good_under_their_hash(site: Site) -> None:
    with urllib.request.urlopen(site.url + assets.url("live/live.js")) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert answer.read() == (assets.FOLDER / "live/live.js").read_bytes()
    with urllib.request.urlopen(f"{site.url}/nnviz/assets/old/live/live.js") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
    with urllib.request.urlopen(site.url + assets.url(assets.PLOTLY)) as answer:
        assert len(answer.read()) > 1_000_000
    for name in ("hub.py", "..%2Fhub.py", "missing.js"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{site.url}/nnviz/assets/x/{name}")
        assert refused.value.code in (400, 404)
