"""Files on their way into the store and out again, over HTTP without a browser."""

import hashlib
import http.client
import json
import threading
import time
from dataclasses import dataclass
from urllib.parse import quote

import pytest
import uvicorn
from starlette.applications import Starlette

from nnviz.store import Store
from nnviz.stream import download, upload
from nnviz.stream.guard import guards
from tests.serving import free_port


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes

    def json(self):
        return json.loads(self.content)


@dataclass
class Client:
    store: Store
    port: int

    def ask(self, method, path, content=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body=content, headers=headers)
        found = connection.getresponse()
        answer = Answer(found.status, found.headers, found.read())
        connection.close()
        return answer

    def post(self, name, content, **headers):
        return self.ask("POST", f"/nnviz/upload?name={quote(name, safe='')}", content, **headers)


@pytest.fixture
def client(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    app = Starlette(routes=[upload.route(lambda: store), download.route(lambda: store)], middleware=guards())
    found = Client(store, free_port())
    server = uvicorn.Server(uvicorn.Config(app, port=found.port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield found
    server.should_exit = True
    thread.join(10)


def test_a_file_arrives_bit_for_bit_and_comes_out_again(client):
    body = bytes(range(256)) * 20_000
    answer = client.post("a b.csv", body).json()
    assert answer == {"sha256": hashlib.sha256(body).hexdigest(), "name": "a b.csv", "size": len(body)}
    assert client.store.blob(answer["sha256"]) == body
    given = client.ask("GET", download.url(answer["sha256"], name="größe.csv"))
    assert given.content == body
    assert given.headers["content-disposition"] == "attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe.csv"


def test_another_sites_page_is_refused(client):
    assert client.post("a.csv", b"a,b\n", origin="http://evil.example").status == 403
    assert client.post("a.csv", b"a,b\n", origin=f"http://127.0.0.1:{client.port}").status == 200


def test_a_file_above_the_limit_is_refused_whatever_its_header_says(client, monkeypatch):
    monkeypatch.setenv("NNVIZ_MAX_UPLOAD_MB", "0.5")
    # without a length in the header: it is counted as it comes
    for content in (b"x" * 600_000, iter([b"x" * 200_000] * 3)):
        answer = client.post("big.csv", content)
        assert answer.status == 413
        assert "limit of 0.5 MB" in answer.json()["error"]["what"]
        assert answer.json()["error"]["where"] == "big.csv"


@pytest.mark.parametrize(("name", "kept"), [("../../etc/passwd", "passwd"), ("C:\\x\\y.csv", "y.csv"), ("", "data")])
def test_only_the_last_part_of_a_name_is_kept(client, name, kept):
    assert client.post(name, b"a").json()["name"] == kept


def test_an_empty_file_is_refused(client):
    assert "empty" in client.post("a.csv", b"").json()["error"]["what"]


def test_a_file_that_is_not_there_is_not_found(client):
    assert client.ask("GET", download.url("0" * 64, name="a.csv")).status == 404
