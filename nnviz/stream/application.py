"""What the web process does besides drawing pages: says that it is there, and sees that workers are warm."""

import asyncio
import contextlib
import importlib
import logging
import os
import secrets
from collections.abc import AsyncIterator
from typing import Any

from nnviz.jobs import ensure_supervisor
from nnviz.store import Store, default_url

# Before any session: two that start together would draw with plotly while the other one still loads pandas, and plotly takes
# what it finds of it for the whole.
importlib.import_module("pandas")

BEAT = 5.0

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """From the server's start to its end: TensorFlow is being loaded in the workers while the first page is drawn."""
    task = asyncio.create_task(_keep_present(f"{os.getpid()}-{secrets.token_hex(4)}"))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _keep_present(who: str) -> None:
    store = await asyncio.to_thread(Store, default_url())
    while True:
        try:
            await asyncio.to_thread(store.present, who)
            await asyncio.to_thread(ensure_supervisor, store.url)
        except Exception:
            # a full disk or a busy store must not end the dashboard; the next beat tries again
            log.exception("presence")
        await asyncio.sleep(BEAT)
