"""In a real browser: every view is drawn, of the last moment and of an earlier one, for rows of each kind."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from nnviz import jobs
from nnviz.catalog.views import VIEWS
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.conftest import screenshot
from tests.e2e.test_main_line import wait_until_ended
from tests.serving import Server

pytestmark = pytest.mark.e2e

CONVOLUTION = {"kind": "Conv2D", "filters": 4, "kernel_size": 3, "activation": "relu"}
RUNS: dict[str, tuple[str, tuple[int, ...], dict[str, Any]]] = {
    "plane": ("classification", (2,), {"data": {"kind": "synthetic", "name": "spirals"}}),
    "pictures": (
        "classification",
        (8, 8, 1),
        {"data": {"kind": "builtin", "name": "digits"}, "layers": [CONVOLUTION, {"kind": "Flatten"}]},
    ),
    "numbers": ("regression", (10,), {"data": {"kind": "builtin", "name": "diabetes"}, "cost": {"kind": "MeanSquaredError"}}),
}
READ_BY_STEP = [
    {"kind": "Reshape", "target_shape": [10, 1]},
    {"kind": "MultiHeadAttention", "num_heads": 2, "key_dim": 2},
    {"kind": "LSTM", "units": 4},
]
DRAWN = """([name, step]) => {
    const view = document.querySelector(`.nv-view[data-view="${name}"]`);
    view?.scrollIntoView({ block: "center" }); // what comes above it moves it
    const isSeen = node => node.checkVisibility() && node.getBoundingClientRect().height > 20;
    return view?.dataset.step === String(step) && [...view.querySelectorAll("canvas, svg, table")].some(isSeen); }"""

WITHOUT_WORDS = """() => [...document.querySelectorAll(".nv-view canvas")]
    .filter(node => node.checkVisibility() && !node.closest("[aria-hidden=true]"))
    .filter(node => !/\\d/.test(node.closest("[aria-label]")?.getAttribute("aria-label") ?? ""))
    .map(node => `${node.closest(".nv-view").dataset.view}: ${node.closest("[class]").className}`)"""
"""Pictures that no sentence with numbers tells to those who do not see them."""


@pytest.mark.parametrize("name", RUNS)
def test_every_view_is_drawn_at_the_end_and_at_an_earlier_moment(name: str, page: Page, dashboard: Server) -> None:
    task, shape, parts = RUNS[name]
    views = [view.name for view in VIEWS.values() if view.exists_for(task, shape, ())]
    are_drawn_at_two_moments(page, dashboard, name, parts, views)
    # all that there are for these data are open
    expect(page.get_by_role("button", name="Add view")).to_be_hidden()


def test_a_row_is_read_step_by_step_where_a_layer_does_so(page: Page, dashboard: Server) -> None:
    parts = RUNS["numbers"][2] | {"layers": READ_BY_STEP, "training": {"epochs": 3}}
    are_drawn_at_two_moments(page, dashboard, "steps", parts, ["sequence"])
    view = page.locator('.nv-view[data-view="sequence"]')
    expect(view).to_contain_text("looks at")
    view.get_by_label("Layer").select_option(label="3 LSTM 4")
    expect(view).to_contain_text("All 4 units.", timeout=60_000)
    view.locator("canvas").press("ArrowRight")
    expect(view).to_contain_text("Unit 1 after step 1 (age is")
    a_choice_is_kept_that_is_made_before_the_curves_are_drawn(page)


def a_choice_is_kept_that_is_made_before_the_curves_are_drawn(page: Page) -> None:
    held: list[Route] = []
    page.route("**/plotly.min.js", lambda route: held.append(route))
    page.reload()
    view = page.locator('.nv-view[data-view="sequence"]')
    view.scroll_into_view_if_needed()
    view.get_by_label("Layer").select_option(label="3 LSTM 4", timeout=60_000)
    expect(view).to_contain_text("All 4 units.", timeout=60_000)
    assert held
    for route in held:
        route.continue_()
    page.locator(".nv-plot .nsewdrag").first.wait_for()
    expect(view).to_contain_text("All 4 units.")


def are_drawn_at_two_moments(page: Page, dashboard: Server, name: str, parts: dict[str, Any], views: list[str]) -> None:
    """Trains a run, and opens the views of it at the end and at an earlier moment."""
    spec = RunSpec.parse(
        {
            "layers": [{"kind": "Dense", "units": 8, "activation": "relu"}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam", "learning_rate": 0.01},
            "training": {"epochs": 12},
        }
        | parts
    )
    store = Store(dashboard.store_url)
    run = jobs.start_run(store, spec)
    wait_until_ended(store, run)
    last = store.runs.get(run).step
    store.close()
    page.goto(f"{dashboard.url}/?run={run}&views={','.join(views)}")
    for view in views:
        is_drawn(page, view, last)
        screenshot(page, f"view-{name}-{view}")
    assert page.evaluate(WITHOUT_WORDS) == []
    slider = page.get_by_label("Recorded step")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("last => Number(document.querySelector('.nv-scrubber').dataset.step) < last", arg=last)
    earlier = page.locator(".nv-scrubber").get_attribute("data-step")
    for view in views:
        is_drawn(page, view, earlier)


def test_views_that_an_address_names_stay_open_when_a_run_starts(page: Page, dashboard: Server) -> None:
    page.goto(f"{dashboard.url}/?views=cost")
    page.locator(".st-key-train button:visible").first.click()
    page.wait_for_url("**run=*")
    page.wait_for_url("**views=cost*")
    page.wait_for_function("() => document.querySelector('.nv-view[data-view=cost]')?.checkVisibility()")


def is_drawn(page: Page, view: str, step: Any) -> None:
    """Brings a view on the screen, where it is computed, and waits for its picture of that moment."""
    page.wait_for_function(DRAWN, arg=[view, step], timeout=60_000)
