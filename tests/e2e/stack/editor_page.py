"""The smallest page that holds the editor, and what the tests do on it."""

import json
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

SCRIPT = """
import json, time
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from nnviz.catalog import OPTIMIZERS
from nnviz.stack import plan
from nnviz.ui.common.param_fields import about
from nnviz.ui.train.stack_editor import stack_editor
from nnviz.stream.routes import routes

def page():
    image = "image" in st.query_params
    if "slow" in st.query_params:
        time.sleep(1)
    layers = [{"kind": "Dense", "units": 16, "activation": "tanh"},
              {"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": 16, "activation": "tanh"},
                                                        {"kind": "Dropout", "rate": 0.05}]}]
    if image:
        layers = [{"kind": "Conv2D", "filters": 4, "kernel_size": 3}, {"kind": "Dense", "units": 8, "name": "<b>bold</b>"}]
    if st.button("another stack"):
        layers = [{"kind": "Dense", "units": 3}]
        st.session_state.replaced = True
    if st.session_state.get("replaced"):
        layers = [{"kind": "Dense", "units": 3}]
    with st.container(width=340):
        edit = stack_editor(layers, {"kind": "CrossEntropy"}, shape=(28, 28, 1) if image else (2,), outputs=2,
                            task="classification", plan=plan, columns=("x1", "x2"), key="stack")
    about(OPTIMIZERS["Adam"])
    st.code(json.dumps({"layers": edit.layers, "cost": edit.cost, "error": edit.error and str(edit.error),
                        "parameters": edit.plan and edit.plan.parameters}), language=None)

if get_script_run_ctx(suppress_warning=True) is not None:
    page()
else:
    app = st.App(__file__, routes=routes())
"""
REDRAW = "stack => stack.parentNode.stackEditor.render()"  # what an answer to an earlier edit does


def visit(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".status > span").first).not_to_be_empty(timeout=30_000)


def result(page: Page) -> dict[str, Any]:
    edit: dict[str, Any] = json.loads(page.get_by_test_id("stCode").inner_text())
    return edit


def kinds(layers: list[dict[str, Any]]) -> list[Any]:
    return [kinds(layer["layers"]) if layer["kind"] == "Repeat" else layer["kind"] for layer in layers]


def eventually(page: Page, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What Python has, as soon as it is as wanted."""
    deadline = time.monotonic() + 10
    while not holds(edit := result(page)):
        assert time.monotonic() < deadline, edit
        page.wait_for_timeout(50)
    return edit


def wait_for(page: Page, wanted: list[Any]) -> dict[str, Any]:
    """Wait until Python has the stack with these kinds, Repeats as inner lists."""
    return eventually(page, lambda edit: kinds(edit["layers"]) == wanted)


def card(page: Page, number: int) -> Locator:
    """The clickable face of the n-th card, a Repeat's head included."""
    return page.locator(".item[data-id] > .card > .main").nth(number)


def drag(page: Page, number: int, to: Locator, *, below: bool) -> None:
    start = page.locator(".item[data-id] > .card > .handle").nth(number).bounding_box()
    end = to.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    y = end["y"] + end["height"] - 2 if below else end["y"] + 2
    for share in (0.2, 0.5, 0.8, 1):
        page.mouse.move(end["x"] + 20, start["y"] + 10 + (y - start["y"] - 10) * share)
    expect(page.locator(".drop-line")).to_be_visible()
    page.mouse.up()
