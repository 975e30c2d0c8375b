"""The line everything hangs on: open the page, press Train, watch."""

import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Page, Route, TimeoutError as PlaywrightTimeout, expect

from nnviz import jobs
from nnviz.colours import DARK, LIGHT
from nnviz.store import Run, Store
from tests.conftest import screenshot
from tests.e2e.looks import check_lines, check_points
from tests.serving import Server

pytestmark = pytest.mark.e2e


def ready(page: Page, server: Server) -> None:
    """Opens the first page and waits until a warm worker stands by."""
    page.goto(server.url)
    expect(page.get_by_role("button", name="Train")).to_be_enabled(timeout=60_000)
    wait_for_workers(server)


def wait_for_workers(server: Server, *, count: int = 1, timeout: float = 120) -> None:
    """Waits until so many workers stand by, one of them for small networks, and nothing is left to do."""
    store = Store(server.store_url)
    end = time.monotonic() + timeout
    while (
        len(idle := [worker for worker in store.workers.list_workers() if worker.state == "idle"]) < count
        or store.jobs.open_jobs()
        or all(worker.tuning == "strong" for worker in idle)
    ):
        assert time.monotonic() < end, "no warm worker"
        time.sleep(0.1)
    store.close()


def shown_step(page: Page) -> int:
    return page.evaluate("Math.max(-1, ...[...document.querySelectorAll('[data-step]')].map(n => Number(n.dataset.step)))")


def wait_for_step(page: Page, step: int = 1, timeout: float = 60) -> None:
    page.wait_for_function(
        "step => [...document.querySelectorAll('[data-step]')].some(n => Number(n.dataset.step) >= step)",
        arg=step,
        timeout=timeout * 1000,
    )


def status(page: Page) -> str:
    return page.evaluate("[...document.querySelectorAll('[data-status]')].map(n => n.dataset.status).find(s => s) || ''")


def wait_for_status(page: Page, wanted: str, timeout: float = 90) -> None:
    page.wait_for_function(
        "wanted => [...document.querySelectorAll('[data-status]')].some(n => n.dataset.status === wanted)",
        arg=wanted,
        timeout=timeout * 1000,
    )


def wait_until_ended(store: Store, run_id: str, *, timeout: float = 120) -> None:
    end = time.monotonic() + timeout
    while not store.runs.get(run_id).is_ended:
        assert time.monotonic() < end, store.runs.get(run_id)
        time.sleep(0.1)


def train(page: Page) -> None:
    page.locator(".st-key-train button:visible").first.click()


def choose(page: Page, name: str, option: str) -> None:
    """In a list of Streamlit's. It closes while the page scrolls or is drawn anew, and is then opened again, as people do."""
    box, wanted = page.get_by_role("combobox", name=name), page.get_by_role("option", name=option, exact=True)
    box.scroll_into_view_if_needed()
    for _ in range(5):
        page.wait_for_timeout(300)
        box.click()
        with suppress(PlaywrightTimeout):
            wanted.click(timeout=4000)
            return
    raise AssertionError(f"{option} was never there to be chosen")


def run_of(page: Page) -> str:
    name: str = page.evaluate("new URL(location.href).searchParams.get('run') || ''")
    return name


def run_id(page: Page) -> str:
    page.wait_for_url("**run=*")
    return page.url.split("run=")[1].split("&")[0]


def an_edit_dims_the_results(page: Page) -> None:
    """Their pictures, until it is taken back; the words stay readable, and the line over them says whose they are, in the same
    place."""
    line, results = page.locator(".nv-whose"), page.locator(".st-key-results")
    expect(line).to_contain_text("Adam 0.01, 32-16")
    top = results.bounding_box()
    epochs = page.get_by_label("Epochs", exact=True)
    before = epochs.input_value()
    edits = (("77", f"You have changed epochs {before} → 77 since.", "saturate(0.2)"), (before, "", "none"))
    for value, words, look in edits:
        epochs.fill(value)
        epochs.press("Enter")
        expect(page.locator(".nv-since")).to_have_count(1 if words else 0)
        expect(line).to_contain_text(words)
        page.mouse.move(5, 5)
        expect(results).to_have_css("opacity", "1")
        expect(results.locator(".nv-learned .nv-stage canvas").first).to_have_css("filter", look)
        assert results.bounding_box() == top
        screenshot(page, f"train-edited-{look[:4]}")


