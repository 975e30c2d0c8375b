"""The editor in a real browser, against the smallest page that holds it."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from nnviz.catalog import ACTIVATIONS, COSTS
from nnviz.catalog.expression import parse
from nnviz.errors import ExpressionError
from nnviz.stream import assets
from nnviz.ui.train.stack_editor import catalog
from tests.serving import Server

SCRIPT = """
import json, time
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from nnviz.stack import plan
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
    st.code(json.dumps({"layers": edit.layers, "cost": edit.cost, "error": edit.error and str(edit.error),
                        "parameters": edit.plan and edit.plan.parameters}), language=None)

if get_script_run_ctx(suppress_warning=True) is not None:
    page()
else:
    app = st.App(__file__, routes=routes())
"""
REDRAW = "stack => stack.parentNode.stackEditor.render()"  # what an answer to an earlier edit does
pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("page")
    (folder / "page.py").write_text(SCRIPT, encoding="utf-8")
    server = Server(home=folder / "home", script=folder / "page.py").start()
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests here, so that Streamlit's own scripts are loaded from its cache; nothing else is kept in it."""
    found = browser.new_context(viewport={"width": 1280, "height": 1000})
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    visit(page, address)
    yield page
    page.close()
    assert errors == []


def visit(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".status > span").first).not_to_be_empty(timeout=30_000)


def result(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.get_by_test_id("stCode").inner_text())
    return found


def kinds(layers: list[dict[str, Any]]) -> list[Any]:
    return [kinds(layer["layers"]) if layer["kind"] == "Repeat" else layer["kind"] for layer in layers]


