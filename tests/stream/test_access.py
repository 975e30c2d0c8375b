"""Who may speak to the server: settings, hosts, origins, addresses, proxies and logins, asked of the one place that decides."""

import json

import pytest
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from nnviz.errors import RequestError
from nnviz.stream import access, identity
from nnviz.stream.access import Policy, is_same_site

VISIT = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def scope(
    path="/", *, client="127.0.0.1", server="127.0.0.1", peer=None, kind="http", method="GET", host="localhost:8501", **headers
):
    """An ASGI scope; names of headers with _ for -."""
    named = ({"host": host} if host is not None else {}) | {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "type": kind,
        "method": method,
        "path": path,
        "client": (client, 5000),
        "server": (server, 8501),
        access.PEER: (peer or client, 5000),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }


def status(policy, *arguments, **fields):
    refusal = policy.refusal(scope(*arguments, **fields))
    return refusal.status if refusal else 200


def test_origins() -> None:
    assert is_same_site("http://localhost:8501", "localhost:8501")
    assert status(Policy()) == 200  # a program sends none
    assert not is_same_site("http://localhost:9999", "localhost:8501")
    assert not is_same_site("http://localhost:8501.evil.example", "localhost:8501")
    assert not is_same_site("null", "localhost:8501")
    assert not is_same_site("file://localhost:8501", "localhost:8501")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:1",
        "LOCALHOST:8501",
        "127.0.0.1:8501",
        "127.8.8.8",
        "[::1]:8501",
        "nnviz.example",
        "nnviz.example:443",
    ],
)
def test_hosts_that_are_ours(host):
    assert status(Policy(hosts=frozenset({"nnviz.example"})), host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.localhost",
        "localhost@evil.example",
        "127.0.0.1.evil.example",
        "192.0.2.9",
        "localhost:8501/x",
        "localhost:99999",
        "localhost evil.example",
        "[::2]",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        ":8501",
        "[",
        "nnviz",
    ],
)
def test_hosts_of_a_stranger(host):
    # the origin is that of the same host, as it is for a page whose name was rebound
    assert status(Policy(), host=host, origin=f"http://{host}") == 403


def test_a_request_without_a_host_is_refused():
    assert status(Policy(), host=None) == 400


def test_an_address_is_ours_if_the_connection_came_to_it():
    policy = Policy("open")
    assert status(policy, host="192.0.2.2:8501", server="192.0.2.2", client="192.0.2.7") == 200
    assert status(policy, host="192.0.2.3:8501", server="192.0.2.2", client="192.0.2.7") == 403
    assert status(policy, host="[fd00::2]:8501", server="fd00::2", client="fd00::7") == 200


@pytest.mark.parametrize("path", ["/", "/runs", "/nnviz/stream", "/nnviz/upload", "/nnviz/file/0", "/_stcore/stream", "/media/x"])
def test_pages_of_other_sites(path):
    policy = Policy()
    assert status(policy, path, origin="http://localhost:8501", sec_fetch_site="same-origin") == 200
    for other in ("null", "http://evil.example", "http://localhost:3000", "https://127.0.0.1:8501"):
        assert status(policy, path, origin=other) == 403
    # no origin: a picture, a script, a form, a frame
    for site in ("cross-site", "same-site"):
        assert status(policy, path, sec_fetch_site=site, sec_fetch_mode="no-cors", sec_fetch_dest="image") == 403
        assert status(policy, path, sec_fetch_site=site, sec_fetch_mode="navigate", sec_fetch_dest="iframe") == 403
    assert status(policy, path, method="POST", **VISIT) == 403
    # a link may lead here, but not to what is ours
    assert status(policy, path, **VISIT) == (403 if path.startswith("/nnviz/") else 200)


@pytest.mark.parametrize(
    ("client", "peer", "expected"),
    [
        ("127.0.0.1", None, 200),
        ("::1", None, 200),
        ("::ffff:127.0.0.1", None, 200),
        ("192.0.2.7", None, 403),
        ("fd00::7", None, 403),
        ("192.0.2.7", "127.0.0.1", 403),
        ("127.0.0.1", "192.0.2.7", 403),
        ("", None, 403),
        ("testclient", None, 403),
    ],
)
def test_without_a_setting_only_this_computer_may(client, peer, expected):
    assert status(Policy(), client=client, peer=peer) == expected


def test_open_lets_anybody_in_under_the_right_name():
    assert status(Policy("open"), client="203.0.113.5") == 200
    assert status(Policy("open"), client="203.0.113.5", host="evil.example") == 403


