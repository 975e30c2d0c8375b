"""The doctor on the page: a rate that is far too high is named under the curves, its remedy is started and helps; a sound run
gets one calm line. Who looks at something else is told by the browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from nnviz import jobs
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.conftest import screenshot
from tests.e2e.test_main_line import run_id
from tests.serving import Server

pytestmark = pytest.mark.e2e

SPEC = {
    "data": {"kind": "synthetic", "name": "moons", "samples": 600, "noise": 0.1},
    "layers": [{"kind": "Dense", "units": 16, "activation": "tanh"}] * 2,
    "cost": {"kind": "CrossEntropy"},
    "training": {"epochs": 40, "batch_size": 32},
}


# a browser that answers as `localStorage.answer` says, of a window that is not looked at
BROWSER = """
window.notified = []
window.Notification = class {
  static permission = localStorage.given ?? "default"
  static async requestPermission() {
    localStorage.given = this.permission = localStorage.answer
    return this.permission
  }
  constructor(title, { body, tag }) { window.notified.push({ title, body, tag }) }
}
document.hasFocus = () => false
"""


def started(store: Store, rate: float) -> str:
    spec = SPEC | {"optimizer": {"kind": "Adam", "learning_rate": rate}}
    return jobs.start_run(store, RunSpec.parse(spec), pace="full")


def test_a_rate_of_10_is_named_and_mended_and_a_sound_run_is_left_alone(page: Page, dashboard: Server) -> None:
    store = Store(dashboard.store_url)
    wild, sound = started(store, 10.0), started(store, 0.02)
    page.goto(f"{dashboard.url}/?run={wild}")
    finding = page.locator(".nv-finding[data-rule=rate_too_high]")
    expect(finding).to_be_visible(timeout=120_000)
    expect(finding).to_contain_text("The learning rate 10 is so large")
    expect(finding).to_contain_text("almost certain")
    # the evidence is on the chart
    expect(page.locator(".nv-panel .shapelayer path, .nv-panel .layer-below path").first).to_be_attached(timeout=30_000)
    finding.locator(".nv-about summary").click()
    expect(finding.locator(".nv-about p")).to_contain_text("The learning rate says how far each step moves")
    screenshot(page, "doctor-finding")

    finding.get_by_role("button", name=re.compile("^Mend it in a new run: learning rate")).click()
    page.wait_for_function("before => !location.search.includes(before)", arg=wild, timeout=60_000)
    mended = run_id(page)
    expect(page.locator(".nv-doctor[data-healthy=true] .nv-calm")).to_contain_text("Healthy", timeout=120_000)
    assert store.runs.get(mended).spec.optimizer.learning_rate < 1
    page.goto(f"{dashboard.url}/?run={wild}")
    line = page.locator(".nv-outcome[data-kind=helped]")
    expect(line).to_contain_text(re.compile(r"Helped: validation loss [\d.]+ → [\d.]+"), timeout=60_000)
    screenshot(page, "doctor-helped")
    line.get_by_role("link", name="Open that run").click()
    page.wait_for_function("run => location.search.includes(run)", arg=mended)

    page.goto(f"{dashboard.url}/?run={sound}")
    expect(page.locator(".nv-doctor[data-healthy=true] .nv-calm")).to_contain_text("Healthy", timeout=120_000)
    expect(page.locator(".nv-finding")).to_have_count(0)


def test_a_run_that_nobody_looks_at_is_told_of(page: Page, dashboard: Server) -> None:
    store = Store(dashboard.store_url)
    spec = RunSpec.parse(SPEC | {"optimizer": {"kind": "Adam", "learning_rate": 10.0}})
    run = jobs.start_run(store, spec, pace="step", name="Too fast")
    page.add_init_script(BROWSER)
    page.goto(f"{dashboard.url}/?run={run}")
    bell = page.get_by_role("button", name="Tell me when it is done")
    expect(bell).to_have_attribute("aria-pressed", "false", timeout=120_000)
    assert page.evaluate("localStorage.given ?? ''") == "", "nobody is asked before the click"

    page.evaluate("localStorage.answer = 'denied'")
    bell.press("Enter")
    expect(page.locator(".nv-bell-row")).to_contain_text("The browser does not allow it")
    expect(bell).to_have_attribute("aria-pressed", "false")
    page.evaluate("localStorage.answer = 'granted'")
    bell.press("Enter")
    expect(bell).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".nv-bell-row")).to_contain_text("as long as this page is open")
    screenshot(page, "alerts-bell")

    store.runs.set_control(run, pace="full", steps_allowed=None)
    page.wait_for_function("notified.length > 1", timeout=120_000)
    notes = {note["tag"].removeprefix(f"nnviz-{run}-"): note for note in page.evaluate("notified")}
    assert set(notes) == {"ended", "finding"}
    assert (notes["ended"]["title"], notes["ended"]["body"]) == ("Too fast", "Finished: all 40 epochs")
    assert notes["finding"]["body"].startswith("Learning rate too high: The learning rate 10 is")
    expect(bell).to_be_hidden()

    # the browser keeps the choice, and what has happened is not told again
    page.reload()
    expect(page.locator(".nv-finding")).to_be_visible(timeout=120_000)
    assert page.evaluate("notified") == []
