"""Compared in a browser: folds of two specs, a race and a sweep on a table; a verdict; the report, which opens offline."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from nnviz.store import Store
from tests.conftest import screenshot
from tests.e2e.test_main_line import choose, ready, run_id
from tests.serving import Server

pytestmark = pytest.mark.e2e


def start(page: Page, way: str) -> None:
    """An entry of the menu beside Train."""
    page.wait_for_timeout(800)
    page.locator(".st-key-several button:visible").click()
    page.get_by_role("menuitem", name=way).or_(page.get_by_text(way, exact=True)).first.click()


def new_group(page: Page, store: Store, known: list[str]) -> str:
    """The group that the page shows, once it is none of those before: meanwhile it may go from run to run of the last one."""
    for _ in range(120):
        group = store.runs.get(run_id(page)).group
        if group not in known:
            return group
        page.wait_for_timeout(250)
    raise AssertionError("the page shows no other group")


def test_folds_race_and_sweep_are_compared_and_reported(page: Page, browser: Browser, dashboard: Server, tmp_path: Path) -> None:
    ready(page, dashboard)
    store = Store(dashboard.store_url)
    choose(page, "Data set", "Wine")
    # the fields of the last draft are there until those of this one are
    fields = "() => [...document.querySelectorAll('input[aria-label=Epochs]')].map((field) => field.value).join()"
    page.wait_for_function(f"() => ({fields})() === '60'")
    page.get_by_label("Epochs", exact=True).fill("12")
    page.get_by_label("Epochs", exact=True).press("Enter")
    start(page, "5-fold")
    groups = [new_group(page, store, [""])]
    expect(page.get_by_text("5 runs: 5 finished")).to_be_visible(timeout=90_000)

    page.get_by_label("Learning rate", exact=True).fill("0.00001")
    page.get_by_label("Learning rate", exact=True).press("Enter")
    start(page, "5-fold")
    groups.append(new_group(page, store, groups))
    expect(page.get_by_text("5 runs: 5 finished")).to_be_visible(timeout=90_000)

    start(page, "Race…")
    page.get_by_role("dialog").get_by_text("Momentum", exact=True).click()
    page.get_by_role("button", name="Start a race of 4").click()
    groups.append(new_group(page, store, groups))
    expect(page.get_by_text("4 runs: 4 finished")).to_be_visible(timeout=90_000)

    start(page, "Sweep…")
    page.get_by_role("button", name="Start 20 trials").click()
    groups.append(new_group(page, store, groups))
    page.wait_for_timeout(1000)
    for _ in range(240):
        trials = store.runs.group_runs(groups[3])
        if len(trials) == 20 and all(run.is_ended for run in trials):
            break
        page.wait_for_timeout(500)
    assert [run.status for run in trials].count("finished") >= 5
    assert {run.status for run in trials} <= {"finished", "stopped"}
    screenshot(page, "sweep")

    best = max((run for run in trials if run.status == "finished"), key=lambda run: run.metrics["val_accuracy"])
    chosen = [*(run.id for group in groups[:3] for run in store.runs.group_runs(group)), best.id]
    page.goto(f"{dashboard.url}/compare?runs={','.join(chosen)}")
    cards = page.locator(".card")
    expect(cards).to_have_count(2 + 4 + 1)
    page.goto(f"{dashboard.url}/compare?runs={','.join(chosen[:10])}")
    expect(cards).to_have_count(2)
    # a rate of 0.00001 learns next to nothing in 12 epochs: that shows on five folds of 142 rows
    expect(page.get_by_role("heading", name=" is better than ")).to_be_visible(timeout=30_000)
    screenshot(page, "compare-verdict")
    page.get_by_role("button", name="Report").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="HTML").click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    offline = browser.new_context(offline=True)
    alone = offline.new_page()
    errors: list[str] = []
    alone.on("pageerror", lambda error: errors.append(str(error)))
    alone.goto(file.as_uri())
    expect(alone.locator(".js-plotly-plot .scatterlayer .trace").first).to_be_visible()
    expect(alone.locator("p.verdict")).to_contain_text(" is better than ")
    assert not errors
    screenshot(alone, "report")
    offline.close()
    store.close()
