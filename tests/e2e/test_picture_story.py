"""Through the picture of the network, in one story: train, point at a unit, read its formula, pause, switch it off, see what the
network answers without it, take that back, set a weight, go back in time, follow the next step from the rows to a weight."""

import re

import pytest
from playwright.sync_api import Page, expect

from nnviz.store import Store
from tests.conftest import screenshot
from tests.e2e.test_control_story import strip_button, until_words
from tests.e2e.test_main_line import ready, run_id, train, wait_for_step
from tests.serving import Server

pytestmark = pytest.mark.e2e

BOUNDARY = "document.querySelector('.nv-learned canvas').toDataURL()"


def boundary(page: Page, step: int) -> str:
    """What is drawn of the plane, once it is of this step."""
    page.wait_for_function("step => document.querySelector('.nv-learned').dataset.frameStep === String(step)", arg=step)
    drawn: str = page.evaluate(BOUNDARY)
    return drawn


def until_boundary(page: Page, sign: str, drawn: str) -> None:
    page.wait_for_function(f"drawn => {BOUNDARY} {sign} drawn", arg=drawn)


def test_hover_pause_switch_off_undo_set_a_weight_and_go_back(page: Page, dashboard: Server) -> None:
    store = Store(dashboard.store_url)
    ready(page, dashboard)
    train(page)
    wait_for_step(page, 100)
    view = page.locator(".nv-view[data-view=network]")
    picture = view.get_by_role("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_attribute("aria-label", re.compile("^Network of "))
    picture.focus()
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    tip, panel = view.locator(".nv-unit-tip"), view.get_by_role("complementary", name="The chosen unit")
    expect(tip).to_contain_text(re.compile(r"= tanh\(.*× x1.*× x2.*\)"))
    page.keyboard.press("Enter")
    expect(tip).to_be_hidden()
    expect(panel).to_contain_text(re.compile(r"Unit \d+ of layer 1.*= tanh\(.*while the run is paused", re.DOTALL))
    switch = panel.get_by_role("switch", name="Switched off")
    expect(switch).to_be_disabled()
    panel.get_by_role("button", name="Pause").click()
    until_words(page, "paused")
    at = store.runs.get(run_id(page)).step
    before = boundary(page, at)

    expect(switch).to_be_enabled()
    switch.focus()
    page.keyboard.press("Space")
    expect(panel).to_contain_text(re.compile(r"switched off; loss of the validation rows [\d.]+ → [\d.]+ without it"))
    until_boundary(page, "!==", before)
    expect(panel).to_contain_text("Switched off: it gives 0")
    expect(switch).to_be_checked()
    picture.focus()
    expect(picture).to_have_attribute("aria-label", re.compile("1 unit is switched off"))
    page.locator(".nv-events li", has_text="switched off").wait_for()
    screenshot(page, "picture-unit-off")
    panel.get_by_role("button", name="Undo").click()
    until_boundary(page, "===", before)
    expect(switch).not_to_be_checked()

    bias = panel.get_by_label("bias")
    for wrong, why in (("abc", "This is no number"), ("1e99", "at most 3.4e38")):
        bias.fill(wrong)
        bias.press("Enter")
        expect(panel.get_by_role("alert").filter(has_text=why)).to_be_visible()
    bias.fill("2.5")
    bias.press("Enter")
    expect(panel).to_contain_text(re.compile(r"Bias of unit \d+ of layer 1: [-\d.e]+ → 2.5; loss of the validation rows"))
    until_boundary(page, "!==", before)
    panel.get_by_role("button", name="Undo").click()
    until_boundary(page, "===", before)
    assert [event.data["after"] for event in store.runs.changed(run_id(page), "edited")][:3] == [0, 1, 2.5]
    assert store.runs.get(run_id(page)).status == "paused"

    page.get_by_label("Recorded step").focus()
    page.keyboard.press("PageDown")
    page.wait_for_function("step => Number(document.querySelector('.nv-learned').dataset.frameStep) < step", arg=at)
    until_boundary(page, "!==", before)
    expect(panel).to_contain_text("This is a past moment")

    page.get_by_role("button", name="What does the next step do?").click()
    back = page.locator(".nv-view[data-view=back]")
    expect(back.locator("table")).to_be_visible(timeout=60_000)  # a worker computes it
    page.wait_for_function(
        """() => { const { step } = document.querySelector('.nv-scrubber').dataset;
        return document.querySelector('.nv-view[data-view=back]').dataset.step === step; }"""
    )
    expect(back).to_contain_text("Adam")
    screenshot(page, "picture-step-back")
    strip_button(page, "Stop").click()
    store.close()
