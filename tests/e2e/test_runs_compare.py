"""Runs and Compare in a real browser: what is chosen, edited, streamed, revealed and sent as a link."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from socket import socket

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from nnviz.store import Store
from tests.conftest import screenshot
from tests.pages.conftest import ROOT, write_app
from tests.pages.example_runs import CNN, Worker, gallery, spec, varied

ROUTER = """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nnviz.stream import routes

pages = [st.Page(f"pages/{name}.py", title=name.capitalize(), default=name == "train")
         for name in ("train", "runs", "compare")]
if get_script_run_ctx(suppress_warning=True) is not None:
    st.set_page_config(layout="wide")
    st.navigation(pages, position="top").run()
else:
    app = st.App(__file__, routes=routes())
"""
NASTY = '<img src=x onerror="window.hurt=1"> **bold** :red[x]'
pytestmark = pytest.mark.e2e
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('store')}/nnviz.db")
    yield store
    store.close()


@pytest.fixture(scope="module")
def ids(store: Store) -> dict[str, str]:
    return gallery(store)


@pytest.fixture(scope="module")
def address(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("app")
    app = write_app(folder, router=ROUTER)
    (folder / ".streamlit").symlink_to(ROOT / ".streamlit")
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"NNVIZ_STORE": store.url, "PYTHONPATH": str(ROOT)}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port), "--server.headless", "true"],
            cwd=folder, env=environment, stdout=log, stderr=log)  # fmt: skip
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).read()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests here, so that Streamlit's own scripts are loaded from its cache; nothing else is kept in it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_text("train - -")).to_be_visible(timeout=60_000)
    yield page
    page.close()


def tick(page: Page, row: int) -> None:
    """Clicks the box of a row of the table (drawn on a canvas)."""
    grid = page.locator("[data-testid=stDataFrame] canvas").first
    grid.wait_for()
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + 36 * (row + 1) + 14)


def row_of(store: Store, run_id: str) -> int:
    return [run.id for run in store.runs.list_runs()].index(run_id)


def test_two_runs_are_chosen_compared_and_back_leads_back(page, address, store, ids):
    page.goto(f"{address}/runs")
    for name in ("adam", "sgd"):
        tick(page, row_of(store, ids[name]))
        page.wait_for_timeout(600)
    expect(page.get_by_text("2 runs chosen")).to_be_visible()
    # a refresh of the page while a run trains keeps the choice
    page.wait_for_timeout(2600)
    expect(page.get_by_text("2 runs chosen")).to_be_visible()
    screenshot(page, "runs")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.locator(".comparison .card")).to_have_count(2)
    expect(page.locator(".nv-run")).to_have_count(2)
    assert set(re.search(r"runs=([^&]+)", page.url).group(1).replace("%2C", ",").split(",")) == {ids["adam"], ids["sgd"]}
    results = page.locator(".comparison table").first
    expect(results.locator("tr", has_text="Validation accuracy")).to_have_text(re.compile(r"9\d\.\d"))
    # of one run each none is called better, however far apart they are
    expect(page.get_by_role("heading", name="nothing can be concluded about the settings")).to_be_visible()
    expect(results.locator("b")).to_have_count(0)
    differs = page.locator(".comparison table").nth(1)
    expect(differs.locator("tr", has_text="Optimizer").locator(".odd")).to_have_count(1)
    page.get_by_role("button", name="Remove from the comparison: SGD 0.1, 64-32").click()
    expect(page.locator(".comparison .card")).to_have_count(1)
    page.go_back()
    expect(page.locator(".comparison .card")).to_have_count(2)


def test_a_link_shows_what_was_sent_and_settings_stand_in_it(page, address, ids):
    page.goto(f"{address}/compare?runs={ids['adam']},{ids['sgd']},{ids['cnn']}&metric=loss")
    expect(page.locator(".comparison .card")).to_have_count(3)
    expect(page.locator(".nv-name h3")).to_have_text("Loss")
    page.get_by_role("radio", name="Time").or_(page.get_by_role("button", name="Time")).first.click()
    expect(page).to_have_url(re.compile("x=time"))
    screenshot(page, "compare")


def test_a_test_result_is_shown_once_asked_for_and_that_is_recorded(page, address, store, ids):
    page.goto(f"{address}/compare?runs={ids['adam']},{ids['sgd']}")
    row = page.locator(".comparison tr", has_text="Test accuracy")
    expect(row.get_by_role("button", name="Reveal")).to_have_count(2)
    row.get_by_role("button", name="Reveal").first.click()
    expect(row.get_by_role("button", name="Reveal")).to_have_count(1)
    expect(row).to_contain_text("96.1")
    assert [event.kind for event in store.runs.events(ids["adam"])].count("revealed") == 1
    assert "revealed" not in [event.kind for event in store.runs.events(ids["sgd"])]
    page.reload()
    expect(row).to_contain_text("96.1")


def test_a_running_run_goes_on_in_the_picture_and_in_the_tables(page, address, store, ids):
    worker = Worker(store, spec(layers=CNN), name="still learning").train(3)
    page.goto(f"{address}/compare?runs={worker.id},{ids['adam']}")
    live = page.locator(".nv-live")
    card = page.locator(".comparison .card", has_text="still learning")
    expect(card).to_contain_text("so far")
    before = int(live.get_attribute("data-points") or 0)
    epochs = page.locator(".comparison tr", has=page.locator("th", has_text=re.compile("^Epochs done$"))).locator("td").first
    expect(epochs).to_contain_text("3")
    worker.train(9)
    expect(epochs).to_contain_text("12", timeout=8000)
    page.wait_for_function(f"Number(document.querySelector('.nv-live').dataset.points) > {before}")
    worker.finish()
    expect(card).to_contain_text("finished", timeout=8000)
    expect(card).not_to_contain_text("so far")


def test_names_are_plain_text_everywhere(page, address, store, ids):
    store.runs.edit(ids["wine"], name=NASTY, tags=["<b>t</b>"])
    page.goto(f"{address}/compare?runs={ids['wine']},{ids['failed']}")
    expect(page.locator(".comparison .card strong").first).to_have_text(NASTY)
    expect(page.locator(".nv-run").first).to_have_text(NASTY)
    expect(page.locator(".nv-plot .xtick").first).to_be_attached()
    page.goto(f"{address}/runs")
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    assert page.evaluate("window.hurt") is None


def edit_name(page: Page, row: int, name: str, *, pause: float = 0.0) -> None:
    """Types a name into its cell, as slowly as `pause` seconds before Enter."""
    box = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + 100, box["y"] + 36 * (row + 1) + 14)
    cell = page.locator("#portal").locator("input, textarea")
    expect(cell).to_be_focused()
    cell.fill(name)
    page.wait_for_timeout(pause * 1000)
    expect(cell).to_have_value(name)
    page.keyboard.press("Enter")
    expect(cell).to_have_count(0)


def wait_for_name(page: Page, store: Store, run_id: str, name: str) -> None:
    deadline = time.time() + 15
    while store.runs.get(run_id).name != name and time.time() < deadline:
        page.wait_for_timeout(100)
    assert store.runs.get(run_id).name == name


def test_a_training_run_does_not_cut_an_edit_short(page, address, store, ids):
    worker = Worker(store, spec(layers=CNN), name="training meanwhile").train(2)
    page.goto(f"{address}/runs")
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    page.wait_for_timeout(500)
    before = store.runs.get(ids["wine"]).name
    done = threading.Event()

    def go_on() -> None:
        while not done.wait(0.5):
            worker.train(1)

    training = threading.Thread(target=go_on)
    training.start()
    try:
        edit_name(page, row_of(store, ids["wine"]), "edited meanwhile", pause=5)
        wait_for_name(page, store, ids["wine"], "edited meanwhile")
    finally:
        done.set()
        training.join()
        store.runs.edit(ids["wine"], name=before)
        worker.finish()


def test_a_name_is_edited_in_its_cell_and_a_deletion_undone(page, address, store, ids):
    page.goto(f"{address}/runs")
    row = row_of(store, ids["stopped"])
    tick(page, row)
    expect(page.get_by_text("1 run chosen")).to_be_visible()
    edit_name(page, row, "renamed here")
    wait_for_name(page, store, ids["stopped"], "renamed here")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 run deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 run deleted.")).to_have_count(0)
    assert ids["stopped"] in {run.id for run in store.runs.list_runs()}


def test_a_failed_run_shows_why_and_its_log_by_one_click(page, address):
    page.goto(f"{address}/runs")
    expect(page.get_by_text("memory ran out. Use a smaller batch")).to_be_visible()
    page.get_by_role("button", name="Log").first.click()
    expect(page.get_by_text("MemoryError")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_sticks_out_at_any_width(browser, address, ids, scheme, width):
    context = browser.new_context(viewport={"width": width, "height": 900 if width > 400 else 844}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{address}/compare?runs={ids['adam']},{ids['sgd']},{ids['cnn']}")
    page.locator(".nv-plot .xtick").first.wait_for(state="attached", timeout=60_000)
    page.locator(".comparison table").nth(1).wait_for()
    screenshot(page, f"compare-{scheme}-{width}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, json.dumps({"scroll": wide, "window": width})
    page.goto(f"{address}/runs")
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    page.wait_for_timeout(500)
    screenshot(page, f"runs-{scheme}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_more_runs_than_a_page_lists_and_fifteen_side_by_side(page, address, store):
    fifteen = varied(store, 15)
    page.goto(f"{address}/compare?runs={','.join(fifteen)}")
    expect(page.locator(".comparison .card")).to_have_count(15)
    expect(page.locator(".comparison .picture")).to_have_attribute("data-curves", "15")
    differs = page.locator(".comparison .scroll", has=page.locator("th", has_text=re.compile("^Learning rate$")))
    head, cell = differs.locator("tbody th").first, differs.locator("tbody td").nth(8)
    head.scroll_into_view_if_needed()
    place, before = head.bounding_box(), cell.bounding_box()
    differs.evaluate("table => table.scrollTo(400, 0)")
    assert head.bounding_box() == place
    assert cell.bounding_box()["x"] == pytest.approx(before["x"] - 400, abs=1)
    middle = [place["x"] + place["width"] - 4, place["y"] + place["height"] / 2]
    covers = "(head, [x, y]) => head.contains(head.getRootNode().elementFromPoint(x, y))"
    assert head.evaluate(covers, middle), "the columns pass below it"
    screenshot(page, "compare-fifteen")

    for number in range(100):
        store.runs.set_control(store.runs.create(spec(epochs=number + 1)), stop=True)
    count = store.listing.count()
    page.goto(f"{address}/runs")
    expect(page.get_by_text(f"1 to 100 of {count} runs")).to_be_visible()
    page.locator("[class*=st-key-runs-page-after] button:visible").first.click()
    expect(page.get_by_text(f"101 to {count} of {count} runs")).to_be_visible()
    expect(page).to_have_url(re.compile(r"page=2"))
    screenshot(page, "runs-second-page")
