"""Numbers that no training can have, typed into the Train page's fields."""

import pytest
from streamlit.testing.v1 import AppTest

from nnviz import jobs


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker answers."""
    for module in (jobs, jobs.launcher):
        monkeypatch.setattr(module, "ensure_supervisor", lambda url: None)


def field(page: AppTest, start: str):
    return next(number for number in page.number_input if str(number.key).startswith(start))


@pytest.mark.parametrize(
    ("start", "value", "words", "place"),
    [
        ("rate:Adam:learning_rate", 300.0, "ust be a number above 0 and up to 100", "Optimizer, learning rate"),
        ("rate:Adam:learning_rate", 1e30, "ust be a number above 0 and up to 100", "Optimizer, learning rate"),
        ("rate:Adam:learning_rate", -1.0, "ust be a number above 0", "Optimizer, learning rate"),
        ("epochs:", 0, "ust be a whole number from 1 to 1,000,000", "Training, epochs"),
        ("epochs:", -7, "ust be a whole number from 1 to 1,000,000", "Training, epochs"),
        ("more:Adam:beta_1", 1.0, "ust be a number from 0 and below 1", "Optimizer, beta 1"),
        ("training:record_every", 0, "ust be a whole number from 1 to 100", "Training, record every"),
        ("training:seed", 2**31, "ust be a whole number from 0 to 2,147,483,647", "Training, seed"),
    ],
)
def test_a_number_out_of_range_is_refused_at_its_field(dashboard, quiet, start, value, words, place) -> None:
    page = dashboard("train")
    field(page, start).set_value(value).run()
    assert not page.exception
    assert any(words in element.value and ":red[" in element.value for element in page.markdown)
    assert any(f"⚠ {place}: m{words}" in text.value for text in page.text), [text.value for text in page.text]
    assert page.button(key="train").disabled
    assert field(page, start).value == value
    field(page, start).set_value(type(value)(0.01) or 1).run()
    assert not page.button(key="train").disabled


def test_a_schedule_of_impossible_numbers_is_refused_at_its_field(dashboard, quiet) -> None:
    page = dashboard("train")
    page.selectbox(key="schedule:Adam").select("CosineDecay").run()
    field(page, "schedule:CosineDecay:decay_steps").set_value(0).run()
    assert not page.exception
    assert any(":red[" in element.value for element in page.markdown)
    assert page.button(key="train").disabled
