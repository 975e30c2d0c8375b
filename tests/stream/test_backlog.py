import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nnviz.store import Store
from nnviz.stream import backlog as module
from nnviz.stream.backlog import backlog, read_ahead
from tests.stream.runs import Worker, make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = make_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def ended(store: Store) -> Worker:
    worker = Worker(store)
    worker.epochs(3)
    store.runs.finish(worker.run, worker.attempt, "finished")
    return worker


def test_it_holds_what_was_written(store: Store) -> None:
    worker = Worker(store)
    for count in (1, 2):
        values = worker.epochs(1)
        steps, _epochs = backlog(store, store.runs.get(worker.run))
        np.testing.assert_array_equal(np.frombuffer(steps["loss"]["value"], "<f4")[-len(values) :], values)
        assert len(steps["loss"]["value"]) == 4 * 10 * count


def test_what_is_read_ahead_is_not_read_again(store: Store, ended: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    run, read, calls = store.runs.get(ended.run), module._read, []

    def slowly(*arguments):
        calls.append(arguments)
        time.sleep(0.2)
        return read(*arguments)

    monkeypatch.setattr(module, "_read", slowly)
    read_ahead(store, run)
    while not calls:
        time.sleep(0.01)
    first = backlog(store, run)
    assert first == read(store, ended.run)
    assert backlog(store, run) is first
    assert len(calls) == 1


def test_what_could_not_be_read_is_tried_again(store: Store, ended: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    run, read = store.runs.get(ended.run), module._read
    with monkeypatch.context() as broken:
        broken.setattr(module, "_read", lambda *_: 1 / 0)
        read_ahead(store, run)
        with pytest.raises(ZeroDivisionError):
            backlog(store, run)
    assert backlog(store, run) == read(store, ended.run)
