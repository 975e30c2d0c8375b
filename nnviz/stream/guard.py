"""Around every route, Streamlit's and ours: asks `access` before anything is answered, puts the headers on every answer, and
turns what nobody expected into words. As the app's outermost part it also sets up the server that runs it."""

import html
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from nnviz.errors import NnvizError, RequestError, Unexpected
from nnviz.jobs.notify.targets import targets
from nnviz.stream import connections, identity
from nnviz.stream.access import OWN_ROUTES, Policy, Refusal
from nnviz.stream.limits import check_limits

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# Streamlit's page has a script and styles in it, makes modules out of blobs for components, and compiles some.
CONTENT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline' blob:; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; worker-src 'self' blob:; "
    "connect-src {connect}; object-src 'none'; base-uri 'self'; form-action 'self'; frame-src 'self'; "
    "frame-ancestors 'none'"
)
LOGIN_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>nnviz</title><body style='font-family:system-ui;margin:20vh auto;max-width:24em;padding:0 1em'>"
    "<h1>nnviz</h1><p>Log in to open this dashboard.</p><p><a href='{address}'>Log in</a></p>"
)


def guards() -> list[Middleware]:
    """For `st.App(..., middleware=guards())`."""
    return [Middleware(Guard)]


class Guard:
    """ASGI middleware. `policy`: for tests; else that of the environment when the server starts."""

    def __init__(self, app: Any, policy: Policy | None = None) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._start(scope, receive, send)
            return
        answer = _Answer(scope, send)
        try:
            if self._policy is None:
                self._policy = Policy.of_environment()
            refusal = self._policy.refusal(scope)
            if refusal is not None:
                log.warning("refused (%d): %s", refusal.status, refusal.why)
                await answer.instead(_refused(scope, refusal), receive)
                return
            await self._app(scope, receive, answer.send)
        except Exception as error:
            words = Unexpected.logged(error, where=f"{scope['type']} {scope['path'][:200]!r}")
            if not answer.is_begun:
                await answer.instead(_error_response(scope, words, 500), receive)
            elif scope["type"] == "websocket":
                await answer.close(1011, words.what)
            # else a part of the response was sent: the server closes the connection, so that nobody takes it for the whole

    async def _start(self, scope: Message, receive: Receive, send: Send) -> None:
        """Refuses to start where the settings are wrong, or where others could get in without anybody having allowed it."""
        try:
            policy = self._policy = self._policy or Policy.of_environment()
            check_limits()
            targets()
            connections.raise_open_files()
            address, url = connections.set_up(receive, needs_peer=policy.mode == "proxy")
            policy.check_start(address)
        except RequestError as error:
            await receive()
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return

        async def begun(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete" and url:
                print(policy.start_line(url), flush=True)

        await self._app(scope, receive, begun)


class _Answer:
    """The response to one request."""

    def __init__(self, scope: Message, send: Send) -> None:
        self.is_begun = False
        self._scope = scope
        self._send = send

    async def send(self, message: Message) -> None:
        """A message of the app: with our headers; a refused socket gets the reason."""
        if message["type"] == "websocket.close" and not self.is_begun:
            await self.instead(_refused(self._scope, Refusal(403, message.get("reason") or "this socket is refused")), None)
            return
        if message["type"] in ("http.response.start", "websocket.accept", "websocket.http.response.start"):
            self.is_begun = True
            self._protect(message)
        await self._send(message)

    async def instead(self, response: Response, receive: Receive | None) -> None:
        """Sends a response of ours in place of the app's."""
        if self._scope["type"] == "websocket" and "websocket.http.response" not in self._scope.get("extensions", {}):
            self.is_begun = True
            await self._send({"type": "websocket.close", "code": 4403, "reason": ""})
            return
        await response(self._scope, receive, self.send)  # type: ignore[arg-type]

    async def close(self, code: int, reason: str) -> None:
        await self._send({"type": "websocket.close", "code": code, "reason": reason[:120]})

    def _protect(self, message: Message) -> None:
        message.setdefault("headers", [])
        headers = MutableHeaders(raw=list(message["headers"]))
        host = Headers(scope=self._scope).get("host", "")
        # not every browser includes WebSockets of the same host in 'self'
        is_plain = host and not set(host) & set(" ;,'\"")
        connect = f"'self' ws://{host} wss://{host}" if is_plain else "'self'"
        for name, value in (HEADERS | {"Content-Security-Policy": CONTENT.format(connect=connect)}).items():
            headers[name] = value
        message["headers"] = headers.raw


def _refused(scope: Message, refusal: Refusal) -> Response:
    if refusal.is_login_missing and scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", ""):
        return HTMLResponse(
            LOGIN_PAGE.format(address=html.escape(identity.login_address(), quote=True)),
            refusal.status,
            headers={"Cache-Control": "no-store"},
        )
    return _error_response(scope, RequestError(refusal.why), refusal.status)


def _error_response(scope: Message, error: NnvizError, status: int) -> Response:
    if scope["path"] == f"{OWN_ROUTES}upload":
        return JSONResponse({"error": error.to_json()}, status)
    return PlainTextResponse(f"nnviz: {error}", status, headers={"Cache-Control": "no-store"})
