"""The history under the curves in a real browser, answered by a worker of this process."""

import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from filelock import FileLock

from nnviz.jobs.launcher import lock_path
from nnviz.jobs.worker.loop import WorkerLoop
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.serving import ROOT, Server

pytestmark = pytest.mark.e2e

SPEC = RunSpec.parse(
    {
        "data": {"kind": "synthetic", "name": "spirals", "samples": 90},
        "layers": [{"kind": "Dense", "units": 6, "activation": "tanh"}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.02},
        "training": {"epochs": 60, "batch_size": 16},
    }
)


class Helper(threading.Thread):
    """Does the jobs of a store, as a worker would."""

    def __init__(self, store: Store) -> None:
        super().__init__(daemon=True)
        self.store, self.over = store, threading.Event()
        self.kinds: list[str] = []

    def run(self) -> None:
        worker = WorkerLoop(self.store, "here", training_at_once=1)
        while not self.over.is_set():
            worker._beat("idle")
            job = self.store.jobs.claim("here", training_at_once=1)
            if job is None:
                time.sleep(0.01)
                continue
            self.kinds.append(job.kind)
            worker.do(job)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server whose supervisor seems to be there already, so that no other worker is started, and a trained run."""
    home = tmp_path_factory.mktemp("past")
    before = os.environ.get("NNVIZ_HOME")
    os.environ["NNVIZ_HOME"] = str(home)
    server = Server(
        home, script=ROOT / "tests" / "stream" / "live_app.py", environment={"NNVIZ_STORE": f"sqlite:///{home}/nnviz.db"}
    )
    store = Store(server.store_url)
    helper = Helper(store)
    run = store.runs.create(SPEC)
    store.jobs.add("train", run_id=run)
    with FileLock(lock_path(store.url), timeout=0):
        helper.start()
        server.start()
        while not store.runs.get(run).is_ended:
            time.sleep(0.05)
        server.run, server.helper = run, helper  # type: ignore[attr-defined]
        yield server
        server.stop()
        helper.over.set()
        helper.join()
    store.close()
    os.environ.pop("NNVIZ_HOME") if before is None else os.environ.update(NNVIZ_HOME=before)


IS_DRAWN = """() => {
    const [back, learned] = [document.querySelector('.nv-scrubber'), document.querySelector('.nv-learned')];
    return back?.dataset.ready === 'true' && back.dataset.step === learned.dataset.frameStep;
}"""


def data(page: Any, of: str, name: str) -> str:
    return str(page.locator(of).evaluate(f"node => node.dataset.{name}"))


def pixels(page: Any) -> list[int]:
    return page.locator(".nv-learned .nv-stage canvas").evaluate("""node => {
        const { data } = node.getContext('2d').getImageData(0, 0, node.width, node.height);
        return Array.from(data.filter((_, i) => i % 97 === 0));
    }""")


def opened(site: Any, page: Any) -> None:
    """With its charts: until they are there the element is built anew."""
    page.goto(f"{site.url}/?run={site.run}")
    page.wait_for_function(
        "() => document.querySelector('.nv-plot .nsewdrag') && +document.querySelector('.nv-scrubber')?.dataset.moments > 20"
    )


def test_a_drag_shows_another_moment_everywhere_and_latest_comes_back(site: Any, page: Any) -> None:
    opened(site, page)
    last = site_steps(site)[-1]
    page.wait_for_function(f"() => +document.querySelector('.nv-learned').dataset.frameStep === {last}")
    assert data(page, ".nv-scrubber", "step") == "-1"
    latest, cursor = pixels(page), page.locator(".nv-cursor").first
    assert not cursor.is_visible()

    slider = page.locator(".nv-scrubber input")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    page.wait_for_function(IS_DRAWN)
    step = int(data(page, ".nv-scrubber", "step"))
    assert step in site_steps(site)
    assert step == pytest.approx(last * 0.25, rel=0.12)
    assert pixels(page) != latest
    # the cursor stands at the moment's epoch, the numbers beside the titles are those of then, the end lies ahead
    axis = page.locator(".nv-plot").first.evaluate("node => [node._fullLayout.xaxis._offset, node._fullLayout.xaxis._length]")
    assert float(cursor.evaluate("node => parseFloat(node.style.left)")) == pytest.approx(axis[0] + step / last * axis[1], abs=1)
    assert page.locator(".nv-learned .nv-then").inner_text().startswith("epoch ")
    row = min(Store(site.store_url).series.history(site.run), key=lambda row: abs(row["step"] - step))
    if row["step"] == step:
        assert page.locator(".nv-value").first.inner_text() == f"{row['loss']:.3f}"
    assert page.locator(".nv-events .nv-later").count() == 1

    slider.focus()
    page.keyboard.press("ArrowRight")
    steps = site_steps(site)
    page.wait_for_function(f"() => +document.querySelector('.nv-learned').dataset.frameStep === {steps[steps.index(step) + 1]}")
    page.get_by_role("button", name="Latest").click()
    page.wait_for_function(f"() => +document.querySelector('.nv-learned').dataset.frameStep === {last}")
    assert data(page, ".nv-scrubber", "step") == "-1"
    assert pixels(page) == latest
    assert not cursor.is_visible()
    assert page.locator(".nv-events .nv-later").count() == 0


def test_the_film_plays_forwards_to_the_latest_and_a_rerun_keeps_the_moment(site: Any, page: Any) -> None:
    opened(site, page)
    page.locator(".nv-scrubber .nv-tiny", has_text="1×").click()
    page.locator(".nv-scrubber .nv-tiny", has_text="2×").click()
    page.evaluate("""() => {
        window.seen = [];
        const learned = document.querySelector('.nv-learned');
        const changes = new MutationObserver(() => window.seen.push(+learned.dataset.frameStep));
        changes.observe(learned, { attributeFilter: ['data-frame-step'] });
    }""")
    page.locator(".nv-film").click()
    page.wait_for_function("() => window.seen.length > 15")
    page.locator(".nv-film").click()
    seen = [step for step in page.evaluate("window.seen") if step < site_steps(site)[-1]]
    assert len(set(seen)) > 10
    assert seen == sorted(seen)
    page.wait_for_function(IS_DRAWN)
    step = data(page, ".nv-scrubber", "step")
    page.get_by_role("button", name="Rerun the page").click()
    page.wait_for_timeout(500)
    assert data(page, ".nv-scrubber", "step") == data(page, ".nv-learned", "frameStep") == step
    page.locator(".nv-scrubber input").press("End")
    page.locator(".nv-scrubber input").press("ArrowLeft")
    page.locator(".nv-film").click()
    page.wait_for_function("() => document.querySelector('.nv-scrubber').dataset.step === '-1'")


def site_steps(site: Any) -> list[int]:
    store = Store(site.store_url)
    steps = [snapshot.step for snapshot in store.snapshots.of_run(site.run)]
    store.close()
    return steps
