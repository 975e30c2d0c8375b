"""An empty store for each test."""

import pytest

from nnviz.store import Store


@pytest.fixture
def store(tmp_path):
    found = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield found
    found.close()