@pytest.fixture(scope="module")
def watched(browser: Browser, dashboard: Server) -> Iterator[tuple[Run, int]]:
    """The default run as one watches it, opened, pressed and waited for: it, and the last step that the page showed."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    ready(page, dashboard)
    screenshot(page, "train-before")
    check_points(page, LIGHT.classes)
    page.emulate_media(color_scheme="dark")
    page.reload()  # Streamlit leaves a picture that is there in the colours of the theme before
    check_points(page, DARK.classes)
    page.emulate_media(color_scheme="light")
    ready(page, dashboard)
    place = page.locator(".st-key-train").bounding_box()
    page.get_by_role("button", name="Train").click()
    # one button: Pause stands where Train stood, as wide and as high
    pause = page.locator(".nv-status").get_by_role("button", name="Pause")
    expect(pause).to_be_visible()
    expect(page.locator(".st-key-train button")).to_be_hidden()
    assert place is not None
    assert (box := pause.bounding_box()) is not None
    for side in ("x", "y", "width", "height"):
        assert abs(box[side] - place[side]) <= 1, (side, box, place)
    wait_for_step(page, 50)
    screenshot(page, "train-running")
    wait_for_status(page, "finished")
    screenshot(page, "train-finished")
    check_lines(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".nv-live[data-theme=dark]:has(.nv-curves)")).to_be_visible()
    screenshot(page, "train-finished-dark")
    check_lines(page)
    page.emulate_media(color_scheme="light")
    expect(page.locator(".st-key-train button")).to_be_visible()
    an_edit_dims_the_results(page)
    yield Store(dashboard.store_url).runs.get(run_id(page)), shown_step(page)
    page.close()
    assert not errors, errors


def test_opening_and_pressing_train_shows_a_curve_until_it_is_done(watched: tuple[Run, int]) -> None:
    run, last_step = watched
    assert run.status == "finished"
    assert last_step == run.step
    assert run.metrics["val_accuracy"] >= 0.9


def test_every_number_of_the_chart_is_in_the_store(watched: tuple[Run, int], dashboard: Server) -> None:
    run, _ = watched
    store = Store(dashboard.store_url)
    history = store.series.history(run.id)
    assert history[-1]["step"] == run.step == len(store.series.curve(run.id, "batch_loss").value)
    assert {"loss", "val_loss", "accuracy", "val_accuracy"} <= set(history[-1])


def test_weights_are_the_same_at_every_pace(watched: tuple[Run, int], dashboard: Server) -> None:
    run, _ = watched
    store = Store(dashboard.store_url)
    fast = jobs.start_run(store, run.spec, pace="full")
    wait_until_ended(store, fast)
    assert run.weights == store.runs.get(fast).weights is not None


def the_draft_survives_a_reload_elsewhere(page: Page) -> None:
    """On a page that does not show it, whose own choices stand in the address, too."""
    page.get_by_role("link", name="Runs").click()
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    page.get_by_role("button", name="Stopped").click()
    page.wait_for_url(lambda url: "status=stopped" in url and "draft=" in url)
    page.reload()
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("100000")


def test_train_pressed_before_the_scripts_have_come_is_not_forgotten(page: Page, dashboard: Server) -> None:
    def late(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    page.route("**/live/live.js", late)
    page.goto(dashboard.url)
    page.locator(".st-key-train button:visible").first.click()
    page.get_by_role("button", name="Full speed").click()


def test_stop_stops_and_a_reload_shows_the_run_again(page: Page, dashboard: Server) -> None:
    ready(page, dashboard)
    # more epochs than pass while a slow machine loads the page again: a run that has ended cannot be stopped
    page.get_by_label("Epochs", exact=True).fill("100000")
    page.get_by_label("Epochs", exact=True).press("Enter")
    train(page)
    wait_for_step(page, 20)
    seen = shown_step(page)
    page.reload()
    wait_for_step(page, seen)
    page.get_by_role("button", name="Stop").first.click()
    wait_for_status(page, "stopped")
    assert Store(dashboard.store_url).runs.get(run_id(page)).status == "stopped"
    the_draft_survives_a_reload_elsewhere(page)


def test_a_second_viewer_sees_the_run_from_its_first_point(page: Page, dashboard: Server) -> None:
    ready(page, dashboard)
    page.get_by_role("button", name="Train").click()
    wait_for_step(page, 50)
    other = page.context.new_page()
    other.goto(page.url)
    wait_for_step(other, 50)
    # the strip knows the step a little before the curves are drawn
    other.wait_for_function(
        "() => [...document.querySelectorAll('[data-points]')].some(n => Number(n.dataset.points) >= 50)", timeout=20_000
    )
    assert other.evaluate("document.querySelector('.nv-plot').data.find(one => one.name === 'each batch').x[0]") < 1.0
    # on a phone the results come first, and the other pages can be reached
    other.set_viewport_size({"width": 390, "height": 844})
    tops = [other.locator(place).first.bounding_box() for place in (".st-key-strip", ".st-key-results", "#network", "#data")]
    heights = [box["y"] for box in tops if box is not None]
    assert len(heights) == 4
    assert heights == sorted(heights)
    other.get_by_role("button", name="Expand sidebar").click()
    expect(other.get_by_role("link", name="Runs")).to_be_in_viewport()
    screenshot(other, "train-phone-menu")
    other.close()


def press_after_an_edit(page: Page, server: Server, units: int, *, look: float = 0.0, field: str = "Units") -> float:
    """Seconds from the click on Train to the first step on the chart, after a field of the first layer was changed; before
    the click one looks at it for `look` seconds, in which a worker prepares it."""
    page.locator(".item[data-id] > .card > .main").first.click()
    page.get_by_label(field, exact=True).fill(str(units))
    page.get_by_label(field, exact=True).press("Escape")
    if look:
        page.wait_for_timeout(look * 1000)
        wait_for_workers(server)
    before = run_of(page)
    start = time.monotonic()
    train(page)
    page.wait_for_function(
        """before => { const run = new URL(location.href).searchParams.get('run');
        return run && run !== before && [...document.querySelectorAll('.nv-live')].some(
            n => n.dataset.status !== 'finished' && n.dataset.status !== 'stopped' && Number(n.dataset.step) >= 1); }""",
        arg=before,
    )
    took = time.monotonic() - start
    page.get_by_role("button", name="Stop").first.click()
    wait_for_status(page, "stopped")
    return took


def test_a_first_point_comes_after_every_edit_and_click(page: Page, dashboard: Server) -> None:
    """How soon: `python -m benchmarks.first_screen` measures it."""
    ready(page, dashboard)
    for units in (20, 21, 22):
        press_after_an_edit(page, dashboard, units)
