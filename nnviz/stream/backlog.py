"""All points of a run so far, as a browser first gets them. Of a run that has ended they are read once, and may be asked for
ahead: by the page that will show it, while that page is still being drawn."""

import contextlib
import threading
from collections import OrderedDict
from concurrent.futures import Future

from nnviz.store import Run, Store
from nnviz.stream import messages
from nnviz.stream.messages import Columns

CACHED_RUNS = 8
"""Ended runs whose points stay in memory, some 200 KB each."""

Backlog = tuple[dict[str, Columns], dict[str, Columns]]

_cache: OrderedDict[tuple[str, str, int], "Future[Backlog]"] = OrderedDict()
_lock = threading.Lock()


def backlog(store: Store, run: Run) -> Backlog:
    """Series by step and metrics by epoch, at most 2,000 points each."""
    if not run.is_ended:
        return _read(store, run.id)
    key = (store.url, run.id, run.revision)
    with _lock:
        future = _cache.get(key)
        mine = future is None
        if future is None:
            future = _cache[key] = Future()
            while len(_cache) > CACHED_RUNS:
                _cache.popitem(last=False)
        _cache.move_to_end(key)
    if mine:
        try:
            future.set_result(_read(store, run.id))
        except BaseException as error:
            with _lock:
                _cache.pop(key, None)
            future.set_exception(error)
    return future.result()


def read_ahead(store: Store, run: Run) -> None:
    """Begins to read what a browser will soon ask for; returns at once."""
    if run.is_ended:
        threading.Thread(target=_quietly, args=(store, run), daemon=True, name="nnviz-backlog").start()


def _quietly(store: Store, run: Run) -> None:
    # the reader that needs it gets the error
    with contextlib.suppress(Exception):
        backlog(store, run)


def _read(store: Store, run_id: str) -> Backlog:
    steps = {name: messages.curve_columns(store.series.curve(run_id, name)) for name in store.series.names(run_id)}
    curves = store.series.epoch_curves(run_id, points=messages.BACKLOG_POINTS // 2)
    return steps, {name: messages.epoch_curve_columns(curve) for name, curve in curves.items()}
