import numpy as np
import pandas as pd
import pytest

from nnviz.data.infer import infer_column
from nnviz.data.leak import leaks

RNG = np.random.default_rng(0)
ROWS = 300
NOISE = RNG.normal(size=ROWS)


def found(target: "np.ndarray | list[str]", task: str, **columns: object) -> tuple[str, ...]:
    frame = pd.DataFrame({"noise": NOISE, **columns, "target": target})
    inputs = [infer_column(name, frame[name]) for name in frame.columns if name != "target"]
    return leaks(frame, inputs, "target", task=task)


CLASSES = RNG.choice(["cat", "dog", "emu"], ROWS)
CODES = np.unique(CLASSES, return_inverse=True)[1]
NUMBERS = RNG.lognormal(size=ROWS)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (CODES, "one to one"),
        (CODES * 7.5 - 3, "one to one"),
        (np.char.upper(CLASSES), "one to one"),
        (CODES + RNG.uniform(-0.2, 0.2, ROWS), "alone predicts the target 'target' in "),
        (np.char.add(CLASSES, RNG.choice([" a", " b"], ROWS)), "alone predicts"),
    ],
)
def test_columns_that_give_classes_away(column: np.ndarray, said: str) -> None:
    sentences = found(CLASSES, "classification", culprit=column)
    assert len(sentences) == 1
    assert "'culprit'" in sentences[0]
    assert said in sentences[0]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (NUMBERS, "is a copy"),
        (NUMBERS * -1.8 + 32, "another unit"),
        (np.log(NUMBERS), "rise and fall together"),
        (NUMBERS + RNG.normal(0, 0.01, ROWS), "alone explains"),
        ((NUMBERS - 1) ** 3, "rise and fall together"),
    ],
)
def test_columns_that_give_numbers_away(column: np.ndarray, said: str) -> None:
    sentences = found(NUMBERS, "regression", culprit=column)
    assert len(sentences) == 1
    assert said in sentences[0]


def test_useful_columns_are_not_accused() -> None:
    helpful = CODES + RNG.normal(0, 0.4, ROWS)
    assert found(CLASSES, "classification", helpful=helpful, colour=RNG.choice(["r", "g"], ROWS)) == ()
    assert found(NUMBERS, "regression", helpful=NUMBERS + RNG.normal(0, 0.5, ROWS)) == ()
    rare = np.where(np.arange(ROWS) < 6, "yes", "no")
    assert found(rare, "classification", colour=RNG.choice(["r", "g"], ROWS)) == ()
