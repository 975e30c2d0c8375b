"""What the web process does besides drawing pages: it sends a heartbeat, and keeps a supervisor with warm workers running."""

import asyncio
import contextlib
import importlib
import logging
import os
import secrets
from collections.abc import AsyncIterator
from typing import Any

from nnviz.errors import NnvizError, log_unexpected_to
from nnviz.jobs import ensure_supervisor, has_supervisor
from nnviz.jobs.notify.targets import NOTIFY, fingerprint
from nnviz.store import Store, default_url, home
from nnviz.stream.server_store import check_there

BEAT = 5.0

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """From the server's start to its end: TensorFlow is being loaded in the workers while the first page is drawn."""
    log_unexpected_to(home() / "logs" / "errors.log")
    task = asyncio.create_task(_keep_present(f"{os.getpid()}-{secrets.token_hex(4)}"))
    # half a second: while the first browser asks for the page's files (`set_up` waits for it)
    loading = asyncio.create_task(asyncio.to_thread(importlib.import_module, "pandas"))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await loading


async def _keep_present(who: str) -> None:
    store = await asyncio.to_thread(Store, default_url())
    if has_supervisor(store.url) and store.notices.setting() != fingerprint():
        print(
            f"nnviz: {NOTIFY} is another one than that of the workers which run already: it counts once they have left",
            flush=True,
        )
    while True:
        try:
            check_there(store)  # a supervisor would make a new, empty one
            await asyncio.to_thread(store.workers.present, who)
            await asyncio.to_thread(ensure_supervisor, store.url)
        except NnvizError as error:
            log.error("presence: %s", error)
        except Exception:
            # a full disk or a busy store must not end the dashboard; the next heartbeat tries again
            log.exception("presence")
        await asyncio.sleep(BEAT)
