import numpy as np
import pytest

from nnviz.data.splitting.parts import by_column, split_rows
from nnviz.errors import DataError


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("rows", "validation", "test"), [(10, 0.2, 0.2), (150, 0.2, 0.2), (101, 0.1, 0.3), (12, 0.01, 0.01)])
def test_every_row_is_in_one_part_of_the_asked_size(rows: int, validation: float, test: float, seed: int) -> None:
    parts = split_rows(rows, validation=validation, test=test, seed=seed)
    assert sorted(np.concatenate(list(parts.values()))) == list(range(rows))
    assert len(parts["validation"]) == max(1, round(rows * validation))
    assert len(parts["test"]) == max(1, round(rows * test))


@pytest.mark.parametrize("seed", range(10))
def test_classes_keep_their_shares(seed: int) -> None:
    counts = [100, 57, 20, 2, 1]
    labels = np.repeat(np.array(list("abcde"), dtype=object), counts)
    parts = split_rows(len(labels), validation=0.2, test=0.1, seed=seed, labels=labels)
    for part, share in (("validation", 0.2), ("test", 0.1)):
        for label, count in zip("abc", counts, strict=False):
            assert abs((labels[parts[part]] == label).sum() - share * count) <= 1.5
    assert set("abcde") <= set(labels[parts["train"]])
    assert (labels[parts["train"]] == "d").sum() == 2


def test_every_class_trains_even_with_few_training_rows() -> None:
    for seed in range(20):
        labels = np.repeat(np.array(list("abcd"), dtype=object), 5)
        parts = split_rows(20, validation=0.4, test=0.4, seed=seed, labels=labels)
        assert set(labels[parts["train"]]) == set("abcd")


def test_seeds_and_zero_fractions() -> None:
    one, same, other = (split_rows(50, validation=0.2, test=0, seed=seed) for seed in (1, 1, 2))
    assert set(one) == {"train", "validation"}
    np.testing.assert_array_equal(one["validation"], same["validation"])
    assert not np.array_equal(one["validation"], other["validation"])
    assert len(split_rows(50, validation=0, test=0, seed=0)["train"]) == 50
    with pytest.raises(DataError, match="too few for 3 parts"):
        split_rows(2, validation=0.2, test=0.2, seed=0)


def test_a_column_says_the_part() -> None:
    parts = by_column(["train", " Test", "VAL", "training", "dev"], column="part")
    assert {part: rows.tolist() for part, rows in parts.items()} == {"train": [0, 3], "validation": [2, 4], "test": [1]}
    with pytest.raises(DataError, match="row 2 says 'maybe'"):
        by_column(["train", "maybe"], column="part")
    with pytest.raises(DataError, match="no row is marked train"):
        by_column(["test", "test"], column="part")
