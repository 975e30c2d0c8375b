"""The browser tells somebody who looks at something else of a run's findings and of its end."""

import pytest
from playwright.sync_api import Page, expect

from nnviz import jobs
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.conftest import screenshot
from tests.e2e.test_doctor import SPEC
from tests.serving import Server

pytestmark = pytest.mark.e2e

# a browser that answers as `localStorage.answer` says, of a window that is not looked at
BROWSER = """
window.told = []
window.Notification = class {
  static permission = localStorage.given ?? "default"
  static async requestPermission() {
    localStorage.given = this.permission = localStorage.answer
    return this.permission
  }
  constructor(title, { body, tag }) { window.told.push({ title, body, tag }) }
}
document.hasFocus = () => false
"""


def test_a_run_that_nobody_looks_at_is_told_of(page: Page, dashboard: Server) -> None:
    store = Store(dashboard.store_url)
    spec = RunSpec.parse(SPEC | {"optimizer": {"kind": "Adam", "learning_rate": 10.0}})
    run = jobs.start_run(store, spec, pace="step", name="Too fast")
    page.add_init_script(BROWSER)
    page.goto(f"{dashboard.url}/?run={run}")
    bell = page.get_by_role("button", name="Tell me when it is done")
    expect(bell).to_have_attribute("aria-pressed", "false", timeout=60_000)
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
    page.wait_for_function("told.length > 1", timeout=60_000)
    told = {note["tag"].removeprefix(f"nnviz-{run}-"): note for note in page.evaluate("told")}
    assert set(told) == {"ended", "finding"}
    assert (told["ended"]["title"], told["ended"]["body"]) == ("Too fast", "Finished: all 40 epochs")
    assert told["finding"]["body"].startswith("Learning rate too high: The learning rate 10 is")
    expect(bell).to_be_hidden()

    # the browser keeps the choice, and what has happened is not told again
    page.reload()
    expect(page.locator(".nv-finding")).to_be_visible(timeout=60_000)
    assert page.evaluate("told") == []
