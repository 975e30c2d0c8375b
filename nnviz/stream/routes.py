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

from nnviz.errors import NnvizError, RequestError
from nnviz.store import Store, default_url
from nnviz.stream import assets, download, upload
from nnviz.stream.hub import Hub
from nnviz.stream.origin import allowed

log = logging.getLogger(__name__)

MAX_RUNS = 32
PACES = ("step", "watch", "full")


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
        try:
            async for text in socket.iter_text():
                await self._obey(text, run_ids)
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass  # the browser is gone, or sent bytes where commands are text
        finally:
            self.hub.leave(viewer)
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender

    async def _send(self, socket: WebSocket, outgoing: Any) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            async for message in outgoing:
                await socket.send_bytes(message)

    async def _obey(self, text: str, run_ids: list[str]) -> None:
        assert self.hub is not None
        try:
            wanted = json.loads(text)
            if not isinstance(wanted, dict) or wanted.get("run") not in run_ids:
                raise RequestError(
                    "a command names one of the socket's runs", remedy='As in {"run": ..., "command": "stop"}.'
                )
            await self.hub.call(command, self.hub.store, wanted)
        except (ValueError, NnvizError) as error:
            log.warning("command refused: %s", error)


def command(store: Store, wanted: dict[str, Any]) -> None:
    """What a viewer may ask of a run: `{"command": "stop"}`, `{"command": "pace", "pace": "watch"}`, `{"command":
    "step", "steps": 1}`. Raises RequestError."""
    run_id = str(wanted["run"])
    match wanted.get("command"):
        case "stop":
            store.set_control(run_id, stop=True)
        case "pace" if wanted.get("pace") in PACES:
            allowed_steps = store.run(run_id).step if wanted["pace"] == "step" else None
            store.set_control(run_id, pace=wanted["pace"], steps_allowed=allowed_steps)
        case "step" if isinstance(wanted.get("steps", 1), int) and 1 <= wanted.get("steps", 1) <= 1_000_000:
            run = store.run(run_id)
            done = max(run.step, run.control.steps_allowed or 0)
            store.set_control(run_id, pace="step", steps_allowed=done + wanted.get("steps", 1))
        case _:
            raise RequestError(
                f"unknown command {str(wanted.get('command'))[:40]!r}",
                remedy="Allowed: stop, pace (step, watch, full), step (steps from 1).",
            )