def test_a_proxy_is_known_by_its_address_and_says_who_somebody_is():
    policy = Policy.of_environment(
        {"NNVIZ_ACCESS": "proxy", "NNVIZ_PROXY_HEADER": "X-Forwarded-User", "NNVIZ_PROXY_FROM": "10.0.0.5, 10.1.0.0/16"}
    )
    for path in ("/", "/nnviz/upload", "/_stcore/stream"):
        assert status(policy, path, peer="10.0.0.5", x_forwarded_user="ada") == 200
        assert status(policy, path, peer="::ffff:10.1.2.3", x_forwarded_user="ada") == 200
        assert status(policy, path, peer="10.0.0.5") == 403
        assert status(policy, path, peer="10.0.0.5", x_forwarded_user=" ") == 403
        assert status(policy, path, peer="10.0.0.6", x_forwarded_user="ada") == 403
        # whoever a header X-Forwarded-For names is not who asks
        assert status(policy, path, client="10.0.0.5", peer="127.0.0.1", x_forwarded_user="ada") == 403
    twice = scope(peer="10.0.0.5", x_forwarded_user="ada")
    twice["headers"].append((b"x-forwarded-user", b"root"))
    assert policy.refusal(twice)


@pytest.mark.parametrize(
    "environment",
    [
        {"NNVIZ_ACCESS": "yes"},
        {"NNVIZ_ACCESS": "OPEN"},
        {"NNVIZ_ACCESS": "proxy"},
        {"NNVIZ_HOSTS": "http://nnviz.example"},
        {"NNVIZ_HOSTS": "*"},
        {"NNVIZ_ACCESS": "proxy", "NNVIZ_PROXY_HEADER": "X", "NNVIZ_PROXY_FROM": "10.0.0.300"},
    ],
)
def test_settings_that_mean_nothing_are_refused(environment):
    with pytest.raises(RequestError, match="NNVIZ_"):
        Policy.of_environment(environment)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "", "192.0.2.2", "fd00::2", "nnviz.example"])
def test_another_address_needs_a_word(address):
    with pytest.raises(RequestError, match=r"does not start.*NNVIZ_ACCESS=login, proxy or open"):
        Policy().check_start(address)
    Policy("open").check_start(address)
    Policy().check_start("127.0.0.1")


def test_a_page_says_so_where_others_may_come():
    assert access.notice({}) == ""
    assert "steer and delete every run" in access.notice({"NNVIZ_ACCESS": "open"})
    assert "ANYBODY" in Policy("open").start_line("http://0.0.0.0:8501")
    assert "only this computer" in Policy().start_line("http://localhost:8501")


@pytest.fixture
def secrets(monkeypatch):
    section = {
        "redirect_uri": "http://localhost:8501/oauth2callback",
        "cookie_secret": "a" * 40,
        "client_id": "nnviz",
        "client_secret": "s",
        "server_metadata_url": "https://login.example/.well-known/openid-configuration",
    }
    monkeypatch.setattr(secrets_singleton, "_secrets", {"auth": section})
    return section


def cookie(secret="a" * 40, *, name="_streamlit_user", **fields):
    content = {"origin": "http://localhost:8501", "is_logged_in": True, "email": "ada@example.org"} | fields
    return f"{name}={create_signed_value(secret, '_streamlit_user', json.dumps(content)).decode()}"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/runs",
        "/nnviz/stream",
        "/nnviz/upload",
        "/nnviz/file/0",
        "/_stcore/stream",
        "/media/x",
        "/_stcore/upload_file/a/b",
        "/auth/login/..",
        "/_stcore/health/",
    ],
)
def test_a_login_is_asked_for_everywhere(path, secrets):
    policy = Policy("login")
    assert status(policy, path) == 401
    assert status(policy, path, cookie=cookie()) == 200
    for wrong in (
        cookie("b" * 40),
        cookie(origin="http://evil.example"),
        cookie(is_logged_in=False),
        cookie(is_logged_in="yes"),
        "_streamlit_user=x",
        cookie()[:-1],
        cookie(name="_streamlit_user_tokens"),
    ):
        assert status(policy, path, cookie=wrong) == 401, wrong


def test_who_is_not_logged_in_reaches_the_login(secrets):
    for path in access.LOGIN_ROUTES:
        assert status(Policy("login"), path) == 200


def test_a_login_needs_its_settings(secrets):
    identity.check_settings()
    del secrets["cookie_secret"]
    with pytest.raises(RequestError, match="cookie_secret"):
        identity.check_settings()
