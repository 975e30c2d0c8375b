"""Socket messages and HTTP requests, sent to our routes behind their guards: `python -m benchmarks.hostile.wire PORT` serves."""

import json
import os
import random
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from benchmarks.hostile.mutate import ODD, damaged, odd_json
from benchmarks.hostile.outcome import HANG_SECONDS, Tally

COMMANDS = ("stop", "pause", "play", "pace", "step", "set", "more", "moment", "no such command")
PATHS = (
    "/nnviz/upload?name=a.csv",
    "/nnviz/file/" + "0" * 64,
    "/nnviz/assets/0/live.js",
    "/nnviz/stream?runs=x",
    "/",
    "/nnviz/file/../../etc/passwd",
    "/nnviz/assets/%2e%2e/%2e%2e/etc/passwd",
    "/nnviz/upload?name=" + "x" * 5000,
)


def run(folder: Path, cases: int, rng: random.Random, tally: Tally) -> None:
    from nnviz.store import Store
    from tests.pages.example_runs import gallery

    store = Store(f"sqlite:///{folder}/wire.db")
    ids = list(gallery(store).values())
    store.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "wire.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.hostile.wire", str(port)],
            stdout=output,
            stderr=output,
            env=os.environ | {"NNVIZ_STORE": f"sqlite:///{folder}/wire.db"},
        )
    try:
        _wait(port)
        for number in range(cases):
            began = time.monotonic()
            if rng.random() < 0.6:
                case, result = _message(rng, port, str(rng.choice(ids)))
            else:
                case, result = _request(rng, port)
            case = f"case {number}, {case}"
            if result in ("answered", "closed"):
                tally.add("wire", result)
            else:
                tally.fail("wire", case, result)
            tally.measured("wire", case, seconds=time.monotonic() - began, peak=psutil.Process(server.pid).memory_info().rss)
        if server.poll() is not None:
            tally.failures.append("wire: the server ended")
        elif _message(rng, port, str(ids[0]), good=True)[1] != "answered":
            tally.failures.append("wire: a good message was not answered afterwards")
        traces = log.read_text("utf-8", "replace").count("Traceback") + _traces(folder)
        if traces:
            tally.failures.append(f"wire: {traces} traces in the server's logs, see {log}")
    finally:
        server.kill()
        server.wait()


def _message(rng: random.Random, port: int, run_id: str, *, good: bool = False) -> tuple[str, str]:
    """A command over a socket, and whether it was answered, or the socket closed with a reason."""
    document: dict[str, Any] = {
        "run": run_id,
        "command": rng.choice(COMMANDS),
        "name": "optimizer.learning_rate",
        "value": 0.1,
        "steps": 1,
        "epochs": 1,
        "number": 0,
        "pace": "watch",
    }
    text, kind = odd_json(rng, document) if not good else (json.dumps(document | {"command": "stop"}), "good")
    sent: str | bytes = text
    if not good and rng.random() < 0.3:
        sent, kind = damaged(rng, text.encode("utf-8", "replace"))
        sent = sent.decode("utf-8", "replace") if rng.random() < 0.7 else sent
    try:
        with connect(f"ws://127.0.0.1:{port}/nnviz/stream?runs={run_id}", max_size=None, open_timeout=HANG_SECONDS) as channel:
            with suppress(ConnectionClosed, UnicodeEncodeError):
                channel.send(sent)
            channel.send(json.dumps({"run": run_id, "command": "last"}))
            end = time.monotonic() + HANG_SECONDS
            while time.monotonic() < end:
                if b"last" in bytes(channel.recv(timeout=HANG_SECONDS)):  # type: ignore[arg-type]
                    return kind, "answered"
            return kind, "no answer"
    except ConnectionClosed as error:
        return kind, "closed" if error.rcvd is not None else "cut off without a reason"
    except (InvalidHandshake, TimeoutError, OSError) as error:
        return kind, f"{type(error).__name__}: {error}"


def _request(rng: random.Random, port: int) -> tuple[str, str]:
    """Raw bytes of a request, and whether an answer came or the connection was closed."""
    path = rng.choice(PATHS)
    body = b"a,b\n1,2\n" * rng.choice((0, 1, 1000))
    odd = str(rng.choice(ODD))[:2000].encode("utf-8", "replace").replace(b"\n", b" ")
    head = [
        rng.choice((b"GET", b"POST", b"HEAD", b"PUT", b"BREW", odd)) + b" " + path.encode() + b" HTTP/1.1",
        b"Host: " + rng.choice((b"127.0.0.1", b"localhost", b"evil.example", odd)),
        b"Content-Length: " + rng.choice((str(len(body)).encode(), b"-1", b"9" * 30, b"x", b"0")),
        rng.choice(
            (
                b"X: y",
                b"Origin: " + odd,
                b"Transfer-Encoding: chunked",
                b"Upgrade: websocket\r\nConnection: upgrade",
                b"Cookie: " + odd,
                b"X-Long: " + b"y" * 70_000,
            )
        ),
    ]
    sent, kind = b"\r\n".join(head) + b"\r\n\r\n" + body, "request"
    if rng.random() < 0.6:
        sent, kind = damaged(rng, sent)
    with socket.create_connection(("127.0.0.1", port), timeout=HANG_SECONDS) as channel:
        with suppress(OSError):
            channel.sendall(sent)
            channel.shutdown(socket.SHUT_WR)
        try:
            answer = channel.recv(65_536)
        except (ConnectionError, TimeoutError) as error:
            return kind, "closed" if isinstance(error, ConnectionError) else "no answer"
    status = answer.split(b" ", 2)[1] if answer.startswith(b"HTTP/") else b""
    if status.startswith(b"5") and status not in (b"503", b"507", b"501", b"505"):
        return kind, f"status {status.decode()}"
    return kind, "answered" if answer else "closed"


def _wait(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def _traces(folder: Path) -> int:
    log = Path(os.environ.get("NNVIZ_HOME", folder)) / "logs" / "errors.log"
    return log.read_text("utf-8", "replace").count("Traceback") if log.is_file() else 0


def serve(port: int) -> None:
    import uvicorn
    from starlette.applications import Starlette

    from nnviz.errors import log_unexpected_to
    from nnviz.jobs import launcher
    from nnviz.store import home
    from nnviz.stream.guard import guards
    from nnviz.stream.routes import routes

    launcher.ensure_supervisor = lambda url: None  # type: ignore[assignment]
    log_unexpected_to(home() / "logs" / "errors.log")
    uvicorn.run(Starlette(routes=routes(), middleware=guards()), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
