"""A replay in a real browser: a file that opens without a server and without a network, and shows the page's numbers."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from nnviz import jobs
from nnviz.spec import RunSpec
from nnviz.store import Store
from nnviz.ui.common import session
from nnviz.ui.train import replay_file
from tests.conftest import screenshot
from tests.e2e.test_main_line import wait_until_ended
from tests.serving import Server

pytestmark = pytest.mark.e2e

MOST_BYTES = 2_000_000
EVIL = "</script><script>window.hacked = 1</script><!--<script>"
IMAGE = "<img src=x onerror='window.hacked = 2'>"
NUMBERS = "() => [...document.querySelectorAll('.nv-value')].map((node) => node.textContent)"
AT = "step => document.querySelector('.nv-scrubber')?.dataset.step === String(step)"
READY = AT.replace("=== String(step)", "=== String(step) && document.querySelector('.nv-scrubber').dataset.ready === 'true'")
SLIDE = """(range, step) => { range.value = step; range.dispatchEvent(new Event("input")); }"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
INK = """(node) => {
    const pixels = node.getContext("2d").getImageData(0, 0, node.width, node.height).data;
    return new Set(new Uint32Array(pixels.buffer)).size; }"""


PLAYED = """async (packed) => {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const video = document.createElement("video");
    Object.assign(video, { muted: true, src: URL.createObjectURL(new Blob([bytes], { type: "video/webm" })) });
    await new Promise((ready, failed) => Object.assign(video, { onloadeddata: ready, onerror: failed }));
    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    Object.assign(pen.canvas, { width: video.videoWidth, height: video.videoHeight });
    const pictures = [];
    for (const time of [0.05, video.duration - 0.5]) {
        const seen = new Promise((done) => { video.onseeked = done; });
        video.currentTime = time;
        await seen;
        pen.drawImage(video, 0, 0);
        pictures.push(new Uint32Array(pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height).data.buffer));
    }
    const [first, last] = pictures;
    return {
        duration: video.duration, width: video.videoWidth, colours: pictures.map((picture) => new Set(picture).size),
        changed: first.reduce((sum, pixel, i) => sum + Number(pixel !== last[i]), 0),
    }; }"""


@contextmanager
def opened(browser: Browser, path: Path) -> Iterator[Page]:
    """The file in a browser without a network; it fails the test where anything is asked for or goes wrong."""
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": 1440, "height": 1400}, offline=True)
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("request", lambda sent: wrong.append(sent.url) if not sent.url.startswith(("blob:", path.as_uri())) else None)
    page.goto(path.as_uri())
    page.wait_for_selector(".nv-scrubber[data-moments]", timeout=20_000)
    yield page
    context.close()
    assert not wrong, wrong


def numbers(page: Page, step: int) -> list[str]:
    """Loss and accuracy over the curves, of training and of validation rows, after a step."""
    page.get_by_label("Recorded step").evaluate(SLIDE, step)
    page.wait_for_function(READY, arg=step)
    page.evaluate(DRAWN)
    return page.evaluate(NUMBERS)  # type: ignore[no-any-return]


def text(metric: str, value: float) -> str:
    return f"{100 * value:.1f} %" if "accuracy" in metric else f"{value:.3f}"


