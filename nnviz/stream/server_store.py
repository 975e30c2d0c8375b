"""The store of this server, checked before each use: SQLite goes on writing to a file that was deleted, and all of it is lost
when the process ends."""

import logging
from collections.abc import Callable

from nnviz.errors import NnvizError, RunError
from nnviz.store import Store

log = logging.getLogger(__name__)


class StoreGone(RunError):
    """The store cannot be used. Its message leaves out the path, which is not for visitors."""


def open_store(store: Callable[[], Store]) -> Store:
    """The server's store, opened at the first call. Raises StoreGone."""
    try:
        current = store()
    except NnvizError as error:
        log.error("the store cannot be opened: %s", error)
        raise StoreGone("the store of this server cannot be opened", remedy="Its log says why.") from error
    return check_there(current)


def check_there(store: Store) -> Store:
    """The same store. Raises StoreGone where its file was removed or replaced."""
    if not store.db.is_there():
        raise StoreGone(
            "the store of this server was removed or replaced while it ran",
            remedy="Put its file back and start the server again.",
        )
    return store
