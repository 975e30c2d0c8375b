"""How long a good upload takes while others stand still: `python -m benchmarks.uploads [stalled] [halves]`, by default 60 stalled
uploads and 1,000 half requests against a dashboard of its own. Fails above 2 seconds."""

import contextlib
import http.client
import socket
import sys
import tempfile
import time
from pathlib import Path

from tests.serving import Server

HEAD = "POST /nnviz/upload?name=a.csv HTTP/1.1\r\nHost: localhost\r\n"
STALLED = f"{HEAD}Content-Length: 1000000\r\n\r\na,b\n"
HALVES = (
    f"{HEAD}Content-Le",
    "GET / HT",
    "",
    f"{HEAD}Transfer-Encoding: chunked\r\n\r\nfff\r\na",
    STALLED,
    "GET /nnviz/stream?runs=a HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n",
)
MOST_SECONDS = 2.0
TRIES = 5


def opened(port: int, start: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(start.encode())
    return connection


def upload(port: int, body: bytes) -> float:
    """Seconds until it is stored."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/nnviz/upload?name=good.csv", body)
    status = connection.getresponse().status
    connection.close()
    if status != 200:
        raise RuntimeError(f"a good upload was answered with {status}")
    return time.monotonic() - began


def main(stalled: int = 60, halves: int = 1_000) -> int:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        server = Server(home=Path(folder) / "home").start()
        stack.callback(server.stop)
        # so that the workers, which load TensorFlow, are out of the way
        time.sleep(20)
        body = b"a,b\n" + b"1,2\n" * 250_000
        alone = [upload(server.port, body + str(number).encode()) for number in range(TRIES)]
        for _number in range(stalled):
            stack.enter_context(opened(server.port, STALLED))
        for number in range(halves):
            stack.enter_context(opened(server.port, HALVES[number % len(HALVES)]))
        among = [upload(server.port, body + b"among" + str(number).encode()) for number in range(TRIES)]
    print(
        f"1 MB, stored: alone {max(alone):.2f} s at most; among {stalled} stalled uploads and {halves:,} half requests "
        f"{max(among):.2f} s at most ({TRIES} tries each)"
    )
    print("alone", *(f"{seconds:.2f}" for seconds in alone), "among", *(f"{seconds:.2f}" for seconds in among))
    return int(max(among) > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
