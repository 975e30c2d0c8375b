"""Who may access this server: the one place that decides it for pages, sockets, uploads, downloads and files alike.

Without NNVIZ_ACCESS only this computer may. `docs/security.md` says what each setting means to whoever runs it.
"""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from nnviz.errors import RequestError
from nnviz.stream import identity

ACCESS, HOSTS, PROXY_HEADER, PROXY_FROM = "NNVIZ_ACCESS", "NNVIZ_HOSTS", "NNVIZ_PROXY_HEADER", "NNVIZ_PROXY_FROM"
MODES = ("login", "proxy", "open")
PEER = "nnviz.peer"
"""The key of a request's ASGI scope that holds the peer of its connection, whatever its headers say."""
OWN_ROUTES = "/nnviz/"
LOGIN_ROUTES = ("/auth/login", "/auth/logout", "/oauth2callback", "/_stcore/health")
"""Paths that can be reached without being logged in."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Refusal:
    """Why a request is refused: an HTTP status and words for whoever sent it."""

    status: int
    why: str
    is_login_missing: bool = False


@dataclass(frozen=True)
class Policy:
    """Who may access the server. `mode`: empty for this computer only, else one of MODES; `hosts`: names under which the
    server is opened, other than this computer's own; `proxy_header`: the header in which the proxy names the user;
    `proxy_from`: the networks it may be in."""

    mode: str = ""
    hosts: frozenset[str] = frozenset()
    proxy_header: str = ""
    proxy_from: tuple[Network, ...] = field(default=())

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> "Policy":
        """The policy that the NNVIZ_ variables set. Raises RequestError for values that are not allowed."""
        mode = environment.get(ACCESS, "").strip()
        if mode and mode not in MODES:
            raise RequestError(
                f"{ACCESS} is {mode[:40]!r}",
                remedy=f"Allowed: {', '.join(MODES)}; without it only this computer "
                "can open the dashboard. See docs/security.md.",
            )
        hosts = frozenset(filter(None, (_bare(part) for part in environment.get(HOSTS, "").split(","))))
        if any(set(host) & set("/*@ ") for host in hosts):
            raise RequestError(
                f"{HOSTS} is {environment[HOSTS][:80]!r}",
                remedy="Give names as they stand in the address, with commas between them: nnviz.example.org, 192.168.1.20.",
            )
        if mode != "proxy":
            return cls(mode, hosts)
        header = environment.get(PROXY_HEADER, "").strip().lower()
        if not header:
            raise RequestError(
                f"{ACCESS}=proxy needs {PROXY_HEADER}",
                remedy=f"Name the header in which the proxy says who somebody is, as in {PROXY_HEADER}=X-Forwarded-User.",
            )
        networks = environment.get(PROXY_FROM) or "127.0.0.0/8, ::1"
        try:
            return cls(
                mode, hosts, header, tuple(ipaddress.ip_network(part.strip(), strict=False) for part in networks.split(","))
            )
        except ValueError as error:
            raise RequestError(
                f"{PROXY_FROM}: {error}",
                remedy="Give addresses or networks of the proxy, with commas between them: 10.0.0.5, 10.1.0.0/16.",
            ) from error

    def check_start(self, address: str) -> None:
        """Whether a server that listens at `address` may start. Raises RequestError."""
        if not self.mode and not _is_loopback(address):
            where = "every interface" if address in ("", "0.0.0.0", "::") else address
            raise RequestError(
                f"nnviz does not start: it would listen on {where}, where others can reach it, and nothing says who may",
                remedy=f"Leave the address out, so that only this computer can open it; or set {ACCESS}=login, proxy or open. "
                "See docs/security.md.",
            )
        if self.mode == "login":
            if find_spec("authlib") is None:
                raise RequestError(
                    f"{ACCESS}=login needs the package Authlib", remedy="Run: python -m pip install -r requirements-login.txt"
                )
            identity.check_settings()

    def start_line(self, url: str) -> str:
        """What the terminal says of who can reach it."""
        who = {
            "": "only this computer can reach it",
            "login": "whoever logs in may see and steer every run",
            "proxy": f"whoever the proxy lets in ({self.proxy_header}) may see and steer every run",
            "open": "ANYBODY who reaches this address may see and steer every run",
        }[self.mode]
        return f"nnviz: {url}   {who}   (Ctrl+C stops the dashboard; training goes on)"

    def refusal(self, scope: Mapping[str, Any]) -> Refusal | None:
        """Why this request (an ASGI scope, HTTP or socket) may not be answered; None where it may."""
        headers = Headers(scope=dict(scope))
        return self._host(scope, headers) or self._site(scope, headers) or self._client(scope, headers)

    def _host(self, scope: Mapping[str, Any], headers: Headers) -> Refusal | None:
        """Against DNS rebinding: the Host must be a name of this computer, one of `hosts`, or the very address that the
        connection came to, since a literal address cannot be rebound."""
        host_headers = headers.getlist("host")
        if len(host_headers) != 1 or not host_headers[0]:
            return Refusal(400, "a request names the one host that it is for")
        name = _host_name(host_headers[0])
        is_itself = _address(name) is not None and _address(name) == _address((scope.get("server") or ("",))[0])
        if name and (_is_loopback(name) or name in self.hosts or is_itself):
            return None
        return Refusal(403, f"this server is not opened under that name. Whoever runs it can allow it: {HOSTS}=name.")

    def _site(self, scope: Mapping[str, Any], headers: Headers) -> Refusal | None:
        """Against cross-site requests: pages of other sites may link to our pages, and do nothing else."""
        refusal = Refusal(403, "this request comes from a page of another site")
        origin = headers.get("origin")
        if origin is not None:
            return None if is_same_site(origin, headers.get("host")) else refusal
        if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
            return None
        is_visit = (
            scope.get("method") in ("GET", "HEAD")
            and headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest") == "document"
        )
        return None if is_visit and not scope["path"].startswith(OWN_ROUTES) else refusal

    def _client(self, scope: Mapping[str, Any], headers: Headers) -> Refusal | None:
        client = (scope.get("client") or ("",))[0]
        peer = (scope.get(PEER) or scope.get("client") or ("",))[0]
        if not self.mode:
            # a forwarded request comes from elsewhere, even where its proxy runs on this computer
            if _is_loopback(client) and _is_loopback(peer):
                return None
            return Refusal(
                403, f"only the computer that this server runs on may open it. Whoever runs it can change that: {ACCESS}."
            )
        if self.mode == "proxy":
            address = _address(peer)
            if address is None or not any(address in network for network in self.proxy_from):
                return Refusal(403, "this server is opened through its proxy only")
            who = headers.getlist(self.proxy_header)
            if len(who) != 1 or not who[0].strip():
                return Refusal(403, f"the proxy did not say who you are ({self.proxy_header})")
        if self.mode == "login" and scope["path"] not in LOGIN_ROUTES and not identity.is_logged_in(headers):
            return Refusal(401, "log in first", is_login_missing=True)
        return None


def notice(environment: Mapping[str, str] = os.environ) -> str:
    """The warning on every page where other computers may open it; else empty."""
    if not environment.get(ACCESS, "").strip():
        return ""
    return "Whoever can open this page may see, steer and delete every run: there are no accounts with rights of their own."


def is_same_site(origin: str, host: str | None) -> bool:
    """Whether a page of `origin` is one of the server that is asked: name and port, as in the header Host."""
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and bool(host) and parts.netloc.lower() == str(host).lower()


def _host_name(header: str) -> str:
    """The name in a header Host, without its port; empty where it is none."""
    try:
        parts = urlsplit(f"//{header}")
        _port = parts.port
    except ValueError:
        return ""
    return _bare(parts.hostname or "") if parts.netloc == header and parts.username is None else ""


def _bare(name: str) -> str:
    return name.strip().strip("[]").lower()


def _address(name: str) -> Address | None:
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None
    # a dual-stack socket reports ::ffff:127.0.0.1
    return getattr(address, "ipv4_mapped", None) or address


def _is_loopback(name: str) -> bool:
    """Whether it is a loopback name or address."""
    address = _address(name)
    return name == "localhost" if address is None else address.is_loopback
