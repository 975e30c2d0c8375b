"""The name that was meant: the same in Python as in the browser."""

import json
import re
from pathlib import Path

import pytest

import nnviz
from nnviz.catalog.expression import FUNCTIONS, parse
from nnviz.catalog.expression.nearest import ALIASES, nearest
from nnviz.errors import ExpressionError

SCRIPT = Path(nnviz.__file__).parent / "browser" / "stack" / "expression" / "nearest.js"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sigmod", "sigmoid"),
        ("tahn", "tanh"),
        ("Relu", "relu"),
        ("sofplus", "softplus"),
        ("ln", "log"),
        ("min", "minimum"),
        ("arctan", "atan"),
        ("swish", ""),
        ("a", ""),
    ],
)
def test_a_name_that_is_almost_right_is_that_name(name: str, meant: str) -> None:
    assert nearest(name, FUNCTIONS) == meant


def test_the_browser_knows_the_same_other_names() -> None:
    table = re.search(r"ALIASES = \{(.*?)\}", SCRIPT.read_text("utf-8"), re.DOTALL)
    assert table
    rows = re.sub(r"(\w+):", r'"\1":', table[1]).strip().rstrip(",")
    assert json.loads("{" + rows + "}") == dict(ALIASES)


def test_an_error_offers_it_before_all_that_is_allowed() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("x * sigmod(x)", names=["x"])
    assert caught.value.remedy.startswith("Did you mean sigmoid? Allowed")
    with pytest.raises(ExpressionError) as caught:
        parse("y_tru - y_pred", names=["y_true", "y_pred"])
    assert caught.value.remedy.startswith("Did you mean y_true?")
    with pytest.raises(ExpressionError) as caught:
        parse("swish(x)", names=["x"])
    assert "Did you mean" not in caught.value.remedy