def test_the_replay_of_the_first_run_shows_the_numbers_of_its_page(
    page: Page, browser: Browser, dashboard: Server, tmp_path: Path
) -> None:
    store = Store(dashboard.store_url)
    run = jobs.start_run(store, session.fresh(session.FIRST_DATASET).spec().with_("training.epochs", 100))
    wait_until_ended(store, run)
    page.goto(f"{dashboard.url}/?run={run}&views=network")
    page.get_by_role("button", name="Save replay").click()
    link = page.get_by_role("link", name="Download")
    link.wait_for(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    path = tmp_path / "replay.html"
    download.value.save_as(path)
    assert path.stat().st_size <= MOST_BYTES
    page.keyboard.press("Escape")
    recorded = {int(row["step"]): row for row in store.series.history(run)}
    store.close()
    with opened(browser, path) as replay:
        moments = replay.evaluate("() => Number(document.querySelector('.nv-scrubber').dataset.moments)")
        assert moments == 60
        assert "Showing 60 of " in replay.locator("header").first.inner_text()
        steps = every_step(replay)
        assert len(steps) == 60
        both = [step for step in steps if step in recorded]
        assert len(both) >= 3, "moments at the end of an epoch have recorded numbers"
        for step in both:
            row = recorded[step]
            assert numbers(replay, step) == [text(name, row[name]) for name in ("loss", "val_loss", "accuracy", "val_accuracy")]
        for step in (steps[7], steps[31], steps[-1]):
            assert numbers(replay, step) == numbers(page, step)
        drawn(replay, steps[31])
        screenshot(replay, "replay")


def every_step(replay: Page) -> list[int]:
    """The moments, gone through by the keyboard."""
    replay.get_by_label("Recorded step").focus()
    replay.keyboard.press("Home")
    steps = []
    while True:
        step = int(replay.locator(".nv-scrubber").get_attribute("data-step") or -1)
        if steps and step == steps[-1]:
            return steps
        steps.append(step)
        replay.keyboard.press("ArrowRight")


def drawn(replay: Page, step: int) -> None:
    """Curves, plane and network have ink on them, of this moment."""
    numbers(replay, step)
    replay.wait_for_function("step => document.querySelector('[data-view=network]').dataset.step === String(step)", arg=step)
    assert replay.locator(".nv-learned").get_attribute("data-frame-step") == str(step)
    for canvas in (".nv-small-plot >> nth=0", ".nv-small-plot >> nth=1", ".nv-learned canvas", ".nv-network canvas >> nth=0"):
        assert replay.locator(canvas).evaluate(INK) > 20, canvas


def test_names_that_are_markup_stay_names(browser: Browser, dashboard: Server, tmp_path: Path) -> None:
    store = Store(dashboard.store_url)
    lines = [f'"{IMAGE}","b{EVIL}","what"', *(f'{i % 7},{i % 5},"{EVIL if i % 7 > 3 else IMAGE}"' for i in range(60))]
    sha256 = store.blobs.put("\n".join(lines).encode())
    run = jobs.start_run(store, hostile_spec(sha256))
    wait_until_ended(store, run)
    assert store.runs.get(run).status == "finished", store.runs.get(run).error
    made: Any = jobs.wait(store, jobs.submit(store, "replay", run_id=run, payload={"views": {"results": {}}}))
    path = tmp_path / "hostile.html"
    path.write_text(replay_file.replay_file(store, store.runs.get(run), made))
    store.close()
    with opened(browser, path) as replay:
        numbers(replay, made["steps"][0])
        assert replay.title().startswith("</title><script>")
        assert EVIL[:20] in replay.locator("body").inner_text()
        assert replay.evaluate("() => [window.hacked, document.querySelectorAll('script, img').length]") == [None, 4]
        plays(browser, video_of(replay, tmp_path), moments=len(made["steps"]))


def video_of(replay: Page, folder: Path) -> Path:
    with replay.expect_download(timeout=60_000) as download:
        replay.get_by_role("button", name="Save as video").click()
    path = folder / "run.webm"
    download.value.save_as(path)
    return path


def plays(browser: Browser, path: Path, *, moments: int) -> None:
    """A browser plays the video: as long as its moments take, with pictures that are drawn and differ."""
    page = browser.new_page()
    video = page.evaluate(PLAYED, base64.b64encode(path.read_bytes()).decode())
    page.close()
    assert video["duration"] == pytest.approx(0.12 * (moments - 1) + 2.4, abs=0.01)
    assert video["width"] == 1280
    assert all(colours > 100 for colours in video["colours"])
    assert video["changed"] > 500, "pixels that differ between the first and the last picture"


def hostile_spec(sha256: str) -> RunSpec:
    return RunSpec.parse(
        {
            "name": f"</title>{EVIL[9:]}",
            "data": {"kind": "file", "path": f"{IMAGE}.csv", "sha256": sha256, "target": "what"},
            "layers": [{"kind": "Dense", "units": 4, "activation": "relu"}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam", "learning_rate": 0.01},
            "training": {"epochs": 3},
        }
    )
