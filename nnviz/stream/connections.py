"""Settings of uvicorn against incomplete requests: by itself it waits for the rest of a request without a timeout, and each
connection that it waits for holds one of the process's file descriptors."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import h11
import uvicorn
from streamlit import get_option
from streamlit.runtime.runtime_util import get_max_widget_state_size_bytes
from uvicorn.protocols.http.h11_impl import H11Protocol

from nnviz.errors import RequestError
from nnviz.stream.access import PEER

HEAD_SECONDS = 15.0
"""Timeout for the head of a request, from the start of a connection or the end of its last response."""
MOST_WAITING = 2_000
"""Connections without a complete head: of more than these the one that has waited longest is closed."""
OPEN_FILES = 65_536

_waiting: OrderedDict["PatientProtocol", None] = OrderedDict()


class PatientProtocol(H11Protocol):
    """uvicorn's HTTP protocol with a timeout for the head of a request."""

    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # nor is the rest of a body waited for once the response is complete
        is_answered = self.cycle is not None and self.cycle.response_complete
        if self.transport.get_protocol() is not self:  # upgraded to a WebSocket
            self._is_here()
        elif self.conn.their_state is h11.IDLE or is_answered:
            self._wait()
        else:
            self._is_here()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_here()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._end is not None:  # a client that sends byte by byte does not extend it
            return
        self._end = self.loop.call_later(HEAD_SECONDS, self._give_up)
        _waiting[self] = None
        if len(_waiting) > MOST_WAITING:
            next(iter(_waiting))._give_up()

    def _is_here(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None
            _waiting.pop(self, None)

    def _give_up(self) -> None:
        self._is_here()
        if not self.transport.is_closing():
            with contextlib.suppress(h11.LocalProtocolError):
                self.conn.send(h11.ConnectionClosed())
            self.transport.close()


class _Peer:
    """Records the peer of the connection before uvicorn replaces it by the client that X-Forwarded-For names."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        scope[PEER] = scope.get("client")
        await self._app(scope, receive, send)


def set_up(receive: Callable[[], Awaitable[Any]], *, needs_peer: bool) -> tuple[str, str]:
    """Sets up the uvicorn that has called the app's lifespan, before it takes its first connection; gives the address that it
    listens at and the dashboard's URL. Under another server: what Streamlit's settings say, and an empty URL. Raises
    RequestError where `needs_peer` and it is another server."""
    config = getattr(getattr(receive, "__self__", None), "config", None)
    if not isinstance(config, uvicorn.Config):
        if needs_peer:
            raise RequestError("NNVIZ_ACCESS=proxy needs uvicorn", remedy="Start it by: streamlit run dashboard.py")
        return get_option("server.address") or "", ""
    config.http_protocol_class = PatientProtocol
    config.loaded_app = _Peer(config.loaded_app)
    # no message of a browser is larger; uvicorn holds one whole before anybody sees it
    config.ws_max_size = min(config.ws_max_size, get_max_widget_state_size_bytes())
    if config.uds is not None or config.fd is not None:
        return "", ""
    name = "localhost" if config.host in ("127.0.0.1", "::1") else f"[{config.host}]" if ":" in config.host else config.host
    return config.host, f"http{'s' if config.is_ssl else ''}://{name}:{config.port}"


def raise_open_files() -> None:
    """Raises the soft limit of open files (and so of connections) as far as the system allows."""
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
