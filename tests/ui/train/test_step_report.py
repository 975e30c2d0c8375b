"""The panel of one step, from a real story: what it says are the story's numbers."""

import json
import re
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.engine.loop.session import Session
from nnviz.engine.training.explain import explain
from nnviz.ui.train import step_report
from tests.engine.support import prepared, spec


@pytest.fixture(scope="module")
def story() -> dict[str, Any]:
    """A step of Adam with weight decay, on 22 rows of 8 inputs: the last 10 of them are its batch."""
    data = prepared(shape=(8,))
    settings = spec([], optimizer={"kind": "AdamW", "learning_rate": 0.01, "use_ema": True}, batch_size=12)
    train = data.parts["train"]
    explanation = explain(
        Session(settings, data), train.x, train.y, step=1, seed=0, rate=0.01, variable="cost.kernel", rows=train.rows
    )
    return json.loads(json.dumps(explanation.to_json()))


def page(story: dict) -> None:  # type: ignore[type-arg]
    from nnviz.ui.train.step_report import draw

    draw(story)


def drawn(story: dict[str, Any]) -> tuple[AppTest, str]:
    app = AppTest.from_function(page, kwargs={"story": story}, default_timeout=30).run()
    assert not app.exception
    html = " ".join(element.proto.body for element in app.get("html"))
    return app, unescape(re.sub(r"<style>.*?</style>|<[^>]*>", "", html, flags=re.S))


def test_the_panel_shows_rows_their_mean_and_the_formula_with_its_numbers(story: dict[str, Any]) -> None:
    app, text = drawn(story)
    frame = app.dataframe[0].value
    assert list(frame.columns) == ["row", "target", "answer", "cost", "x1", "x2", "x3", "x4", "x5", "x6"]
    assert list(frame["cost"]) == story["costs"]
    assert set(frame["target"]) <= {"a", "b", "c"}
    assert "first 6 of 8 inputs" in app.caption[0].value
    assert "**Step 2**: batch 2 of 2 in epoch 1" in app.markdown[0].value
    assert f"/ {story['count']} = {step_report.number(story['loss'])}" in text
    assert sum(story["costs"]) / len(story["costs"]) == pytest.approx(story["loss"], rel=1e-6)
    mean = story["lines"][1]
    g = f"{story['gradient']:.4g}".replace("-", "−")
    assert f"g = {g}" in text
    assert "m = β1 · m + (1 − β1) · g" in text
    put_in = g if story["gradient"] > 0 else f"({g})"
    assert f"= 0.9 · 0 + (1 − 0.9) · {put_in} = {step_report.number(mean['value'])}" in text
    assert f"before {step_report.number(story['before'], 6)}" in text
    assert f"after {step_report.number(story['after'], 6)}" in text
    assert "Moving average of the weight" in text


def test_a_step_that_diverged_and_answers_that_are_numbers_are_shown_in_words(story: dict[str, Any]) -> None:
    diverged = story | {
        "after": None,
        "accuracy": None,
        "classes": [],
        "weighted": True,
        "penalty": 0.25,
        "count": 500,
        "targets": [[0.5]] * len(story["rows"]),
        "answers": [[0.25]] * len(story["rows"]),
    }
    app, text = drawn(diverged)
    assert "after not finite" in text
    assert "answers were right" not in text
    assert "penalty of the regularizers: 0.25" in text
    assert f"{len(story['rows'])} of 500 rows" in app.caption[0].value
    assert "weight of the row's class" in app.caption[0].value
    assert list(app.dataframe[0].value["answer"]) == [0.25] * len(story["rows"])


def test_formulas_are_set_as_mathematics() -> None:
    assert step_report.formula("0.13 ** (-(-0.5)) * 1e-07") == "0.13<sup>−(−0.5)</sup> · 10<sup>−7</sup>"
    assert (
        step_report.formula("w - lr / (1 - beta_1 ** t)") == "<i>w</i> − <i>η</i> / (1 − <i>β</i><sub>1</sub><sup><i>t</i></sup>)"
    )
    assert step_report.formula("where(norm_w > 0, 2, 1)") == "where(<i>norm</i><sub>w</sub> &gt; 0, 2, 1)"
    assert step_report.symbol("v_hat") == "<i>v̂</i>"
    assert step_report.symbol("weight_decay") == "<i>weight decay</i>"
    assert step_report.mean({"costs": [1.0, 2.0, 6.0], "count": 3, "loss": 3.0}) == "(1 + 2 + 6) / 3 = 3"
    assert step_report.mean({"costs": [1.0] * 32, "count": 64, "loss": 1.5}) == "(1 + 1 + 1 + 1 + …) / 64 = 1.5"
    assert step_report.number(-0.03196) == "−0.03196"
