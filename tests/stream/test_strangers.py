"""Every route of the running dashboard, asked as a stranger would: the table in docs/security.md is what it answers."""

import asyncio
import http.client
import json
import re
import socket
import subprocess
import sys

import pytest

from nnviz.stream.access import Policy
from nnviz.stream.guard import Guard
from tests.serving import ROOT, Server

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROUTES = """
import json, dashboard
app = dashboard.app._build_starlette_app()
print(json.dumps([[",".join(sorted(getattr(route, "methods", None) or {"WEBSOCKET"})), route.path]
                  if getattr(route, "path", "") else ["GET,HEAD", "/"] for route in app.routes]))
"""
SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
PLACES = {"{sha256}": "0" * 64, "{name}": "missing.js"}
PROTECTING = {"x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer"}


def table() -> dict[tuple[str, str], list[tuple[str, set[int]]]]:
    """Of each route (its methods, its path) what each stranger gets: refused or harmless, and with which status."""
    lines = [line for line in TEXT.partition("## Every route")[2].splitlines() if line.startswith("| `")]
    answers = {}
    for line in lines:
        route, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        methods, path = route.strip("`").split(" ")
        matches = [re.match(r"(refused|harmless) ([\d ]+)", cell) for cell in cells]
        answers[methods, path] = [(part[1], {int(status) for status in part[2].split()}) for part in matches]
    return answers


def asked(path: str) -> str:
    for place, value in PLACES.items():
        path = path.replace(place, value)
    path = re.sub(r"{[^}]*}", "guessed", path)
    return f"{path}?runs=guessed" if path == "/nnviz/stream" else path


def ask(server: Server, method: str, path: str, *, address: str = "127.0.0.1", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(address, server.port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if method == "WEBSOCKET":
        method, named = "GET", SOCKET | named
    connection.request(method, asked(path), headers=named)
    answer = connection.getresponse()
    if answer.status != 101:
        answer.content = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    server = Server(home=tmp_path_factory.mktemp("closed"), environment={"NNVIZ_WORKERS": "1"}).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def open_to_all(tmp_path_factory):
    server = Server(
        home=tmp_path_factory.mktemp("open"), environment={"NNVIZ_WORKERS": "1", "NNVIZ_ACCESS": "open"}, address="0.0.0.0"
    ).start()
    yield server
    server.stop()


def test_every_route_has_a_row_and_says_it_is_refused_or_harmless():
    done = subprocess.run([sys.executable, "-c", ROUTES], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert {tuple(route) for route in json.loads(done.stdout)} == set(table())
    assert all(len(cells) == 5 for cells in table().values())


@pytest.mark.parametrize(
    ("column", "headers"),
    [
        (0, {"Host": "evil.example"}),
        (0, {"Host": "evil.example", "Origin": "http://evil.example"}),
        (1, {"Origin": "http://evil.example"}),
        (1, {"Origin": "null"}),
        (1, {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}),
        (3, {"X_Forwarded_For": "203.0.113.5"}),
    ],
)
def test_a_stranger_is_refused_at_every_route(closed, column, headers):
    for (methods, path), cells in table().items():
        for method in methods.split(","):
            answer = ask(closed, method, path, **headers)
            assert cells[column] == ("refused", {answer.status}), (method, path)
            assert method == "HEAD" or re.search(b"NNVIZ_|another site", answer.content), (method, path)
            assert not PROTECTING.items() - {name.lower(): value for name, value in answer.getheaders()}.items(), (method, path)
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_who_is_let_in_and_guesses_finds_nothing(open_to_all):
    # another address of this computer where it has one, else the only one
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))  # sends nothing
            address = probe.getsockname()[0]
        except OSError:
            address = "127.0.0.1"
    for (methods, path), cells in table().items():
        for method in methods.split(","):
            answer = ask(open_to_all, method, path, address=address)
            kind, statuses = cells[4]
            assert kind == "harmless"
            assert answer.status in statuses, (method, path)
            assert not PROTECTING.items() - {name.lower(): value for name, value in answer.getheaders()}.items(), (method, path)
            if answer.status != 101:
                assert not re.search(b"Traceback|" + re.escape(str(ROOT).encode()), answer.content), (method, path)


def test_who_has_not_logged_in_gets_to_the_login_and_nowhere_else():
    reached = []

    async def app(scope, receive, send):
        reached.append(scope["path"])

    async def status(method, path):
        sent = []
        kind = "websocket" if method == "WEBSOCKET" else "http"
        scope = {
            "type": kind,
            "method": method,
            "path": path,
            "headers": [(b"host", b"localhost")],
            "client": ("203.0.113.5", 1),
            "server": ("127.0.0.1", 8501),
            "extensions": {"websocket.http.response": {}},
        }

        async def send(message):
            sent.append(message)

        await Guard(app, Policy("login"))(scope, None, send)
        return sent[0]["status"] if sent else None

    for (methods, path), cells in table().items():
        for method in methods.split(","):
            kind, wanted = cells[2]
            got = asyncio.run(status(method, path))
            assert {got} == ({None} if kind == "harmless" else wanted), (method, path)
    assert set(reached) == {path for (_methods, path), cells in table().items() if cells[2][0] == "harmless"}


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--server.address", "0.0.0.0"], {}),
        (["--server.address", ""], {}),
        ([], {"STREAMLIT_SERVER_ADDRESS": "::"}),
        ([], {"NNVIZ_ACCESS": "everybody"}),
    ],
)
def test_it_does_not_start_where_others_would_be_let_in_without_a_word(tmp_path, arguments, environment):
    server = Server(home=tmp_path, environment=environment)
    done = server.refused(*arguments)
    assert done.returncode not in (0, None)
    assert "NNVIZ_ACCESS" in done.stdout
    assert not re.search("Traceback|view your Streamlit app", done.stdout)


def test_it_asks_no_other_host_when_it_starts(tmp_path):
    """Python itself notes whom the server, and what it starts, connect to or look up."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "def note(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto'):\n"
        "        who = arguments[0 if event == 'socket.getaddrinfo' else 1]\n"
        f"        open({str(tmp_path / 'asked')!r}, 'a').write(repr(who) + '\\n')\n"
        "sys.addaudithook(note)\n"
        "note('socket.getaddrinfo', ('localhost',))\n"
    )
    server = Server(
        home=tmp_path / "home",
        environment={
            "PYTHONPATH": f"{tmp_path}:{ROOT}",
            "NNVIZ_ACCESS": "open",
            "NNVIZ_HOSTS": "nnviz.example",
            "NNVIZ_WORKERS": "1",
        },
        address="0.0.0.0",
    )
    server.start()
    try:
        # where the name is none that Streamlit knows it would look for its own address
        for method in ("GET", "WEBSOCKET"):
            path = "/_stcore/stream" if method == "WEBSOCKET" else "/_stcore/health"
            assert ask(server, method, path, Host="nnviz.example", Origin="http://nnviz.example").status in (101, 200)
        assert "ANYBODY who reaches this address" in (server.home / "web.log").read_text()
    finally:
        server.stop()
    asked_for = (tmp_path / "asked").read_text().splitlines()
    assert not [who for who in asked_for if not re.search(r"127\.0\.0\.1|localhost|0\.0\.0\.0|'/", who)], asked_for
