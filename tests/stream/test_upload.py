"""Files on their way into the store and out again, over HTTP without a browser."""

import contextlib
import hashlib
import http.client
import json
import shutil
import socket
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
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
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def post(self, name, content, **headers):
        return self.ask("POST", f"/nnviz/upload?name={quote(name, safe='')}", content, **headers)


@pytest.fixture
def client(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    app = Starlette(routes=[upload.route(lambda: store), download.route(lambda: store)], middleware=guards())
    connected = Client(store, free_port())
    server = uvicorn.Server(uvicorn.Config(app, port=connected.port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield connected
    server.should_exit = True
    thread.join(10)


def test_a_file_arrives_bit_for_bit_and_comes_out_again(client):
    body = bytes(range(256)) * 20_000
    for small in (b"a", bytes(range(256)) * 256, bytes(range(256)) * 256 + b"1"):
        assert client.store.blobs.get(client.post("small.csv", small).json()["sha256"]) == small
    answer = client.post("a b.csv", body).json()
    assert answer == {"sha256": hashlib.sha256(body).hexdigest(), "name": "a b.csv", "size": len(body)}
    assert client.store.blobs.get(answer["sha256"]) == body
    download_answer = client.ask("GET", download.url(answer["sha256"], name="größe.csv"))
    assert download_answer.content == body
    assert download_answer.headers["content-disposition"] == "attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe.csv"


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


@pytest.mark.parametrize(("name", "last_part"), [("../../etc/passwd", "passwd"), ("C:\\x\\y.csv", "y.csv"), ("", "data")])
def test_only_the_last_part_of_a_name_is_kept(client, name, last_part):
    assert client.post(name, b"a").json()["name"] == last_part


def test_an_empty_file_is_refused(client):
    assert "empty" in client.post("a.csv", b"").json()["error"]["what"]


def test_a_file_that_is_not_there_is_not_found(client):
    assert client.ask("GET", download.url("0" * 64, name="a.csv")).status == 404


def stalled(client, head="POST /nnviz/upload?name=a.csv HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\na,b\n"):
    connection = socket.create_connection(("127.0.0.1", client.port), timeout=20)
    connection.sendall(head.encode())
    return connection


def answer_of(connection):
    parts = []
    while part := connection.recv(4096):
        parts.append(part)
    return b"".join(parts).decode()


def leftovers():
    return set(Path(tempfile.gettempdir()).glob("nnviz-upload-*"))


def until(happens, seconds=10):
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_an_upload_without_progress_ends_in_words_and_leaves_nothing(client, monkeypatch):
    before = leftovers()
    monkeypatch.setattr(upload, "IDLE_SECONDS", 0.3)
    connection = stalled(client)
    connection.sendall(b"1" * 200_000)
    assert "408" in (answer := answer_of(connection))
    assert "did not go on" in answer
    assert "onnection: close" in answer
    until(lambda: leftovers() <= before)


def test_a_byte_now_and_then_is_no_progress(client, monkeypatch):
    monkeypatch.setattr(upload, "GRACE_SECONDS", 0.5)
    with stalled(client) as connection:
        connection.settimeout(0.1)
        answer, end = b"", time.monotonic() + 10
        while not answer:
            assert time.monotonic() < end
            connection.sendall(b"1")
            with contextlib.suppress(TimeoutError):
                answer = connection.recv(4096)
    assert b"408" in answer


def test_an_upload_that_is_broken_off_leaves_nothing(client):
    before = leftovers()
    connections = [stalled(client) for _number in range(5)]
    for connection in connections:
        connection.sendall(b"1" * 200_000)
    until(lambda: len(leftovers() - before) == 5)
    for connection in connections:
        connection.close()
    until(lambda: leftovers() <= before)


def test_stalled_uploads_and_half_requests_keep_nobody_waiting(client):
    halves = (
        "POST /nnviz/upload?name=a.csv HTTP/1.1\r\nHost: localhost\r\nContent-Le",
        "GET / HT",
        "",
        "POST /nnviz/upload?name=a.csv HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\na",
        "GET /nnviz/file/0 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n",
    )
    with contextlib.ExitStack() as stack:
        for _number in range(60):
            stack.enter_context(stalled(client))
        for number in range(300):
            stack.enter_context(stalled(client, halves[number % len(halves)]))
        began = time.monotonic()
        assert client.post("good.csv", b"a,b\n1,2\n" * 100_000).status == 200
        assert time.monotonic() - began < 10


def test_of_too_many_the_one_that_stands_still_gives_way(client, monkeypatch):
    monkeypatch.setattr(upload, "MOST_A_CLIENT", 3)
    with contextlib.ExitStack() as stack:
        first, *_others = [stack.enter_context(stalled(client)) for _number in range(3)]
        time.sleep(0.2)
        assert client.post("good.csv", b"a,b\n").status == 200
        assert "stood still" in answer_of(first)


def test_the_quota_counts_what_is_kept_and_what_is_on_its_way(client, monkeypatch):
    monkeypatch.setenv("NNVIZ_QUOTA_MB", "1")
    assert client.post("first.csv", b"1" * 700_000).status == 200
    refused = client.post("second.csv", b"2" * 700_000)
    assert refused.status == 507
    assert "at most 1 MB" in refused.json()["error"]["what"]
    assert "NNVIZ_QUOTA_MB" in refused.json()["error"]["remedy"]
    before = leftovers()
    with stalled(client) as connection:
        connection.sendall(b"3" * 300_000)
        until(lambda: any((folder / "file").stat().st_size >= 200_000 for folder in leftovers() - before))
        assert client.post("third.csv", b"4" * 100_000).status == 507
    until(lambda: leftovers() <= before)
    assert client.post("third.csv", b"4" * 100_000).status == 200


@pytest.mark.parametrize("how", ["removed", "replaced", "the folder removed"])
def test_a_store_that_is_gone_takes_and_gives_nothing(client, tmp_path, how):
    sha256 = client.post("a.csv", b"a,b\n").json()["sha256"]
    (tmp_path / "nnviz.db").unlink()
    if how == "replaced":
        Store(f"sqlite:///{tmp_path}/nnviz.db")
    if how == "the folder removed":
        shutil.rmtree(tmp_path)
    for answer in (client.post("b.csv", b"c,d\n"), client.ask("GET", download.url(sha256, name="a.csv"))):
        assert answer.status == 503
        assert b"removed or replaced" in answer.content
        assert str(tmp_path).encode() not in answer.content


def test_what_nobody_expected_is_a_number_and_no_trace(client, monkeypatch):
    def broken(path):
        raise KeyError(str(path))

    monkeypatch.setattr(client.store.blobs, "put_file", broken)
    answer = client.post("a.csv", b"a,b\n" * 50_000)
    assert answer.status == 500
    assert "an unexpected error" in answer.json()["error"]["what"]
    assert b"nnviz-upload" not in answer.content


@pytest.mark.parametrize("name", ["%ED%A0%80", "a%00b", "%E2%80%AE.csv", "a" * 5_000, "%0D%0AX:%20y"])
def test_names_that_no_file_has(client, name):
    answer = client.ask("POST", f"/nnviz/upload?name={name}", b"a,b\n")
    assert answer.status == 200
    download_answer = client.ask("GET", f"/nnviz/file/{answer.json()['sha256']}?name={name}")
    assert (download_answer.status, download_answer.content) == (200, b"a,b\n")
    assert download_answer.headers.get("X") is None
