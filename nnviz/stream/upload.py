"""Streams a file from the browser to the disk and into the store: it is never in this process's memory as a whole.

`POST /nnviz/upload?name=penguins.csv` with the file as its body answers {"sha256", "name", "size"}, or {"error"} with what
was wrong.

Stalled uploads hold up nobody: receiving takes no slot, each must progress, and of too many at once the one that has stalled
longest is aborted. Bytes received and not yet stored count for the quota.
"""

import asyncio
import contextlib
import logging
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path, PurePosixPath

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nnviz.errors import NnvizError, RequestError, StoreFull, Unexpected
from nnviz.store import Store
from nnviz.stream.limits import QUOTA, UPLOAD, limit
from nnviz.stream.server_store import StoreGone, open_store

log = logging.getLogger(__name__)

MAX_NAME = 200
STORED_AT_ONCE = 4
"""Received files that are written into the store at the same time; others wait."""
IDLE_SECONDS = 15.0
"""Timeout without a byte."""
GRACE_SECONDS, LEAST_RATE = 30.0, 2_048
"""After these seconds, the lowest average rate, in bytes a second."""
BLOCK = 64 * 1024
"""Bytes are written in blocks of this size; a shorter upload needs no file."""
MOST_A_CLIENT, MOST_IN_ALL = 1_024, 2_048
"""Uploads received at the same time, from one address and from all."""


def max_bytes() -> int:
    """The largest file taken: NNVIZ_MAX_UPLOAD_MB (default 200) in bytes."""
    return limit(UPLOAD)


def route(store: Callable[[], Store]) -> Route:
    """For the application's routes."""
    return Route("/nnviz/upload", Upload(store).receive, methods=["POST"])


class _TooSlow(RequestError):
    pass


class _QuotaReached(RequestError):
    pass


class _TooLarge(RequestError):
    pass


class _Incoming:
    """One upload that is being received."""

    def __init__(self, client: str, name: str) -> None:
        self.client = client
        self.name = name
        self.size = 0
        self.began = self.moved = time.monotonic()
        self.gives_way = asyncio.Event()

    async def blocks(self, request: Request) -> AsyncIterator[bytes]:
        """The body, block by block. Raises _TooSlow, ClientDisconnect."""
        parts = request.stream().__aiter__()
        way = asyncio.ensure_future(self.gives_way.wait())
        try:
            while True:
                most = self.began + GRACE_SECONDS + self.size / LEAST_RATE - time.monotonic()
                following = asyncio.ensure_future(anext(parts, None))
                try:
                    await asyncio.wait(
                        (following, way), timeout=max(0.0, min(IDLE_SECONDS, most)), return_when=asyncio.FIRST_COMPLETED
                    )
                finally:
                    if not following.done():
                        following.cancel()
                if not following.done():
                    raise self._given_up()
                block = following.result()
                if block is None:
                    return
                if block:
                    self.size += len(block)
                    self.moved = time.monotonic()
                    yield block
        finally:
            way.cancel()

    def _given_up(self) -> _TooSlow:
        if self.gives_way.is_set():
            return _TooSlow("too many uploads at once, and this one stood still", where=self.name, remedy="Try again.")
        return _TooSlow(
            "the upload did not go on",
            where=self.name,
            remedy=f"It may stand still for {IDLE_SECONDS:g} seconds, and needs {LEAST_RATE // 1024} kB a second. "
            "Check the connection and try again.",
        )


