"""The headers on every answer let a browser do all that the pages need: it reports nothing as blocked."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nnviz.store import Store
from tests.e2e.test_main_line import wait_for_step
from tests.serving import Server

pytestmark = pytest.mark.e2e


def test_no_page_is_stopped_by_the_policy_of_its_own_server(page: Page, dashboard: Server, tmp_path: Path) -> None:
    blocked: list[str] = []
    elsewhere: list[str] = []
    page.on(
        "console",
        lambda message: (
            blocked.append(message.text)
            if "Content Security Policy" in message.text or "Permissions policy" in message.text
            else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            elsewhere.append(request.url) if not request.url.removeprefix("blob:").startswith((dashboard.url, "data:")) else None
        ),
    )
    page.goto(dashboard.url)
    expect(page.get_by_role("button", name="Train")).to_be_enabled(timeout=60_000)
    page.get_by_role("button", name="Train").click()
    wait_for_step(page, timeout=120)
    page.get_by_role("button", name="Add layer").click()
    (tmp_path / "table.csv").write_text("a,b\n" + "1,2\n3,4\n" * 20)
    page.goto(f"{dashboard.url}/data")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Drop your own data here").first.click()
    chooser.value.set_files(tmp_path / "table.csv")
    expect(page.get_by_text("table.csv").first).to_be_visible()
    for name in ("runs", "compare", "predict"):
        page.goto(f"{dashboard.url}/{name}")
        expect(page.locator("[data-testid=stMain] [data-testid=stVerticalBlock]").first).to_be_visible()
        page.wait_for_timeout(500)
    store = Store(dashboard.store_url)
    page.goto(f"{dashboard.url}/compare?runs={store.runs.list_runs()[0].id}")
    page.wait_for_timeout(1_500)
    store.close()
    assert blocked == []
    assert elsewhere == []
