"""One case of the gallery: from the menu, guessed while the doctor is silent, told, mended, and what came of that."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import screenshot
from tests.e2e.test_main_line import run_id
from tests.serving import Server

pytestmark = pytest.mark.e2e


def test_a_case_is_guessed_told_and_mended(page: Page, dashboard: Server) -> None:
    page.goto(dashboard.url)
    page.get_by_role("button", name="Good and broken").click(timeout=60_000)
    page.get_by_role("dialog").get_by_role("button", name="Spirals, a smooth line").click()
    case = page.locator(".st-key-gallery_case")
    expect(case).to_contain_text("Is something wrong?", timeout=60_000)
    page.get_by_role("button", name="Full speed").click()
    # it is judged, and nothing of that is to be seen
    finding = page.locator(".nv-finding[data-rule=batch_too_large]")
    expect(finding).to_be_attached(timeout=120_000)
    expect(finding).not_to_be_visible()
    expect(page.locator(".nv-events")).not_to_contain_text("Batch too large")
    expect(page.locator(".nv-panel .layer-below path")).to_have_count(0)
    page.reload()
    expect(case).to_contain_text("Is something wrong?", timeout=60_000)
    case.get_by_role("button", name="Batch too large").click()
    expect(case).to_contain_text("Right: batch too large.", timeout=60_000)
    expect(finding).to_be_visible(timeout=60_000)
    screenshot(page, "gallery-right")

    broken = run_id(page)
    finding.get_by_role("button", name=re.compile("^Mend it")).click()
    page.wait_for_function("before => !location.search.includes(before)", arg=broken, timeout=60_000)
    page.get_by_role("button", name="Full speed").click()
    expect(case).to_contain_text(re.compile(r"Helped:\W+validation loss [\d.]+ → [\d.]+"), timeout=120_000)
    screenshot(page, "gallery-mended")
    expect(case.get_by_role("button", name="Next case")).to_be_visible()
