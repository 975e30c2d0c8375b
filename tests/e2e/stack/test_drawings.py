"""The formulas of activations and costs as the editor reads and draws them, against what Python computes."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nnviz.catalog import ACTIVATIONS, COSTS
from nnviz.catalog.expression import parse
from nnviz.errors import ExpressionError
from nnviz.stream import assets
from nnviz.ui.train.stack_catalog import catalog
from tests.e2e.stack.editor_page import REDRAW, card, eventually

pytestmark = pytest.mark.e2e


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
    eventually(page, lambda edit: edit["layers"][0]["activation"] == {"expression": "sin(x)"})
    typed.fill("tanh(slope * x)")
    page.get_by_role("button", name="Let slope be learned").click()
    expect(page.get_by_label("slope starts at").first).to_have_value("1")
    expect(card(page, 0)).to_contain_text("tanh(slope · x)")
    learned = {"expression": "tanh(slope * x)", "constants": {"slope": 1}}
    eventually(page, lambda edit: edit["layers"][0]["activation"] == learned)


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
    computed, refused = page.evaluate(
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
    for text, row in zip(texts, computed, strict=True):
        mixes = any(f"{name}(" in text for name in ("sum", "max", "mean"))
        wanted = [parse(text, names=["x"]).evaluate({"x": np.array([x, 0.0] if mixes else [x])})[0] for x in values]
        np.testing.assert_allclose(row, wanted, atol=1e-6, err_msg=text)
    assert refused == [True] * len(wrong)
    for text in wrong:
        with pytest.raises(ExpressionError):
            parse(text, names=["x"])


def test_every_formula_is_drawn_with_a_slope_that_differences_confirm(page: Page) -> None:
    """The slope by rules against NumPy's central differences in the middle of the range, and the page's own check."""
    places = [-2.37, -0.81, 0.13, 0.77, 2.61]
    names = {name: entry.formula for name, entry in ACTIVATIONS.items()}
    drawn = page.evaluate(
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
        np.testing.assert_allclose(drawn[name]["slopes"], slopes, rtol=1e-4, atol=1e-4, err_msg=name)
        assert drawn[name]["check"]["wrong"] is None, (name, drawn[name]["check"])
        assert drawn[name]["check"]["points"] > 100, name
        assert len(drawn[name]["path"]) > 200, name
    assert drawn["relu6"]["check"]["kinks"] == [0, 6] or drawn["relu6"]["check"]["kinks"] == [0]
    assert drawn["hard_shrink"]["check"]["kinks"] == [-0.5, 0.5]
    assert drawn["tanh"]["note"].startswith("✓ Slope agrees with differences at 141 points")
    assert "Kinks at 0." in drawn["relu"]["note"]


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
        plots = page.evaluate(
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
        for kind, drawn in plots.items():
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


def test_a_text_that_cannot_be_read_marks_its_card_open_and_closed_until_it_is_mended(page: Page) -> None:
    card(page, 0).click()
    page.get_by_label("Activation", exact=True).select_option(label="typed expression…")
    typed = page.get_by_label("Expression over x")
    typed.fill("x * sigmod(x)")
    wrong, attention = page.locator(".item.wrong"), page.get_by_role("button", name="Layer 1 needs attention")
    expect(wrong).to_have_count(1)
    expect(page.get_by_text("unknown function sigmod")).to_have_count(1)
    expect(page.get_by_role("button", name="be learned")).to_have_count(0)
    edit = eventually(page, lambda edit: edit["error"] is not None)
    assert edit["layers"][0]["activation"] == {"expression": "tanh(x)"}, "the last one that could be read"
    page.get_by_role("button", name="Done").click()
    expect(typed).to_be_hidden()
    expect(wrong.locator(".trouble")).to_have_text("Activation: unknown function sigmod")
    attention.click()
    expect(typed).to_have_value("x * sigmod(x)")
    expect(wrong.locator(".trouble")).to_have_count(0)
    page.get_by_role("button", name="Did you mean sigmoid?").click()
    expect(typed).to_have_value("x * sigmoid(x)")
    expect(wrong).to_have_count(0)
    eventually(page, lambda edit: edit["error"] is None and edit["layers"][0]["activation"] == {"expression": "x * sigmoid(x)"})
    page.get_by_label("Units", exact=True).fill("0")
    eventually(page, lambda edit: edit["error"] is not None)
    card(page, 0).focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_label("Units", exact=True)).to_have_value("16")
    eventually(page, lambda edit: edit["error"] is None and edit["layers"][0]["units"] == 16)
