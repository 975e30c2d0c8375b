"""Which parameters a form shows at once, and which under "Rarely changed"."""

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog import COSTS, LAYERS, OPTIMIZERS
from nnviz.catalog.param import Param
from nnviz.catalog.updates import latex
from nnviz.ui.common.param_fields import is_rare, momentum_words

ROOT = Path(__file__).parents[3]


def rare(params: tuple[Param, ...]) -> set[str]:
    return {param.name for param in params if is_rare(param)}


def test_what_is_required_is_never_put_away() -> None:
    assert is_rare(Param(name="alpha", type="float", advanced=True, default=1.0))
    assert not is_rare(Param(name="alpha", type="float", advanced=True, required=True, default=1.0))
    assert not is_rare(Param(name="epsilon", type="float", default=1.0))  # whatever the name is


@pytest.mark.parametrize("momentum", [0.5, 0.9, 0.99])
def test_what_momentum_is_for_is_said_with_its_number(momentum: float) -> None:
    velocity = 0.0
    for _ in range(5000):
        velocity = momentum * velocity - 1.0
    words = momentum_words(OPTIMIZERS["SGD"], {"momentum": momentum})
    assert f"with momentum {momentum:g}, to at most {-velocity:.3g} times as far" in words
    assert momentum_words(OPTIMIZERS["Nesterov"], {"momentum": momentum}) == words


def test_without_momentum_nothing_is_said_of_it() -> None:
    assert momentum_words(OPTIMIZERS["SGD"], {}) == momentum_words(OPTIMIZERS["Adam"], {}) == ""
    assert momentum_words(OPTIMIZERS["SGD"], {"momentum": 1.0}) == ""


def test_what_is_put_away_stands_in_the_catalog() -> None:
    common = {
        "weight_decay",
        "clipnorm",
        "clipvalue",
        "global_clipnorm",
        "use_ema",
        "ema_momentum",
        "gradient_accumulation_steps",
    }
    assert rare(OPTIMIZERS["SGD"].params) == common  # momentum and Nesterov are shown
    assert rare(OPTIMIZERS["Lion"].params) == common | {"beta_1", "beta_2"}
    assert all(rare(entry.params) >= common and "learning_rate" not in rare(entry.params) for entry in OPTIMIZERS.values())
    assert rare(COSTS["Tversky"].params) == set()  # two weights, which belong together
    assert rare(LAYERS["LSTM"].params).isdisjoint({"units", "bidirectional", "return_sequences", "activation"})
    weights = ("_initializer", "_regularizer", "_constraint")
    assert all(
        param.name in rare(entry.params) for entry in LAYERS.values() for param in entry.params if param.name.endswith(weights)
    )


def page(kind: str) -> None:
    from nnviz.catalog import OPTIMIZERS
    from nnviz.ui.common.param_fields import about

    about(OPTIMIZERS[kind])


@pytest.mark.parametrize("kind", ["Adam", "Adafactor", "Muon"])
def test_lines_of_an_update_and_their_source_are_shown_whole(kind: str) -> None:
    app = AppTest.from_function(page, args=(kind,)).run()
    assert not app.exception
    texts = [element.value.replace("\\", "").replace("\u2060", "") for element in (*app.markdown, *app.caption)]
    assert not any("…" in text for text in texts)
    assert sum(":gray[" in text for text in texts) == len(latex(kind, {}))
    assert any("arXiv:" in text for text in texts)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_the_formula_comes_first_with_its_symbols_in_words(kind: str) -> None:
    app = AppTest.from_function(page, args=(kind,)).run()
    assert not app.exception
    lines = latex(kind, {})
    paragraphs = [element.value for element in app.markdown]
    # a velocity comes with what it is made of
    formulas = lines if kind in ("Momentum", "Nesterov") else lines[-1:]
    assert paragraphs[: len(formulas)] == [rf"$\displaystyle {formula}$" for formula, _ in formulas]
    assert "$w$ the weight" in paragraphs[len(formulas)]
    assert "the slope of the loss at this weight" in paragraphs[len(formulas)]
    assert [expander.label for expander in app.expander] == ["Exactly"]
    assert app.caption[-1].value.startswith("From: ")


def test_what_opens_by_a_press_has_no_words_that_open_by_pointing_at_it() -> None:
    """Streamlit lays a tooltip over the page once the mouse rests on its button: it takes the press of what opens below it."""
    for path in (*(ROOT / "pages").glob("*.py"), *(ROOT / "nnviz" / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "popover":
                assert "help" not in [keyword.arg for keyword in node.keywords], f"{path.name}:{node.lineno}"
