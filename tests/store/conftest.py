"""An empty store for each test."""

import pytest

from nnviz.store import Store


@pytest.fixture
def store(tmp_path):
    opened = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield opened
    opened.close()
