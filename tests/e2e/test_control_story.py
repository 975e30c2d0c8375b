"""Training under control, in one story: train, pause, step, change the rate, go on, rewind to the middle, branch with another
optimizer, overlay, lose a worker, resume, lose the web process, compare."""

import re

import psutil
import pytest
from playwright.sync_api import Page, expect

from nnviz import jobs
from nnviz.store import Store
from tests.conftest import screenshot
from tests.e2e.looks import check_wrong_rows
from tests.e2e.test_main_line import (
    choose,
    ready,
    run_id,
    shown_step,
    train,
    wait_for_status,
    wait_for_step,
    wait_for_workers,
    wait_until_ended,
)
from tests.serving import Server

pytestmark = pytest.mark.e2e

EPOCHS = 6000
"""Of the branch: long enough for its worker to be killed in the middle."""


def strip_button(page: Page, name: str):
    return page.locator(".nv-status").get_by_role("button", name=name, exact=True)


def until_words(page: Page, words: str) -> None:
    page.locator(".nv-words", has_text=words).wait_for()


def looked_at(page: Page) -> int:
    return int(page.locator(".nv-scrubber").get_attribute("data-step"))


def the_network_is_seen(page: Page, middle: int) -> None:
    """The view of the network: there by itself, closed, added again, a unit read by keyboard, another moment, closed again."""
    view = page.locator(".nv-view[data-view=network]")
    close = view.get_by_role("button", name="Close The network")
    close.click()
    page.wait_for_url("**views=none*")
    expect(view).to_have_count(0)
    page.get_by_role("button", name="Add view").click()
    page.get_by_role("menuitem").first.click()
    page.wait_for_url("**views=network*")
    page.wait_for_function("step => document.querySelector('.nv-view')?.dataset.step === String(step)", arg=middle)
    expect(view.locator(".nv-then")).to_contain_text("epoch")
    picture = view.get_by_role("img")
    expect(picture).to_have_attribute("aria-label", re.compile(r"^Network of 2 inputs, 32 and 16 units, 2 outputs; "))
    then = picture.get_attribute("aria-label")
    picture.focus()
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    tip = view.locator(".nv-unit-tip")
    expect(tip).to_contain_text("of layer 1")
    expect(tip).to_contain_text(re.compile(r"= tanh\(.*× x1.*× x2.*\)"))
    screenshot(page, "control-view-network")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    slider = page.get_by_label("Recorded step")
    slider.focus()
    # the history stays at hand beside the picture
    view.evaluate("node => node.scrollIntoView({ block: 'center' })")
    expect(slider).to_be_in_viewport()
    page.keyboard.press("PageDown")
    page.wait_for_function(
        """() => { const at = document.querySelector('.nv-scrubber').dataset.step;
        return document.querySelector('.nv-view').dataset.step === at; }"""
    )
    assert looked_at(page) != middle
    expect(picture).not_to_have_attribute("aria-label", then)  # at most once a second
    page.keyboard.press("PageUp")
    close.click()
    expect(view).to_have_count(0)
    page.wait_for_url("**views=none*")
    page.wait_for_function("step => document.querySelector('.nv-learned').dataset.frameStep === String(step)", arg=middle)
    assert looked_at(page) == middle


