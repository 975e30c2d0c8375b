import numpy as np
import pandas as pd
import pytest

from nnviz.data.columns.infer import infer_column
from nnviz.data.columns.leakage import leaks

RNG = np.random.default_rng(0)
ROWS = 300
NOISE = RNG.normal(size=ROWS)


def leak_sentences(target: "np.ndarray | list[str]", task: str, **columns: object) -> tuple[str, ...]:
    frame = pd.DataFrame({"noise": NOISE, **columns, "target": target})
    inputs = [infer_column(name, frame[name]) for name in frame.columns if name != "target"]
    return leaks(frame, inputs, "target", task=task)


CLASSES = RNG.choice(["cat", "dog", "emu"], ROWS)
CODES = np.unique(CLASSES, return_inverse=True)[1]
NUMBERS = RNG.lognormal(size=ROWS)


@pytest.mark.parametrize(
    ("column", "phrase"),
    [
        (CODES, "one to one"),
        (CODES * 7.5 - 3, "one to one"),
        (np.char.upper(CLASSES), "one to one"),
        (CODES + RNG.uniform(-0.2, 0.2, ROWS), "alone predicts the target 'target' in "),
        (np.char.add(CLASSES, RNG.choice([" a", " b"], ROWS)), "alone predicts"),
    ],
)
def test_columns_that_give_classes_away(column: np.ndarray, phrase: str) -> None:
    sentences = leak_sentences(CLASSES, "classification", culprit=column)
    assert len(sentences) == 1
    assert "'culprit'" in sentences[0]
    assert phrase in sentences[0]


@pytest.mark.parametrize(
    ("column", "phrase"),
    [
        (NUMBERS, "is a copy"),
        (NUMBERS * -1.8 + 32, "another unit"),
        (np.log(NUMBERS), "rise and fall together"),
        (NUMBERS + RNG.normal(0, 0.01, ROWS), "alone explains"),
        ((NUMBERS - 1) ** 3, "rise and fall together"),
    ],
)
def test_columns_that_give_numbers_away(column: np.ndarray, phrase: str) -> None:
    sentences = leak_sentences(NUMBERS, "regression", culprit=column)
    assert len(sentences) == 1
    assert phrase in sentences[0]


def test_useful_columns_are_not_accused() -> None:
    helpful = CODES + RNG.normal(0, 0.4, ROWS)
    assert leak_sentences(CLASSES, "classification", helpful=helpful, colour=RNG.choice(["r", "g"], ROWS)) == ()
    assert leak_sentences(NUMBERS, "regression", helpful=NUMBERS + RNG.normal(0, 0.5, ROWS)) == ()
    rare = np.where(np.arange(ROWS) < 6, "yes", "no")
    assert leak_sentences(rare, "classification", colour=RNG.choice(["r", "g"], ROWS)) == ()


MANY = np.array([f"item {number:03d}" for number in RNG.permutation(np.repeat(np.arange(150), 2))])
MOMENTS = pd.date_range("2021-01-01", periods=ROWS, freq="29h").to_series().reset_index(drop=True)


def test_many_values_do_not_hide_what_a_category_gives_away() -> None:
    prices = dict(zip(np.unique(MANY), RNG.lognormal(size=150), strict=True))
    sentences = leak_sentences(np.array([prices[item] for item in MANY]), "regression", item=MANY)
    assert ["one to one" in sentence for sentence in sentences] == [True]
    kinds = dict(zip(np.unique(MANY), RNG.choice(["cat", "dog", "emu"], 150), strict=True))
    sentences = leak_sentences(np.array([kinds[item] for item in MANY]), "classification", item=MANY)
    assert len(sentences) == 1
    assert "'item' alone predicts" in sentences[0]
    assert leak_sentences(NUMBERS, "regression", item=MANY) == ()
    assert leak_sentences(CLASSES, "classification", item=MANY) == ()


def test_words_of_numbers_are_compared_as_numbers() -> None:
    whole = RNG.integers(1, 90, ROWS)
    # two units: such a column is one of words
    price = np.array([f"{value} {unit}" for value, unit in zip(whole, RNG.choice(["apples", "pears"], ROWS), strict=True)])
    sentences = leak_sentences(whole * 3.0 + RNG.normal(0, 0.01, ROWS), "regression", price=price)
    assert len(sentences) == 1
    assert "'price'" in sentences[0]


@pytest.mark.parametrize("part", ["month", "weekday", "hour"])
def test_a_date_whose_part_is_the_target(part: str) -> None:
    values = getattr(MOMENTS.dt, {"weekday": "day_of_week"}.get(part, part)).to_numpy()
    for target, task in ((values.astype(float), "regression"), (np.array([f"no {value}" for value in values]), "classification")):
        sentences = leak_sentences(target, task, recorded=MOMENTS.dt.strftime("%Y-%m-%d %H:%M"))
        assert len(sentences) == 1
        assert f"its {part} stands for it one to one" in sentences[0]


def test_a_date_that_rises_with_the_target() -> None:
    since = (MOMENTS - MOMENTS[0]).dt.total_seconds().to_numpy()
    assert "straight line" in leak_sentences(since / 86400, "regression", recorded=MOMENTS.dt.strftime("%Y-%m-%d %H:%M"))[0]
    assert leak_sentences(NUMBERS, "regression", recorded=MOMENTS.dt.strftime("%Y-%m-%d %H:%M")) == ()


def test_a_column_that_is_filled_in_for_one_class_only() -> None:
    boat = np.where(CLASSES == "emu", RNG.choice(["1", "2", "A"], ROWS), None)
    sentences = leak_sentences(np.where(CLASSES == "emu", "saved", "lost"), "classification", boat=boat)
    assert len(sentences) == 1
    assert "by where it is missing" in sentences[0]
    by_chance = np.where(RNG.random(ROWS) < 0.6, RNG.choice(["1", "2"], ROWS), None)
    assert leak_sentences(CLASSES, "classification", boat=by_chance) == ()
