"""Gives a blob of the store to the browser as a file, part by part: `GET /nnviz/file/<sha256>?name=predictions.csv`."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import PurePosixPath
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from nnviz.errors import NnvizError
from nnviz.store import Store
from nnviz.stream.server_store import open_store

MAX_NAME = 200


def url(sha256: str, *, name: str) -> str:
    """Where the browser finds it; `name` is what it saves it as."""
    return f"/nnviz/file/{sha256}?name={quote(name, safe='')}"


def route(store: Callable[[], Store]) -> Route:
    """For the application's routes."""

    def holder(sha256: str) -> Store | None:
        current = open_store(store)
        return current if current.blobs.has(sha256) else None

    async def serve(request: Request) -> Response:
        sha256 = request.path_params["sha256"]
        try:
            source = await asyncio.to_thread(holder, sha256)
        except NnvizError as error:
            return PlainTextResponse(f"nnviz: {error}", status_code=503)
        if source is None:
            return PlainTextResponse("no such file", status_code=404)
        name = PurePosixPath(request.query_params.get("name", "").replace("\\", "/")).name[:MAX_NAME] or "data"
        return StreamingResponse(
            _parts(source, sha256),
            media_type="application/octet-stream",
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
        )

    return Route("/nnviz/file/{sha256}", serve)


async def _parts(store: Store, sha256: str) -> AsyncIterator[bytes]:
    parts = store.blobs.parts(sha256)
    while (part := await asyncio.to_thread(next, parts, None)) is not None:
        yield part