class Upload:
    """Receives files."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._turns = asyncio.Semaphore(STORED_AT_ONCE)
        self._incoming: set[_Incoming] = set()

    async def receive(self, request: Request) -> Response:
        name = PurePosixPath(request.query_params.get("name", "").replace("\\", "/")).name[:MAX_NAME] or "data"
        incoming = _Incoming(request.client.host if request.client else "", name)
        self._make_way(incoming)
        self._incoming.add(incoming)
        try:
            _check_size(_announced(request), name)
            return JSONResponse(await self._keep(request, incoming))
        except ClientDisconnect:
            # the browser has closed the connection
            return Response(status_code=499)
        except OSError as error:
            log.error("upload: %s", error)
            return _refusal(
                RequestError(
                    f"the file could not be kept ({error.strerror})",
                    where=name,
                    remedy="Check the free space of the server's disk.",
                ),
                507,
            )
        except StoreFull as error:
            return _refusal(RequestError(error.what, where=name, remedy="Whoever runs this server can make room on it."), 507)
        except NnvizError as error:
            return _refusal(error, _status(error))
        except Exception as error:
            return _refusal(Unexpected.logged(error, where=name), 500)
        finally:
            self._incoming.discard(incoming)

    def _make_way(self, newcomer: _Incoming) -> None:
        """A new upload is always accepted: of too many, the one without a byte for the longest time is aborted."""
        going = [other for other in self._incoming if not other.gives_way.is_set()]
        own = [other for other in going if other.client == newcomer.client]
        crowd = own if len(own) >= MOST_A_CLIENT else going if len(going) >= MOST_IN_ALL else []
        if crowd:
            min(crowd, key=lambda other: other.moved).gives_way.set()

    async def _keep(self, request: Request, incoming: _Incoming) -> dict[str, object]:
        file, stored, waiting = None, 0, bytearray()
        with contextlib.ExitStack() as stack:
            async for block in incoming.blocks(request):
                _check_size(incoming.size, incoming.name)
                waiting += block
                if len(waiting) < BLOCK:
                    continue
                if file is None:
                    _store, stored = await asyncio.to_thread(self._measured)
                    path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nnviz-upload-"))) / "file"
                    file = stack.enter_context(path.open("wb"))
                self._check_quota(stored, incoming.name)
                file.write(waiting)
                waiting.clear()
            if not incoming.size:
                raise RequestError("the file is empty", where=incoming.name, remedy="Choose a file with a table in it.")
            async with self._turns:
                store, stored = await asyncio.to_thread(self._measured)
                self._check_quota(stored, incoming.name)
                if file is None:
                    sha256 = await asyncio.to_thread(store.blobs.put, bytes(waiting))
                else:
                    file.write(waiting)
                    file.close()
                    sha256 = await asyncio.to_thread(store.blobs.put_file, path)
                # checked again: the store's file may have been removed meanwhile
                await asyncio.to_thread(open_store, self._store)
        return {"sha256": sha256, "name": incoming.name, "size": incoming.size}

    def _measured(self) -> tuple[Store, int]:
        store = open_store(self._store)
        return store, store.blobs.total_bytes()

    def _check_quota(self, stored: int, name: str) -> None:
        """`stored`: bytes in the store already, to which those being received are added."""
        most = limit(QUOTA)
        if stored + sum(other.size for other in self._incoming) > most:
            raise _QuotaReached(
                f"the store keeps {stored / 2**20:,.0f} MB of files, and at most {most / 2**20:,.0f} MB may be kept",
                where=name,
                remedy="Delete runs whose data nobody needs (what no run uses is removed "
                f"after a day), or ask whoever runs this server to raise {QUOTA}.",
            )


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length[:20]) if length.isascii() and length.isdigit() else 0


def _check_size(size: int, name: str) -> None:
    most = max_bytes()
    if size > most:
        raise _TooLarge(
            f"the file is larger than the limit of {most / 2**20:,g} MB",
            where=name,
            remedy=f"Give fewer rows or columns, or ask whoever runs this server to raise {UPLOAD}.",
        )


def _status(error: NnvizError) -> int:
    kinds = {_TooLarge: 413, _TooSlow: 408, _QuotaReached: 507, StoreGone: 503}
    return next((status for kind, status in kinds.items() if isinstance(error, kind)), 400)


def _refusal(error: NnvizError, status: int) -> JSONResponse:
    """Closes the connection of a stalled upload. Other clients may still be sending and would not read the response if they were
    cut off, so the rest of their body is discarded for a while (`connections.HEAD_SECONDS`)."""
    return JSONResponse(
        {"error": error.to_json()}, status_code=status, headers={"Connection": "close"} if isinstance(error, _TooSlow) else {}
    )