def test_pause_step_change_rewind_branch_lose_a_worker_and_the_web_process_and_compare(page: Page, own_dashboard: Server) -> None:
    store = Store(own_dashboard.store_url)
    ready(page, own_dashboard)
    wait_for_workers(own_dashboard, count=2)
    train(page)
    wait_for_step(page, 100)
    one = run_id(page)

    expect(strip_button(page, "Step")).to_be_hidden()
    strip_button(page, "Pause").click()
    until_words(page, "paused")
    at = shown_step(page)
    assert store.runs.get(one).status == "paused"
    for number in (1, 2):
        strip_button(page, "Step").click()
        wait_for_step(page, at + number)
        until_words(page, "paused")
        assert shown_step(page) == store.runs.get(one).step == at + number
    strip_button(page, "Change").click()
    rate = page.locator(".nv-settings").get_by_label("learning rate")
    before = float(rate.input_value())
    rate.fill(f"{before / 2:g}")
    rate.press("Enter")
    page.locator(".nv-events", has_text="learning rate").wait_for()
    expect(page.locator(".nv-events li small").first).to_contain_text(" · step ")
    expect(page.get_by_label("Learning rate", exact=True)).to_have_value(f"{before / 2:g}")  # the draft follows
    expect(page.locator(".nv-whose")).to_contain_text(f"Adam {before:g} ({before / 2:g} since epoch ")
    strip_button(page, "Change").click()
    screenshot(page, "control-1-changed")
    strip_button(page, "Play").click()
    wait_for_step(page, at + 50)
    strip_button(page, "Full speed").click()
    wait_until_ended(store, one)
    wait_for_status(page, "finished")
    parent = store.runs.get(one)
    changed = [event for event in store.runs.events(one) if event.kind == "changed"]
    assert [(event.step, event.data["after"]) for event in changed] == [(at + 2, before / 2)]

    slider = page.get_by_label("Recorded step")
    page.wait_for_function("() => +document.querySelector('.nv-scrubber')?.dataset.moments > 100")
    slider.evaluate(
        """(node, step) => { node.value = step; node.dispatchEvent(new Event('input', { bubbles: true })); }""", parent.step // 2
    )
    page.wait_for_function("""() => { const back = document.querySelector('.nv-scrubber').dataset;
        return back.ready === 'true' && document.querySelector('.nv-learned').dataset.frameStep === back.step; }""")
    middle = looked_at(page)
    assert abs(middle - parent.step / 2) < parent.step * 0.02
    page.wait_for_url(f"**moment={middle}*")
    # the strip says which of both is seen: how far the run is, or a step that is looked back at
    expect(page.locator(".nv-look")).to_contain_text("looking back at epoch")
    expect(page.locator(".nv-look")).to_contain_text(f"step {middle:,}")
    expect(page.locator(".nv-words")).to_have_text(f"Finished: all {parent.spec.training.epochs:,} epochs")
    check_wrong_rows(page)
    the_network_is_seen(page, middle)
    screenshot(page, "control-2-rewound")
    for offer in ("What does the next step do?", "Branch from here", "Save film"):
        expect(page.locator(".nv-offers").get_by_role("button", name=offer)).to_be_in_viewport()
    page.get_by_role("button", name="What does the next step do?").click()
    page.wait_for_function(
        """step => { const view = document.querySelector('.nv-view[data-view=back]');
        return view?.querySelector('table') && view.dataset.step === step; }""",
        arg=str(middle),
    )
    page.get_by_role("button", name="Branch from here").click()
    expect(page.get_by_text(f"Branch of {parent.name}").first).to_be_visible()
    choose(page, "Optimizer", "RMSprop")
    page.get_by_label("Epochs", exact=True).fill(str(EPOCHS))
    page.get_by_label("Epochs", exact=True).press("Enter")
    page.wait_for_timeout(1000)
    train(page)
    page.wait_for_url(lambda url: "run=" in url and one not in url)
    two = run_id(page)
    wait_for_step(page, middle + 1)
    branch = store.runs.get(two).spec
    assert branch.branch is not None
    assert (branch.branch.run, branch.branch.step) == (one, middle)
    assert (branch.optimizer.kind, branch.training.epochs) == ("RMSprop", EPOCHS)
    expect(page.locator(".st-key-branch_note")).not_to_contain_text("press Train")
    # the parent's curve stands behind the branch's own
    page.wait_for_function("() => document.querySelectorAll('.nv-plot')[0]?.data?.filter(one => one.x?.length > 1).length >= 2")
    screenshot(page, "control-3-branch")

    strip_button(page, "Full speed").click()
    wait_for_step(page, middle + 2000)
    pid = store.runs.get(two).pid
    assert pid is not None
    psutil.Process(pid).kill()
    expect(page.get_by_text("was killed").first).to_be_visible(timeout=10_000)
    screenshot(page, "train-killed")
    wait_until_ended(store, two)
    wait_for_status(page, "finished")
    # its curve has no gap where the worker was lost: no two points that are drawn lie far apart
    page.wait_for_function(
        """epochs => {
        const { x } = document.querySelector('.nv-plot').data.find(one => one.name === 'training');
        return x.length > 100 && x.every((at, i) => !i || at - x[i - 1] < epochs / 50) && x[0] < epochs / 20; }""",
        arg=EPOCHS,
    )
    screenshot(page, "control-4-resumed")
    child = store.runs.get(two)
    assert (child.attempt, child.error) == (2, None)
    # what was killed on the way comes to the same as what was not; and no run needs the web process
    twin = jobs.start_run(store, branch, pace="watch", name="never killed")
    page.goto(f"{own_dashboard.url}/?run={twin}")
    wait_for_step(page, middle + 1)
    own_dashboard.kill()
    before = store.runs.get(twin).step
    store.runs.set_control(twin, pace="full")
    wait_until_ended(store, twin)
    assert store.runs.get(twin).step > before
    assert store.runs.get(twin).weights == child.weights
    own_dashboard.start()
    page.goto(f"{own_dashboard.url}/?run={twin}")
    wait_for_status(page, "finished")
    # the strip says it a little before the rest is drawn
    wait_for_step(page, store.runs.get(twin).step)
    assert shown_step(page) == store.runs.get(twin).step
    train(page)
    page.wait_for_url(lambda url: "run=" in url and twin not in url)
    wait_for_step(page, 20)

    page.goto(f"{own_dashboard.url}/compare?runs={one},{two}")
    expect(page.get_by_text("Optimizer", exact=True).first).to_be_visible(timeout=30_000)
    page.wait_for_function("() => [...document.querySelectorAll('.nv-live')].some(n => Number(n.dataset.points) > 50)")
    screenshot(page, "control-5-compare")
    store.close()
