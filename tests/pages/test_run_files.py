"""The Runs page: sizes, pins, export and import."""

from nnviz.plain_text import size_text
from nnviz.store import Store
from nnviz.ui.runs import files
from nnviz.ui.runs.disk import count_anew
from nnviz.ui.runs.files import usage_text
from tests.pages.example_runs import gallery
from tests.pages.test_runs import choose, texts


def test_what_is_on_the_disk_is_said(open_page, store):
    ids = gallery(store)
    store.blobs.put(b"u" * 30_000)
    page = open_page("runs")
    (line,) = [element.value for element in page.caption if "on the disk" in element.value]
    assert "files not used by a run 30.0 kB" in line
    assert "deleted" not in line
    page = choose(page, store, ids["wine"])
    page.button(key="runs.delete").click().run()
    count_anew(store)
    page.run()
    assert any("deleted" in element.value for element in page.caption)
    page.button(key="runs.purge").click().run()
    assert store.disk.usage().deleted == 0
    assert ids["wine"] not in store.disk.usage().runs
    assert usage_text(store.disk.usage()).startswith(size_text(store.disk.usage().total))


def test_pinned_runs_are_asked_about(open_page, store):
    ids = gallery(store)
    page = choose(open_page("runs"), store, ids["wine"])
    page.button(key="runs.pin").click().run()
    assert store.runs.get(ids["wine"]).is_pinned
    page = choose(open_page("runs"), store, ids["wine"], ids["adam"], ids["sgd"])
    page.button(key="runs.delete").click().run()
    assert len(store.runs.list_runs()) == len(ids)
    assert "1 of the chosen runs is pinned." in texts(page)
    page.button(key="runs.delete_others").click().run()
    left = {run.id for run in store.runs.list_runs()}
    assert ids["wine"] in left
    assert left.isdisjoint({ids["adam"], ids["sgd"]})
    assert "2 runs deleted." in texts(page)
    assert not any("pinned" in text for text in texts(page))


def test_a_run_is_exported_and_comes_back_elsewhere(open_page, store, tmp_path):
    ids = gallery(store)
    page = choose(open_page("runs"), store, ids["wine"])
    page.button(key="runs.pack").click().run()
    assert not page.exception
    packed = page.session_state["runs.packed"]
    assert packed.name == f"{ids['wine']}.nnviz"
    assert packed.size == len(store.blobs.get(packed.sha256))
    other = Store(f"sqlite:///{tmp_path}/other.db")
    sha256 = other.blobs.put(store.blobs.get(packed.sha256))
    assert files._import(other, sha256, packed.name) == "wine, small net was imported."
    assert other.series.history(ids["wine"]) == store.series.history(ids["wine"])
    assert files._import(other, sha256, packed.name) == "The run wine, small net is here already."
    refused = files._import(other, other.blobs.put(b"no zip"), "x.nnviz")
    assert "no packed run" in str(refused)
