"""One store with two trained runs for all tests of this folder."""

import pytest


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    from tests.jobs.predictions.flowers import Place  # with TensorFlow

    return Place(tmp_path_factory.mktemp("answering"))
