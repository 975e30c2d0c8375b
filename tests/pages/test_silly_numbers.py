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


@pytest.mark.parametrize(
    ("way", "key", "value", "words"),
    [
        ("folds", "folds", 1, "Must be a whole number from 2 to 100"),
        ("folds", "folds", 0, "Must be a whole number from 2 to 100"),
        ("repeated", "repeats", 101, "Must be a whole number from 1 to 100"),
        ("hold_outs", "repeats", 0, "Must be a whole number from 1 to 100"),
        ("trainings", "trainings", -3, "Must be a whole number from 1 to 100"),
        ("hold_out", "seed", -1, "Must be a whole number from 0 to 2,147,483,647"),
    ],
)
def test_a_field_of_the_split_refuses_it(dashboard, quiet, way, key, value, words) -> None:
    page = dashboard("train")
    next(box for box in page.selectbox if box.label == "Validate on").set_value(way).run()
    # a second run: what the draft holds now leaves the field as it is
    page.number_input(key=f"split:{key}").set_value(value).run().run()
    assert not page.exception
    assert page.number_input(key=f"split:{key}").value == value
    assert any(words in element.value and ":red[" in element.value for element in page.markdown)
    assert page.button(key="train").disabled
