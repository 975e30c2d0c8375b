"""Data sets and compiled networks that a worker has at hand for its runs."""

import json
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

from nnviz import data, engine
from nnviz.jobs.launcher import key_of
from nnviz.jobs.worker import dataset
from nnviz.spec import RunSpec
from nnviz.store import Store

SETS = 4
SESSIONS = 8


class Stock:
    """The last data sets that were read and the last networks that were compiled. May be asked by several threads: each data
    set is read once, and one network is compiled at a time."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.compilations = 0
        self._lock = threading.Lock()
        self._reading: dict[str, threading.Lock] = {}
        self._building = threading.Lock()
        self._sets: OrderedDict[str, data.Prepared] = OrderedDict()
        self._sessions: OrderedDict[str, engine.Session] = OrderedDict()

    @property
    def keys(self) -> list[str]:
        """Of the networks, see `key_of`."""
        return list(self._sessions)

    def data(self, spec: RunSpec, *, on_read: Any = None) -> data.Prepared:
        """`on_read` as in `dataset.load`, also without words. Raises what `dataset.load` raises."""
        record = spec.model_dump(mode="json")
        # Of the layers, only an Embedding changes how data is prepared.
        embeds = '"Embedding"' in json.dumps(record["layers"])
        key = repr((record["data"], record["split"], record["cost"]["kind"], embeds, _stamp(record["data"])))
        with self._lock:
            reading = self._reading.setdefault(key, threading.Lock())
        with reading:
            try:
                prepared = self._sets.get(key)
                if prepared is None:
                    prepared = dataset.load(self.store, spec, on_read=on_read, tick=on_read)
            finally:
                with self._lock:
                    self._reading.pop(key, None)
            with self._lock:
                _put(self._sets, key, prepared, most=SETS)
        return prepared

    def session(self, spec: RunSpec) -> engine.Session:
        """The network of a spec, compiled: one for all runs of its form, which use it in turns."""
        key, prepared = key_of(spec), self.data(spec)
        with self._building:
            session = self._sessions.get(key)
            # folds may differ by a row or, along time, by many: then the loop is another one
            if session is None or session.form != engine.form(spec, prepared):
                session = engine.prepare(spec, prepared)
                self.compilations += 1
            with self._lock:
                _put(self._sessions, key, session, most=SESSIONS)
        return session


def _put(cache: OrderedDict[str, Any], key: str, thing: Any, *, most: int) -> None:
    cache[key] = thing
    cache.move_to_end(key)
    if len(cache) > most:
        cache.popitem(last=False)


def _stamp(block: dict[str, Any]) -> tuple[int, int] | None:
    """Size and time of a file that is read where it lies: once it has changed, its rows are others."""
    path = Path(block["path"]) if block["kind"] == "file" and not block.get("sha256") else None
    if path is None or not path.is_file():
        return None
    known = path.stat()
    return known.st_size, known.st_mtime_ns
