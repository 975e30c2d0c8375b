"""Tells the targets what is new, in a thread beside the work of a process: of the supervisor, or of the command line."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from nnviz.errors import NnvizError, RunError
from nnviz.jobs.notify.news import Message, take_news
from nnviz.jobs.notify.send import COMMAND_SECONDS, send
from nnviz.jobs.notify.targets import NOTIFY, Target, targets
from nnviz.store import Store

POLL = 0.5
PATIENCE = COMMAND_SECONDS + 5
"""Seconds after which a target is given up, whatever it does: an answer may come a byte at a time."""
log = logging.getLogger("nnviz.notify")


class Notifier:
    """Sends messages to all targets at once. That one is not reached is logged once, until it is reached again."""

    def __init__(self, store: Store, to: Sequence[Target]) -> None:
        self.store, self.to = store, to
        self._failing: set[Target] = set()
        self._is_store_failing = False
        self._looked_at = -1
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)

    def start(self) -> None:
        """Looks for news until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Tells what is new by now."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)

    def look(self) -> None:
        """Whatever goes wrong is logged: nobody waits for it."""
        try:
            newest = self.store.notices.newest()
            if newest == self._looked_at:
                return
            messages = take_news(self.store)
            self._looked_at = newest
        except (NnvizError, SQLAlchemyError) as error:
            if not self._is_store_failing:
                log.warning("what is new could not be read: %s", error)
            self._is_store_failing = True
            return
        self._is_store_failing = False
        for message in messages:
            self.tell(message)

    def tell(self, message: Message) -> None:
        """One message to all targets; gives up after `PATIENCE`."""
        threads = [threading.Thread(target=self._send, args=(target, message), daemon=True) for target in self.to]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)

    def _send(self, target: Target, message: Message) -> None:
        try:
            send(target, message)
        except Exception as error:  # a package may raise anything
            if target not in self._failing:
                self._failing.add(target)
                what = error.what if isinstance(error, RunError) else type(error).__name__
                log.warning("%s: %s was not told of an event: %s", NOTIFY, target.label, what)
        else:
            self._failing.discard(target)

    def _run(self) -> None:
        while not self._ending.wait(POLL):
            self.look()
        self.look()


@contextmanager
def notifying(store: Store) -> Iterator[None]:
    """What happens in the store meanwhile is told, by this process where no other one has done so, and goes on where nobody
    can be told."""
    notifier = None
    try:
        to = targets()
        if to:
            store.notices.begin()
            notifier = Notifier(store, to)
            notifier.start()
    except (NnvizError, SQLAlchemyError) as error:
        log.warning("nobody is told of events: %s", error)
    try:
        yield
    finally:
        if notifier is not None:
            notifier.stop()
