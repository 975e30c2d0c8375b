"""The live elements in a real browser, while a worker appends."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest

from nnviz.stream import assets
from tests.stream.conftest import Site
from tests.stream.runs import Worker

pytestmark = pytest.mark.e2e


@contextmanager
def training(worker: Worker, *, pause: float = 0.1, frames: bool = True) -> Iterator[threading.Event]:
    """Appends an epoch every `pause` seconds, in a thread, until the block ends."""
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            worker.epochs(frame=frames)
            over.wait(pause)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield over
    finally:
        over.set()
        thread.join()


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    errors = page.errors
    context.close()
    assert errors == []


def live(tab: Any) -> Any:
    return tab.locator(".nv-live:has(.nv-curves)")


def live_state(tab: Any, name: str) -> Any:
    return live(tab).evaluate(f"node => node.dataset.{name}")


def wait_for(tab: Any, script: str, *, seconds: float = 60) -> None:
    tab.wait_for_function(
        f"() => {{ const live = document.querySelector('.nv-live:has(.nv-curves)'); return live && ({script}); }}",
        timeout=seconds * 1000,
    )


POINTS = "+live.dataset.points"


def drag(tab: Any) -> list[float]:
    box = tab.locator(".nv-plot .nsewdrag").first.bounding_box()
    tab.mouse.move(box["x"] + box["width"] * 0.02, box["y"] + box["height"] * 0.2)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.8, steps=6)
    tab.mouse.up()
    wait_for(tab, "live.dataset.zoom !== 'null'")
    return shown_range(tab)


def shown_range(tab: Any) -> list[float]:
    return tab.locator(".nv-plot").first.evaluate("node => node._fullLayout.xaxis.range")


def test_points_grow_the_plane_is_painted_and_the_zoom_survives(site: Site, tab: Any) -> None:
    worker = Worker(site.store)
    with training(worker):
        tab.goto(f"{site.url}/?run={worker.run}&plane=1")
        wait_for(tab, f"{POINTS} > 20 && +live.dataset.updates >= 3")
        before = int(live_state(tab, "points"))
        wait_for(tab, f"{POINTS} > {before + 60}")

        colours = tab.locator(".nv-learned .nv-stage canvas").evaluate("""node => {
            const pixels = node.getContext("2d").getImageData(0, 0, node.width, node.height).data;
            const found = new Set();
            for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3]) found.add(`${pixels[i] >> 4},${pixels[i + 2]
            >> 4}`); return found.size;
        }""")
        assert colours > 10
        step = int(tab.locator(".nv-learned").get_attribute("data-frame-step"))
        tab.wait_for_function(f"() => +document.querySelector('.nv-learned').dataset.frameStep > {step}")

        zoomed = drag(tab)
        assert zoomed[1] < 60
        updates = int(live_state(tab, "updates"))
        wait_for(tab, f"+live.dataset.updates > {updates + 10}")
        assert shown_range(tab) == pytest.approx(zoomed)
        tab.get_by_role("button", name="Rerun the page").click()
        updates = int(live_state(tab, "updates"))
        wait_for(tab, f"+live.dataset.updates > {updates + 5}")
        assert shown_range(tab) == pytest.approx(zoomed)

        box = tab.locator(".nv-plot .nsewdrag").first.bounding_box()
        tab.mouse.dblclick(box["x"] + 60, box["y"] + 60)
        wait_for(tab, "live.dataset.zoom === 'null'")
        assert int(live_state(tab, "latencyMs")) < 1000


def test_the_strip_shows_progress_and_its_buttons_act_without_a_rerun(site: Site, tab: Any) -> None:
    worker = Worker(site.store)
    with training(worker, frames=False):
        tab.goto(f"{site.url}/?run={worker.run}")
        strip = tab.locator(".nv-status")
        strip.locator(".nv-words", has_text="training").wait_for()
        strip.locator(".nv-speed", has_text="epochs/s").wait_for()
        strip.locator(".nv-left", has_text="left").wait_for()
        strip.get_by_role("button", name="Watch").click()
        strip.locator("[data-pace=watch][aria-pressed=true]").wait_for()
        until(lambda: site.store.runs.control(worker.run).pace == "watch")
        strip.get_by_role("button", name="Pause").click()
        until(lambda: site.store.runs.control(worker.run).pace == "step")
        strip.get_by_role("button", name="Play").wait_for()
        allowed = site.store.runs.control(worker.run).steps_allowed or 0
        strip.get_by_role("button", name="Step", exact=True).click()
        until(lambda: (site.store.runs.control(worker.run).steps_allowed or 0) > allowed)
        strip.get_by_role("button", name="Stop").click()
        until(lambda: site.store.runs.control(worker.run).stop)
    worker.finish("stopped")
    strip.locator(".nv-words", has_text="stopped").wait_for()
    tab.locator(".nv-events", has_text="Stopped").wait_for()


def test_a_long_sentence_of_the_end_moves_nothing_and_classes_are_named_by_their_colours(site: Site, tab: Any) -> None:
    worker = Worker(site.store, early_stopping={"patience": 20})
    worker.epochs(40, frame=True)
    tab.set_viewport_size({"width": 700, "height": 900})
    tab.goto(f"{site.url}/?run={worker.run}&plane=1")
    strip = tab.locator(".nv-status")
    strip.locator(".nv-words", has_text="training").wait_for()
    button = strip.get_by_role("button", name="Pause").bounding_box()["height"]
    worker.finish(info={"early_stop_epoch": 40, "kept_epoch": 20})
    strip.locator(".nv-words", has_text="Ended early at epoch 40: validation loss has not fallen for 20 epochs").wait_for()
    strip.locator(".nv-ending", has_text="weights of epoch 20 are used").wait_for()
    assert strip.bounding_box()["height"] == button
    assert tab.locator(".nv-class").all_inner_texts() == ["0", "1"]
    colours = tab.locator(".nv-class i").evaluate_all("all => all.map(one => getComputedStyle(one).backgroundColor)")
    assert colours == ["rgb(37, 99, 235)", "rgb(234, 88, 12)"]


def test_the_strip_says_of_a_run_that_was_stopped_while_it_read_that_nothing_was_trained(site: Site, tab: Any) -> None:
    worker = Worker(site.store)
    site.store.runs.set_phase(worker.run, worker.attempt, "reading, column 3 of 9")
    tab.goto(f"{site.url}/?run={worker.run}")
    words = tab.locator(".nv-status .nv-words")
    words.filter(has_text="reading, column 3 of 9 (").wait_for()
    worker.finish("stopped")
    words.filter(has_text="Stopped by hand before the first step").wait_for()
    tab.locator(".nv-events", has_text="Stopped by hand before the first step").wait_for()


def until(reached: Any, *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_waiting_is_honest(site: Site, tab: Any) -> None:
    tab.goto(site.url)
    tab.locator(".nv-empty", has_text="Press Train").wait_for()
    assert "Accuracy" in tab.locator(".nv-panel").nth(1).inner_text()
    tab.goto(f"{site.url}/?task=regression")
    tab.locator(".nv-panel", has_text="MAE").wait_for()
    worker = Worker(site.store)
    site.store.runs.set_phase(worker.run, worker.attempt, "compiling")
    tab.goto(f"{site.url}/?run={worker.run}")
    tab.locator(".nv-empty", has_text="compiling (").wait_for()
    worker.epochs(2)
    site.store.series.append(worker.run, worker.attempt, step=worker.step, epoch=2.0, seconds=1.0, phase="scoring")
    tab.locator(".nv-words", has_text="trained, measuring the result").wait_for()
    site.store.runs.set_control(worker.run, stop=True)
    tab.locator(".nv-words", has_text="stopped, measuring the result").wait_for()


def test_it_goes_on_where_it_was_when_the_server_comes_back(site: Site, tab: Any) -> None:
    worker = Worker(site.store)
    worker.epochs(5)
    tab.goto(f"{site.url}/?run={worker.run}")
    wait_for(tab, f"{POINTS} === {5 * 4 + 2 * 50}")
    site.stop()
    try:
        tab.locator(".nv-link", has_text="reconnecting").wait_for()
        worker.epochs(5)
    finally:
        site.start()
    wait_for(tab, f"{POINTS} === {10 * 4 + 2 * 100}")
    # the count above says that no step came twice; the lines, that each epoch came once and in order
    epochs = tab.locator(".nv-plot").first.evaluate("node => node.data.find((one) => one.name === 'training').x")
    assert epochs == list(range(1, 11))


@pytest.mark.parametrize("shape", ["Math.exp(-i / 1000)", "i % 4 < 2 ? 0 : 1", "1"])
def test_a_long_curve_is_thinned_evenly_and_keeps_its_spikes(site: Site, tab: Any, shape: str) -> None:
    tab.goto(site.url)
    x, y = tab.evaluate(
        f"""async place => {{
        const {{ Curve }} = await import(place);
        const curve = new Curve();
        for (let at = 0; at < 6000; at += 50) {{
            const part = Array.from({{ length: 50 }}, (_, k) => at + k);
            curve.append(part.map(i => 19 * (i + 1)), part, part, part.map(i => i === 1234 ? 9 : i === 4321 ? -9 : {shape}));
        }}
        return [curve.epoch, curve.value];
    }}""",
        assets.url("live/run/curve.js"),
    )
    assert 250 < len(x) <= 1000
    assert (x[0], x[-1]) == (0, 5999)
    assert max(after - before for before, after in pairwise(x)) < 6000 / 50
    assert (y[x.index(1234)], y[x.index(4321)]) == (9, -9)


def test_two_runs_in_one_panel(site: Site, tab: Any) -> None:
    one, two = Worker(site.store), Worker(site.store)
    one.epochs(8)
    tab.goto(f"{site.url}/?run={one.run},{two.run}&compare=1")
    with training(two, frames=False):
        wait_for(tab, f"{POINTS} > {8 * 4 + 2 * 80 + 60}")
    tab.locator(".nv-run").nth(1).wait_for()
    assert tab.locator(".nv-plot").evaluate("node => new Set(node.data.map((trace) => trace.line.color)).size") >= 2
    tab.locator(".nv-run").first.click()
    tab.locator(".nv-run[aria-pressed=false]").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_theme(site: Site, chromium: Any, scheme: str) -> None:
    worker = Worker(site.store)
    worker.epochs(5)
    tab = chromium.new_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
    tab.goto(f"{site.url}/?run={worker.run}")
    wait_for(tab, f"live.dataset.theme === '{scheme}' && {POINTS} > 0")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [panel.bounding_box() for panel in tab.locator(".nv-panel").all()]
    assert boxes[1]["y"] > boxes[0]["y"] + 100
    tab.close()
