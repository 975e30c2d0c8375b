"""The file of a replay: what stands in it for a reader, and that nothing of a user's is markup in it."""

import base64
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import msgpack
import pytest

from nnviz.store import Store
from nnviz.ui.train.replay_file import extent_lines, replay_file, run_lines, stored
from tests.pages.example_runs import Worker, spec

EVIL = "</script></title><script>alert(1)</script><!--"
MADE = {"steps": [0, 5], "of": 2, "views": ["network"], "left_out": [], "whole": 0, "limit": 30_000_000}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    yield store
    store.close()


def test_a_run_is_told_in_two_sentences(store: Store) -> None:
    run = store.runs.get(Worker(store, spec(data="spirals"), name="mine").train(2).finish())
    what, result = run_lines(run)
    assert what == (
        "Data: spirals. Layers: Dense 64 relu, Dense 32 relu. Cost: CrossEntropy. Optimizer: Adam 0.001, batches of 32 rows."
    )
    assert result.startswith("Finished: all 60 epochs. Validation loss ")
    assert re.fullmatch(r".*\. Validation loss [\d.]+, validation accuracy [\d.]+\s%\.", result)
    running = store.runs.get(Worker(store, spec(data="spirals"), name="mine").train(3).id)
    assert run_lines(running)[1].startswith("Saved at epoch 3, while it trained.")


def test_how_much_it_holds_is_told_with_the_limit() -> None:
    assert extent_lines(MADE) == ["It holds all 2 recorded moments."]
    assert extent_lines(MADE | {"of": 564}) == ["Showing 2 of 564 recorded moments."]
    assert extent_lines(MADE | {"of": 564, "whole": 75_400_000, "left_out": ["way", "cost"]}) == [
        "Showing 2 of 564 recorded moments.",
        "All open views at up to 60 moments would take about 75.4 MB, more than the 30.0 MB that a replay may have.",
        "Left out for that: A weight’s way, The cost.",
    ]


def test_what_users_wrote_is_data_and_never_markup(store: Store) -> None:
    run = store.runs.get(Worker(store, spec(data="spirals"), name=EVIL).train(2).finish())
    sha256 = store.blobs.put(gzip.compress(msgpack.packb({"moments": [], "views": {}})))
    made = MADE | {"sha256": sha256, "classes": [EVIL, "1"]}
    text = replay_file(store, run, made)
    assert EVIL not in text
    assert [len(re.findall(f"<{tag}[ >]", text)) for tag in ("script", "title", "body")] == [4, 1, 1]
    packed = re.search(r'id="page">([A-Za-z0-9+/=]+)</script>', text)
    assert packed is not None
    page = msgpack.unpackb(gzip.decompress(base64.b64decode(packed[1])))
    assert page["title"] == EVIL
    assert page["data"]["classes"] == [EVIL, "1"]
    assert page["data"]["opened"] == ["network"]
    assert [msgpack.unpackb(message)["type"] for message in page["opening"]][:2] == ["hello", "backlog"]
    file = stored(store, run, made)
    assert re.fullmatch(r"[\w-]+\.html", file["name"])
    assert store.blobs.get(file["sha256"]) == text.encode()
