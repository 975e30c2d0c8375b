"""The store of a test, in a home of its own."""

import pytest

from nnviz.store import Store


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("NNVIZ_HOME", str(tmp_path))
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield store
    store.close()
