"""Half requests: the server waits for the rest of them for a while only."""

import contextlib
import socket
import threading
import time

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from nnviz.stream import connections
from nnviz.stream.guard import guards
from tests.serving import free_port

WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def port(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 1.0)
    monkeypatch.setattr(connections, "MOST_WAITING", 5)
    chosen = free_port()
    app = Starlette(routes=[Route("/", lambda request: PlainTextResponse("here"))], middleware=guards())
    server = uvicorn.Server(uvicorn.Config(app, port=chosen, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield chosen
    server.should_exit = True
    thread.join(10)


def opened(port, start=b""):
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(start)
    return connection


@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\nHos", WHOLE + b"GE"])
def test_half_a_request_is_not_waited_for_without_end(port, start):
    began = time.monotonic()
    with opened(port, start) as connection:
        while connection.recv(4096):
            pass
    assert 0.8 < time.monotonic() - began < 8


def test_letters_one_by_one_win_no_time(port):
    began = time.monotonic()
    with opened(port, b"GET / HTTP/1.1\r\nX: ") as connection, contextlib.suppress(ConnectionError):
        for _number in range(200):
            connection.sendall(b"a")
            time.sleep(0.05)
    assert time.monotonic() - began < 8


def test_of_too_many_the_oldest_gives_way_and_a_whole_request_is_answered(port):
    halves = [opened(port, b"GET /") for _number in range(5)]
    with opened(port, WHOLE) as connection:
        assert b"200 OK" in connection.recv(4096)
    with contextlib.suppress(ConnectionResetError):
        assert halves[0].recv(10) == b""
    for connection in halves:
        connection.close()
