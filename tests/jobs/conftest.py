"""A store that a file's tests share, and what trains its runs without a worker."""

import os

import pytest

from nnviz.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    before = os.environ.get("NNVIZ_HOME")
    os.environ["NNVIZ_HOME"] = str(folder)
    store = Store(f"sqlite:///{folder}/nnviz.db")
    yield store
    store.close()
    os.environ.pop("NNVIZ_HOME") if before is None else os.environ.update(NNVIZ_HOME=before)


@pytest.fixture
def fresh_reader(monkeypatch):
    """The process that reads files is started anew, with the environment that the test has set by then."""
    from nnviz.jobs.worker.reader import client

    monkeypatch.setattr(client, "_mine", None)


@pytest.fixture(scope="module")
def trainer(store):
    from nnviz.jobs.worker.training.train import Trainer  # with TensorFlow: not for files that need none

    return Trainer(store)
