"""Takes a file from the browser straight to the disk and into the store: it never stands in this process's memory whole.

`POST /nnviz/upload?name=penguins.csv` with the file as its body answers {"sha256", "name", "size"}, or {"error"} with what
was wrong.
"""

import asyncio
import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nnviz.errors import NnvizError, RequestError
from nnviz.store import Store
from nnviz.stream.origin import allowed

log = logging.getLogger(__name__)

DEFAULT_MAX_MB = 200.0
MAX_NAME = 200
AT_ONCE = 4


def max_bytes() -> int:
    """The largest file taken: NNVIZ_MAX_UPLOAD_MB (default 200) in bytes."""
    return int(float(os.environ.get("NNVIZ_MAX_UPLOAD_MB", DEFAULT_MAX_MB)) * 1024 * 1024)


def route(store: Callable[[], Store]) -> Route:
    """For the application's routes."""
    return Route("/nnviz/upload", Upload(store).receive, methods=["POST"])


class Upload:
    """Receives files, a few at once; others wait for their turn."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def receive(self, request: Request) -> Response:
        if not allowed(request.headers.get("origin"), request.headers.get("host")):
            return _refusal(RequestError("this page comes from another site"), 403)
        name = PurePosixPath(request.query_params.get("name", "").replace("\\", "/")).name[:MAX_NAME] or "data"
        try:
            _check(int(request.headers.get("content-length") or 0), name)
            async with self._turns:
                return JSONResponse(await self._keep(request, name))
        except NnvizError as error:
            return _refusal(error, 413 if "limit" in error.what else 400)
        except ClientDisconnect:
            # cancelled: the browser is not there to be answered
            return Response(status_code=499)
        except OSError as error:
            log.exception("upload of %s", name)
            return _refusal(RequestError(f"the file could not be kept ({error.strerror})", where=name,
                                         remedy="Check the free space of the server's disk."), 507)

    async def _keep(self, request: Request, name: str) -> dict[str, object]:
        with tempfile.TemporaryDirectory(prefix="nnviz-upload-") as folder:
            path, size = Path(folder) / "file", 0
            with path.open("wb") as file:
                async for block in request.stream():
                    size += len(block)
                    _check(size, name)
                    file.write(block)
            if not size:
                raise RequestError("the file is empty", where=name, remedy="Choose a file with a table in it.")
            sha256 = await asyncio.to_thread(lambda: self._store().put_file(path))
        return {"sha256": sha256, "name": name, "size": size}


def _check(size: int, name: str) -> None:
    limit = max_bytes()
    if size > limit:
        raise RequestError(f"the file is larger than the limit of {limit / 2**20:,g} MB", where=name,
                           remedy="Give fewer rows or columns, or ask whoever runs this server to raise NNVIZ_MAX_UPLOAD_MB.")


def _refusal(error: NnvizError, status: int) -> JSONResponse:
    return JSONResponse({"error": error.to_json()}, status_code=status)
