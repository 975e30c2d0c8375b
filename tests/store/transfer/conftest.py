"""A packed run with rows in every table, and the check that a changed one is refused."""

import pytest

from nnviz.errors import RequestError
from nnviz.store import Store
from tests.store.packed_runs import PackedParts, nothing
from tests.store.transfer.test_pack import trained


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A packed run of a group, with rows in every table."""
    folder = tmp_path_factory.mktemp("good")
    store = Store(f"sqlite:///{folder}/here.db")
    store.packs.pack(trained(store, group=True), folder / "good.nnviz")
    store.close()
    return folder / "good.nnviz"


@pytest.fixture
def packed(good):
    return PackedParts(good)


@pytest.fixture
def refused(store, tmp_path):
    def check(path, *words):
        with pytest.raises(RequestError) as error:
            store.packs.unpack(path)
        for word in words:
            assert word in str(error.value), error.value
        nothing(store, tmp_path)

    return check