def eventually(page: Page, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What Python has, as soon as it is as wanted."""
    deadline = time.monotonic() + 10
    while not holds(found := result(page)):
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(50)
    return found


def wait_for(page: Page, wanted: list[Any]) -> dict[str, Any]:
    """Wait until Python has the stack with these kinds, Repeats as inner lists."""
    return eventually(page, lambda found: kinds(found["layers"]) == wanted)


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


def test_shows_shapes_parameters_and_the_cost_last(page: Page) -> None:
    expect(card(page, 0)).to_contain_text("48 params")
    expect(card(page, 1)).to_contain_text("544 params")
    expect(card(page, 2)).to_contain_text("272 each")
    expect(page.locator(".item.cost")).to_contain_text("Dense 2 · softmax · then the loss")
    expect(page.locator(".item.cost .handle")).to_have_count(0)
    expect(page.locator(".status")).to_contain_text("626 parameters")
    expect(page.locator(".status .good")).to_be_visible()


def test_adds_a_layer_before_the_cost_and_after_a_chosen_card(page: Page) -> None:
    page.get_by_role("button", name="Add layer").click()
    page.get_by_role("menuitem", name="BatchNormalization").click()
    wait_for(page, ["Dense", ["Dense", "Dropout"], "BatchNormalization"])
    card(page, 0).focus()
    page.get_by_role("button", name="Add layer").click()
    page.get_by_role("menuitem", name="Dropout Sets").click()
    found = wait_for(page, ["Dense", "Dropout", ["Dense", "Dropout"], "BatchNormalization"])
    assert found["layers"][1]["rate"] == 0.2


def test_edits_units_in_place_and_refuses_what_is_out_of_range(page: Page) -> None:
    card(page, 0).click()
    units = page.get_by_label("Units", exact=True)
    units.fill("24")
    expect(card(page, 0)).to_contain_text("72 params")
    eventually(page, lambda found: found["layers"][0]["units"] == 24)
    units.fill("0")
    units.blur()
    expect(page.locator(".field-error").first).to_contain_text("whole number from 1 to 65536")
    page.wait_for_timeout(400)
    assert result(page)["layers"][0]["units"] == 24
    expect(units).to_have_value("0")
    units.fill("32")
    expect(page.locator(".field-error").first).to_be_empty()
    expect(card(page, 0)).to_contain_text("96 params")


def test_a_repeat_varies_units_over_its_copies(page: Page) -> None:
    card(page, 2).click()
    units = page.get_by_label("Units", exact=True)
    units.fill("64 / 2**i")
    expect(card(page, 2)).to_contain_text("64 / 2**i units")
    # 16 -> 64 -> 32: 16 * 64 + 64 + 64 * 32 + 32; then 32 * 2 + 2 for the cost and 48 for the first layer.
    expect(page.locator(".status")).to_contain_text(f"{16 * 64 + 64 + 64 * 32 + 32 + 66 + 48:,} parameters")
    units.fill("8, 4, 2")
    expect(page.locator(".field-error").first).to_contain_text("3 values for 2 copies")


def test_drags_a_card_into_a_repeat_and_out_of_it(page: Page) -> None:
    drag(page, 0, page.locator(".item[data-kind=Dropout]"), below=False)
    wait_for(page, [["Dense", "Dense", "Dropout"]])
    drag(page, 3, page.locator(".item.repeat"), below=False)
    wait_for(page, ["Dropout", ["Dense", "Dense"]])


def test_wraps_in_a_repeat_and_counts_its_copies(page: Page) -> None:
    card(page, 0).focus()
    page.keyboard.press("r")
    wait_for(page, [["Dense"], ["Dense", "Dropout"]])
    page.get_by_role("button", name="More copies").first.click()
    expect(card(page, 0)).to_contain_text(f"{48 + 2 * 272} params")
    eventually(page, lambda found: found["layers"][0]["times"] == 3)
    card(page, 0).click()
    page.locator(".actions").get_by_role("button", name="Unwrap").click()
    wait_for(page, ["Dense", ["Dense", "Dropout"]])


def test_removes_and_undoes(page: Page) -> None:
    before = result(page)["layers"]
    card(page, 1).focus()
    page.keyboard.press("Delete")
    wait_for(page, ["Dense"])
    expect(page.locator(".snack")).to_contain_text("Removed Repeat")
    page.get_by_role("button", name="Undo").click()
    wait_for(page, ["Dense", ["Dense", "Dropout"]])
    assert result(page)["layers"] == before


def test_moves_by_keyboard_into_and_out_of_a_repeat(page: Page) -> None:
    card(page, 0).focus()
    page.keyboard.press("Alt+ArrowDown")
    wait_for(page, [["Dense", "Dense", "Dropout"]])
    page.keyboard.press("Alt+ArrowUp")
    wait_for(page, ["Dense", ["Dense", "Dropout"]])
    page.keyboard.press("ArrowDown")
    expect(card(page, 1)).to_be_focused()
    page.keyboard.press("d")
    wait_for(page, ["Dense", ["Dense", "Dropout"], ["Dense", "Dropout"]])
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator(".item.cost .editor")).to_be_visible()


def test_a_typed_expression_is_drawn_as_it_is_typed(page: Page) -> None:
    card(page, 0).click()
    page.get_by_label("Activation", exact=True).select_option(label="typed expression…")
    typed = page.get_by_label("Expression over x")
    drawn = page.locator(".curve .function").first
    typed.fill("x * sigmoid(1.7 * x)")
    swish = drawn.get_attribute("d")
    typed.fill("x * sigmoid(1.7 * ")
    expect(page.locator(".field-activation .field-error")).to_contain_text("position 19")
    assert drawn.get_attribute("d") == swish
    typed.fill("sin(x)")
    assert drawn.get_attribute("d") != swish
    expect(card(page, 0)).to_contain_text("sin(x)")
    eventually(page, lambda found: found["layers"][0]["activation"] == {"expression": "sin(x)"})
    typed.fill("tanh(slope * x)")
    page.get_by_role("button", name="Let slope be learned").click()
    expect(page.get_by_label("slope starts at").first).to_have_value("1")
    expect(card(page, 0)).to_contain_text("tanh(slope · x)")
    learned = {"expression": "tanh(slope * x)", "constants": {"slope": 1}}
    eventually(page, lambda found: found["layers"][0]["activation"] == learned)


def test_a_wrong_card_is_mended_by_its_button(page: Page, address: str) -> None:
    visit(page, f"{address}/?image")
    wrong = page.locator(".item.wrong")
    expect(wrong).to_contain_text("Flatten needed before Dense: input is 26x26x4")
    expect(wrong.locator("b")).to_have_count(0)
    wrong.get_by_role("button", name="Insert Flatten").click()
    wait_for(page, ["Conv2D", "Flatten", "Dense"])
    expect(page.locator(".item.wrong")).to_have_count(0)
    expect(page.locator(".status .good")).to_be_visible()


def test_the_cost_is_chosen_on_its_card(page: Page) -> None:
    page.get_by_role("combobox", name="Cost").select_option("Huber")
    page.locator(".item.cost .main").click()
    page.get_by_label("Delta", exact=True).fill("2")
    eventually(page, lambda found: found["cost"] == {"kind": "Huber", "delta": 2})


@pytest.mark.parametrize("face", [".item[data-id] > .card > .main", ".item.cost .main"])
def test_an_answer_between_press_and_release_swallows_no_click(page: Page, face: str) -> None:
    words = page.locator(f"{face} .ellipsis").first.bounding_box()
    assert words
    page.mouse.move(words["x"] + 5, words["y"] + 5)
    page.mouse.down()
    page.locator(".stack").evaluate(REDRAW)
    page.mouse.up()
    expect(page.locator(face).first).to_have_attribute("aria-expanded", "true")


def test_undoes_step_by_step(page: Page) -> None:
    card(page, 0).focus()
    page.keyboard.press("d")
    wait_for(page, ["Dense", "Dense", ["Dense", "Dropout"]])
    card(page, 1).click()
    page.get_by_label("Units", exact=True).fill("5")
    eventually(page, lambda found: found["layers"][1]["units"] == 5)
    card(page, 0).focus()
    page.keyboard.press("Control+z")
    eventually(page, lambda found: found["layers"][1]["units"] == 16)
    page.keyboard.press("Control+z")
    wait_for(page, ["Dense", ["Dense", "Dropout"]])


def test_a_finger_drags_on_a_small_screen(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    visit(page, address)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    touch = context.new_cdp_session(page)
    start = page.locator(".item[data-id] > .card > .handle").first.bounding_box()
    end = page.locator(".item[data-kind=Dropout]").bounding_box()
    assert start
    assert end
    x, y = start["x"] + 12, start["y"] + 12
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for share in (0.3, 0.7, 1):
        point = {"x": x, "y": y + (end["y"] + 2 - y) * share}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    wait_for(page, [["Dense", "Dense", "Dropout"]])
    context.close()


def test_presets_replace_the_layers_and_can_be_undone(page: Page) -> None:
    page.get_by_role("button", name="Presets").click()
    page.get_by_role("menuitem", name="Deep net").click()
    wait_for(page, [["Dense"]])
    page.get_by_role("button", name="Undo").click()
    wait_for(page, ["Dense", ["Dense", "Dropout"]])


def test_edits_outrun_a_slow_page_and_none_is_lost(page: Page, address: str) -> None:
    visit(page, f"{address}/?slow")
    for _ in range(3):
        card(page, 0).focus()
        page.keyboard.press("d")
        page.wait_for_timeout(150)
    expect(page.locator(".stack > .list > .item")).to_have_count(5)
    wait_for(page, ["Dense", "Dense", "Dense", "Dense", ["Dense", "Dropout"]])
    expect(page.locator(".stack > .list > .item")).to_have_count(5)


def test_the_page_can_replace_the_stack(page: Page) -> None:
    card(page, 0).focus()
    page.keyboard.press("d")
    wait_for(page, ["Dense", "Dense", ["Dense", "Dropout"]])
    page.get_by_role("button", name="another stack").click()
    assert wait_for(page, ["Dense"])["layers"][0]["units"] == 3
    expect(page.locator(".stack > .list > .item")).to_have_count(1)


def test_the_browser_reads_expressions_as_python_does(page: Page) -> None:
    values = [-3.3, -1.0, -0.5, 0.0, 0.2, 0.5, 1.0, 2.7]
    texts = [entry.formula for entry in ACTIVATIONS.values()] + [
        "-x**2",
        "2**-x",
        "2**3**0.5 * x",
        "0 < x < 1",
        "- -x + +x",
        "1e-3*x + .5",
        "pi*x + e",
        "mean(x) + x",
        "erf(x)/3",
    ]
    wrong = [
        "",
        "x+",
        "foo(x)",
        "y",
        "(x",
        "x)",
        "clip(x,1)",
        "x^2",
        "sin",
        "2 x",
        "max()",
        "x,1",
        "x.real",
        "x[0]",
        "1e999",
        "x if x else 1",
        "lambda: x",
        "__import__('os')",
        "x; x",
        "x = 1",
    ]
    found, refused = page.evaluate(
        f"""async ([texts, values, wrong]) => {{
        const {{ parseExpression }} = await import("{assets.url("stack/expression/parse.js")}");
        const fails = (text) => {{ try {{ parseExpression(text, ["x"]); return false; }} catch {{ return true; }} }};
        return [texts.map((text) => {{
            const {{ run, mixes }} = parseExpression(text, ["x"]);
            return values.map((x) => run({{ x: mixes ? [x, 0] : [x] }})[0]);
        }}), wrong.map(fails)];
    }}""",
        [texts, values, wrong],
    )
    for text, row in zip(texts, found, strict=True):
        mixes = any(f"{name}(" in text for name in ("sum", "max", "mean"))
        wanted = [parse(text, names=["x"]).evaluate({"x": np.array([x, 0.0] if mixes else [x])})[0] for x in values]
        np.testing.assert_allclose(row, wanted, atol=1e-6, err_msg=text)
    assert refused == [True] * len(wrong)
    for text in wrong:
        with pytest.raises(ExpressionError):
            parse(text, names=["x"])


def test_blocks_are_built_by_keyboard_and_mouse(page: Page) -> None:
    """A Residual around a layer, a Parallel with a layer in its second branch and a third one, a number over the copies."""
    page.set_viewport_size({"width": 1280, "height": 1600})

    def nested(layers: list[dict[str, Any]]) -> list[Any]:
        return [
            [layer["kind"], *map(nested, layer.get("branches", [layer["layers"]] if "layers" in layer else []))]
            if "layers" in layer or "branches" in layer
            else layer["kind"]
            for layer in layers
        ]

    def wait_for_blocks(*wanted: Any) -> dict[str, Any]:
        return eventually(page, lambda found: nested(found["layers"]) == list(wanted) and found["error"] is None)

    repeat = ["Repeat", ["Dense", "Dropout"]]
    card(page, 0).focus()
    page.keyboard.press("s")
    found = wait_for_blocks(["Residual", ["Dense"]], repeat)
    assert found["layers"][0]["project"] is True, "2 inputs, 16 units: the skip is projected"
    expect(page.locator(".residual .joint")).to_contain_text("adds the input, projected")
    assert found["parameters"] == 626 + 2 * 16
    card(page, 1).focus()
    page.keyboard.press("p")
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], []]]], repeat)
    expect(page.get_by_role("list", name="Branch 2")).to_have_attribute("data-empty", "passes its input on")
    expect(page.locator(".less:visible")).to_have_count(0)

    page.get_by_role("button", name="Add a layer to branch 2").click()
    page.get_by_role("menuitem", name="Activation").click()
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation"]]]], repeat)
    page.get_by_role("button", name="Add branch").click()
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation"], []]]], repeat)
    drag(page, 6, page.get_by_role("list", name="Branch 3"), below=False)
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation"], ["Dropout"]]]], ["Repeat", ["Dense"]])
    page.locator(".item[data-kind='Dropout'] > .card > .main").focus()
    page.keyboard.press("Alt+ArrowUp")
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation", "Dropout"], []]]], ["Repeat", ["Dense"]])
    page.get_by_role("button", name="Remove branch 3").click()
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation", "Dropout"]]]], ["Repeat", ["Dense"]])
    page.get_by_role("button", name="Undo").click()
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation", "Dropout"], []]]], ["Repeat", ["Dense"]])

    card(page, 1).click()
    page.get_by_label("Join", exact=True).select_option("add")
    expect(page.locator(".parallel.wrong")).to_contain_text("branches of 16 and 2 cannot be added")
    page.get_by_label("Join", exact=True).select_option("concatenate")
    expect(page.locator(".wrong")).to_have_count(0)
    card(page, 6).click()
    page.get_by_role("button", name="Units varies over the copies").click()
    expect(page.get_by_label("Units", exact=True)).to_have_value("16, 16")
    page.get_by_label("Units", exact=True).fill("16 / 2**i")
    found = eventually(page, lambda found: found["layers"][1]["layers"][0]["units"] == {"each": "16 / 2**i"})
    page.get_by_role("button", name="Units varies over the copies").click()
    eventually(page, lambda found: found["layers"][1]["layers"][0]["units"] == 16)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add layer").click()
    page.get_by_role("menuitem", name="Residual").click()
    found = wait_for_blocks(
        ["Residual", [["Parallel", ["Dense"], ["Activation", "Dropout"], []]]], ["Repeat", ["Dense", ["Residual", ["Dense"]]]]
    )
    assert found["layers"][1]["layers"][1]["layers"][0]["units"] == 16, "as wide as what it is given"
    expect(page.locator(".wrong")).to_have_count(0)
    page.keyboard.press("Shift+R")
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation", "Dropout"], []]]], ["Repeat", ["Dense", "Dense"]])


def test_every_formula_is_drawn_with_a_slope_that_differences_confirm(page: Page) -> None:
    """The slope by rules against NumPy's central differences in the middle of the range, and the page's own check."""
    places = [-2.37, -0.81, 0.13, 0.77, 2.61]
    names = {name: entry.formula for name, entry in ACTIVATIONS.items()}
    found = page.evaluate(
        f"""async ([names, places]) => {{
        const {{ curveOf, checkSlope }} = await import("{assets.url("stack/expression/slope.js")}");
        const {{ drawCurve, slopeNote }} = await import("{assets.url("stack/expression/plot.js")}");
        return Object.fromEntries(Object.entries(names).map(([name, formula]) => {{
            const f = curveOf(formula, "x");
            const svg = drawCurve(f, {{}});
            return [name, {{ slopes: places.map(f.slope), check: checkSlope(f, -4, 4),
                path: svg.querySelector(".function").getAttribute("d"), note: slopeNote([checkSlope(f, -4, 4)]).textContent }}];
        }}));
    }}""",
        [names, places],
    )
    for name, formula in names.items():
        mixes = any(f"{word}(" in formula for word in ("sum", "max", "mean"))
        expression = parse(formula, names=["x"])
        after, before = (
            [expression.evaluate({"x": np.array([x + h, 0.0] if mixes else [x + h])})[0] for x in places] for h in (1e-6, -1e-6)
        )
        slopes = (np.array(after) - np.array(before)) / 2e-6
        np.testing.assert_allclose(found[name]["slopes"], slopes, rtol=1e-4, atol=1e-4, err_msg=name)
        assert found[name]["check"]["wrong"] is None, (name, found[name]["check"])
        assert found[name]["check"]["points"] > 100, name
        assert len(found[name]["path"]) > 200, name
    assert found["relu6"]["check"]["kinks"] == [0, 6] or found["relu6"]["check"]["kinks"] == [0]
    assert found["hard_shrink"]["check"]["kinks"] == [-0.5, 0.5]
    assert found["tanh"]["note"].startswith("✓ Slope agrees with differences at 141 points")
    assert "Kinks at 0." in found["relu"]["note"]


def test_a_slope_that_differences_deny_is_told(page: Page) -> None:
    note = page.evaluate(f"""async () => {{
        const {{ curveOf, checkSlope }} = await import("{assets.url("stack/expression/slope.js")}");
        const {{ slopeNote }} = await import("{assets.url("stack/expression/plot.js")}");
        return slopeNote([checkSlope(curveOf("(x + 1e13) - 1e13", "x"), -4, 4)]).textContent;
    }}""")
    assert note.startswith("✕ At")


def test_every_cost_is_drawn_and_the_browser_computes_what_python_does(page: Page) -> None:
    for task in ("classification", "regression"):
        costs = {kind: entry for kind, entry in catalog(task, (3,))["costs"].items() if kind != "Expression"}
        found = page.evaluate(
            f"""async ([task, costs]) => {{
            const {{ costOf, still }} = await import("{assets.url("stack/expression/slope.js")}");
            const {{ costPlot }} = await import("{assets.url("stack/cost_plot.js")}");
            return Object.fromEntries(Object.entries(costs).map(([kind, entry]) => {{
                const formula = (entry.transform === "sigmoid" && entry.sigmoid_formula) || entry.formula;
                const own = entry.params.filter(({{ name }}) => formula.includes(name));
                const numbers = Object.fromEntries(own.map((param) => [param.name, param.default]));
                const [drawing, note] = costPlot(task, entry, {{ formula, numbers, transform: entry.transform }});
                const f = costOf(formula, entry.columns, numbers, () => ({{ y_true: still(0, 1), y_pred: still(0.3, 0.7) }}));
                const path = drawing.querySelector(".function").getAttribute("d");
                return [kind, {{ path, note: note.textContent, value: f(0), formula, numbers }}];
            }}));
        }}""",
            [task, costs],
        )
        for kind, drawn in found.items():
            assert re.match("^M.{60,}", drawn["path"]), kind
            assert drawn["note"].startswith("✓"), (kind, drawn["note"])
            expression = parse(drawn["formula"], names=["y_true", "y_pred", *drawn["numbers"]])
            each = expression.evaluate({"y_true": np.array([0, 1.0]), "y_pred": np.array([0.3, 0.7]), **drawn["numbers"]})
            wanted = {"row": each[0], "sum": each.sum(), "mean": each.mean()}[COSTS[kind].columns]
            np.testing.assert_allclose(drawn["value"], wanted, rtol=1e-9, err_msg=kind)


def test_a_typed_cost_is_drawn_as_it_is_typed(page: Page) -> None:
    page.get_by_role("combobox", name="Cost").select_option("Expression")
    page.locator(".item.cost .main").click()
    drawn = page.locator(".cost-picture .curve .function")
    expect(page.locator(".cost-picture .slope-note")).to_contain_text("✓")
    before = drawn.get_attribute("d")
    typed = page.get_by_label("Expression", exact=True)
    typed.fill("abs(y_true - y_pred) ** 3")
    now = drawn.get_attribute("d")
    assert now != before
    page.locator(".stack").evaluate(REDRAW)
    assert drawn.get_attribute("d") == now
    typed.fill("abs(y_true - ")
    page.locator(".stack").evaluate(REDRAW)
    expect(page.locator(".cost-picture.stale")).to_be_visible()
    assert drawn.get_attribute("d") == now
