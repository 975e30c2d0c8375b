"""The menu beside Train in a browser: a race of four optimizers, whose tiles move together, also under the slider."""

import pytest
from playwright.sync_api import Page, expect

from nnviz.store import Store
from tests.conftest import screenshot
from tests.e2e.test_main_line import ready, run_id
from tests.serving import Server

pytestmark = pytest.mark.e2e
STEPS = "() => [...document.querySelectorAll('.nv-tile')].map((tile) => Number(tile.dataset.frameStep))"
PICTURES = "least => [...document.querySelectorAll('.nv-tile')].every((tile) => Number(tile.dataset.pictures) >= least)"


def test_a_race_of_four(page: Page, dashboard: Server) -> None:
    ready(page, dashboard)
    page.get_by_label("Epochs", exact=True).fill("60")
    page.get_by_label("Epochs", exact=True).press("Enter")
    page.wait_for_timeout(800)
    page.locator(".st-key-several button:visible").click()
    page.get_by_role("menuitem", name="Race…").or_(page.get_by_text("Race…", exact=True)).first.click()
    page.get_by_role("dialog").get_by_text("Momentum", exact=True).click()
    page.get_by_role("button", name="Start a race of 4").click()
    expect(page.locator(".nv-tile")).to_have_count(4)
    page.wait_for_function(PICTURES, arg=1, timeout=60_000)
    store = Store(dashboard.store_url)
    runs = store.runs.group_runs(store.runs.get(run_id(page)).group)
    assert [run.label for run in runs] == ["SGD 0.2", "Adam 0.01", "RMSprop 0.01", "Momentum 0.03"]
    assert page.locator(".nv-tile-head").all_inner_texts() == [run.label for run in runs]
    # none has ended before the last one moved
    assert {run.status for run in runs} == {"running"}
    page.wait_for_function(PICTURES, arg=4, timeout=60_000)
    screenshot(page, "race")
    # a press on a name shows that run below; the slider moves all
    page.locator(".nv-tile-head").nth(2).click()
    page.wait_for_url(f"**run={runs[2].id}*")
    expect(page.locator(".nv-tile-head[aria-pressed=true]")).to_have_text(runs[2].label)
    expect(page.get_by_text("4 runs: 4 finished")).to_be_visible(timeout=60_000)
    slider = page.get_by_role("slider", name="Recorded step")
    slider.focus()
    slider.press("Home")
    page.wait_for_function(f"() => ({STEPS})().every((step) => step >= 0 && step <= 1)", timeout=20_000)
    store.close()
