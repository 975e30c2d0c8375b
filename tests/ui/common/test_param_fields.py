"""Which parameters a form shows at once, and which under "More"."""

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog import COSTS, LAYERS, OPTIMIZERS
from nnviz.catalog.param import Param
from nnviz.catalog.updates import latex
from nnviz.ui.common.param_fields import is_rare


def rare(params: tuple[Param, ...]) -> set[str]:
    return {param.name for param in params if is_rare(param)}


def test_what_is_required_is_never_put_away() -> None:
    assert is_rare(Param(name="alpha", type="float", advanced=True, default=1.0))
    assert not is_rare(Param(name="alpha", type="float", advanced=True, required=True, default=1.0))
    assert not is_rare(Param(name="epsilon", type="float", default=1.0))  # whatever the name is


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
