"""What is on the disk, counted in a thread: over many runs that takes seconds, which no page waits for."""

import threading
import time

import streamlit as st

from nnviz.store import Store, Usage

FRESH_SECONDS = 10
"""How long a count is taken for new; one that took long, twenty times as long as it took."""
WAIT_SECONDS = 0.15
"""How long a page waits for the first count."""


class Counter:
    """Counts what a store takes, again where the last count is old."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._usage: Usage | None = None
        self._until = 0.0
        self._generation = 0
        self._thread: threading.Thread | None = None

    def latest(self) -> Usage | None:
        """The last count; None while there is none yet."""
        if time.monotonic() > self._until and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._count, args=(self._generation,), daemon=True, name="nnviz-disk-usage")
            self._thread.start()
        if self._usage is None and self._thread is not None:
            self._thread.join(WAIT_SECONDS)
        return self._usage

    def forget(self) -> None:
        """Something is there, or gone, of which no count knows yet."""
        self._generation += 1
        self._usage, self._until, self._thread = None, 0.0, None

    def _count(self, generation: int) -> None:
        start = time.monotonic()
        usage = self._store.disk.usage()
        if generation == self._generation:
            now = time.monotonic()
            self._usage, self._until = usage, now + max(FRESH_SECONDS, 20 * (now - start))


@st.cache_resource(show_spinner=False, max_entries=4)
def counter(_store: Store, url: str) -> Counter:
    """The one of the store at `url`."""
    return Counter(_store)


def usage_of(store: Store) -> Usage | None:
    """What takes how much; None while that is being counted for the first time."""
    return counter(store, store.url).latest()


def count_anew(store: Store) -> None:
    """Something was imported or removed."""
    counter(store, store.url).forget()
