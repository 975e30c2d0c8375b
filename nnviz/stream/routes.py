"""The routes beside Streamlit's own: the socket of the live charts, and the files the browser needs for them."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from nnviz.errors import Conflict, NnvizError, RequestError
from nnviz.store import Store, default_url
from nnviz.stream import assets, download, messages, moments, upload
from nnviz.stream.commands import command
from nnviz.stream.hub import Hub, Viewer
from nnviz.stream.origin import allowed

log = logging.getLogger(__name__)

MAX_RUNS = 32


def routes(store: Callable[[], Store] | None = None) -> list[BaseRoute]:
    """For `st.App(..., routes=routes())`. `store` is called at the first socket; without it the default store is
    opened."""
    opened = cache(store or (lambda: Store(default_url())))
    stream = Stream(opened)
    return [
        upload.route(opened),
        download.route(opened),
        WebSocketRoute("/nnviz/stream", stream.serve),
        Route("/nnviz/assets/{version}/{name}", assets.serve),
    ]


class Stream:
    """Serves sockets. `/nnviz/stream?runs=a,b,c`: messages of these runs come, commands for them go."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self.hub: Hub | None = None

    async def serve(self, socket: WebSocket) -> None:
        run_ids = [part for part in socket.query_params.get("runs", "").split(",") if part]
        if not allowed(socket.headers.get("origin"), socket.headers.get("host")):
            await socket.close(4403, "this page comes from another site")
            return
        if not run_ids or len(run_ids) > MAX_RUNS or any(len(run_id) > 64 for run_id in run_ids):
            await socket.close(4400, f"give 1 to {MAX_RUNS} runs")
            return
        await socket.accept()
        if self.hub is None:
            self.hub = Hub(self._store())
        viewer = self.hub.subscribe(run_ids)
        sender = asyncio.create_task(self._send(socket, viewer.messages()))
        asker = moments.Asker(self.hub, viewer)
        try:
            async for text in socket.iter_text():
                await self._obey(text, run_ids, viewer, asker)
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass  # the browser is gone, or sent bytes where commands are text
        finally:
            self.hub.leave(viewer)
            asker.close()
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender

    async def _send(self, socket: WebSocket, outgoing: Any) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            async for message in outgoing:
                await socket.send_bytes(message)

    async def _obey(self, text: str, run_ids: list[str], viewer: Viewer, asker: moments.Asker) -> None:
        """Does what a viewer asks, and answers that viewer."""
        assert self.hub is not None
        run_id, name, why, conflict, number = "", "", "", False, None
        try:
            wanted = json.loads(text)
            if not isinstance(wanted, dict) or wanted.get("run") not in run_ids:
                raise RequestError(
                    "a command names one of the socket's runs", remedy='As in {"run": ..., "command": "stop"}.'
                )
            run_id, name = wanted["run"], str(wanted.get("command"))[:40]
            if name in moments.COMMANDS:
                asker.ask(wanted)
                return
            number = await self.hub.call(command, self.hub.store, wanted)
        except (ValueError, NnvizError) as error:
            log.warning("command refused: %s", error)
            why, conflict = str(error), isinstance(error, Conflict)
        if run_id:
            self.hub.look(run_id)
            viewer.put(messages.pack("answer", run_id, command=name, ok=not why, why=why, conflict=conflict, number=number))
