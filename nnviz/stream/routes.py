"""The routes beside Streamlit's own: the socket of the live charts, and the files the browser needs for them. Who may speak to
them is decided in `access`, for these and Streamlit's alike."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from functools import cache

from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from nnviz.errors import Conflict, NnvizError, Unexpected
from nnviz.store import Store, default_url
from nnviz.stream import assets, download, messages, moments, upload
from nnviz.stream.commands import command
from nnviz.stream.hub import Hub, Viewer
from nnviz.stream.incoming import MOST_BYTES, parse_command
from nnviz.stream.server_store import StoreGone, check_there, open_store

log = logging.getLogger(__name__)

MAX_RUNS = 32
TRY_AGAIN_LATER, TOO_LARGE, NO_TEXT = 1013, 1009, 1003
"""Codes with which a socket is closed."""


def routes(store: Callable[[], Store] | None = None) -> list[BaseRoute]:
    """For `st.App(..., routes=routes())`. `store` is called at the first socket; without it the default store is
    opened."""
    get_store = cache(store or (lambda: Store(default_url())))
    stream = Stream(get_store)
    return [
        upload.route(get_store),
        download.route(get_store),
        WebSocketRoute("/nnviz/stream", stream.serve),
        Route("/nnviz/assets/{version}/{name:path}", assets.serve),
    ]


class Stream:
    """Serves sockets. `/nnviz/stream?runs=a,b,c`: messages of these runs come, commands for them go."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self.hub: Hub | None = None

    async def serve(self, socket: WebSocket) -> None:
        run_ids = [part for part in socket.query_params.get("runs", "").split(",") if part]
        if not run_ids or len(run_ids) > MAX_RUNS or any(len(run_id) > 64 for run_id in run_ids):
            await socket.send_denial_response(PlainTextResponse(f"nnviz: give 1 to {MAX_RUNS} runs", 400))
            return
        try:
            store = await asyncio.to_thread(open_store, self._store)
        except StoreGone as error:
            await socket.send_denial_response(PlainTextResponse(f"nnviz: {error}", 503))
            return
        await socket.accept()
        if self.hub is None:
            self.hub = Hub(store)
        viewer = self.hub.subscribe(run_ids)
        sender = asyncio.create_task(self._send(socket, viewer))
        asker = moments.Asker(self.hub, viewer)
        try:
            # RuntimeError: the socket has been closed from here
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await self._listen(socket, run_ids, viewer, asker)
        finally:
            self.hub.leave(viewer)
            asker.close()
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender

    async def _listen(self, socket: WebSocket, run_ids: Sequence[str], viewer: Viewer, asker: moments.Asker) -> None:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                await socket.close(NO_TEXT, "commands are JSON, as text")
                return
            if len(text) > MOST_BYTES:
                await socket.close(TOO_LARGE, f"a command has at most {MOST_BYTES // 1024} kB")
                return
            await self._obey(text, run_ids, viewer, asker)

    async def _send(self, socket: WebSocket, viewer: Viewer) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            async for message in viewer.messages():
                await socket.send_bytes(message)
            await socket.close(TRY_AGAIN_LATER, viewer.end[:120])

    async def _obey(self, text: str, run_ids: Sequence[str], viewer: Viewer, asker: moments.Asker) -> None:
        """Does what a viewer asks, and answers that viewer; of what names no run of the socket, for its first one."""
        assert self.hub is not None
        run_id, name, why, conflict, number = run_ids[0], "", "", False, None
        try:
            wanted = parse_command(text, run_ids)
            run_id, name = wanted["run"], str(wanted.get("command"))[:40]
            check_there(self.hub.store)
            if name in moments.COMMANDS:
                asker.ask(wanted)
                return
            number = await self.hub.call(command, self.hub.store, wanted)
        except NnvizError as error:
            log.warning("command refused: %s", error)
            why, conflict = str(error), isinstance(error, Conflict)
        except Exception as error:
            why = str(Unexpected.logged(error, where="a command"))
        self.hub.look(run_id)
        viewer.put(messages.pack("answer", run_id, command=name, ok=not why, why=why, conflict=conflict, number=number))
