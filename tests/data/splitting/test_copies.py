"""Rows that stand twice: counted, said where they cross parts, and kept together on request."""

import numpy as np
import pandas as pd
import pytest

from nnviz import data
from nnviz.data.splitting import copies, folds, together
from nnviz.errors import DataError, SpecError
from nnviz.spec import RunSpec, SplitSpec


def frame(rows, seed=0, *, often=5, share=0.12):
    """A rare class whose rows were copied until there are as many as of the other."""
    rng = np.random.default_rng(seed)
    made = pd.DataFrame({f"f{index}": rng.normal(size=rows).round(4) for index in range(4)})
    made["churned"] = np.where(np.arange(rows) < share * rows, "yes", "no")
    rare = made[made.churned == "yes"]
    return pd.concat([made, *[rare] * often], ignore_index=True)


def load(tmp_path, made, split=None, *, kind="CrossEntropy", more=(), **block):
    paths = []
    for number, one in enumerate((made, *more)):
        paths.append(tmp_path / f"{number}.csv")
        one.to_csv(paths[-1], index=False)
    block |= {"test_path": str(paths[1])} if more else {}
    return data.load(
        RunSpec.parse(
            {
                "data": {"kind": "file", "path": str(paths[0]), "target": made.columns[-1]} | block,
                "split": split or {},
                "layers": [],
                "cost": {"kind": kind},
                "optimizer": {"kind": "Adam"},
            }
        )
    )


def rows_of(made, prepared):
    """The rows of each part as texts, straight from the table."""
    texts = made.astype(str).agg("|".join, axis=1).to_numpy()
    return {part: texts[arrays.rows] for part, arrays in prepared.parts.items()}


@pytest.mark.parametrize("seed", range(3))
def test_rows_that_also_train_are_counted_as_pandas_counts_them(tmp_path, seed):
    made = frame(150, seed)
    prepared = load(tmp_path, made)
    texts_of = rows_of(made, prepared)
    assert prepared.report.copies["rows"] == made.duplicated().sum() == 90
    for part in ("validation", "test"):
        crossing = int(np.isin(texts_of[part], texts_of["train"]).sum())
        assert crossing > 10
        assert prepared.report.copies["crossing"][part] == crossing
        assert f"{crossing} of {len(texts_of[part])} rows of the {part} part stand in training too" in "\n".join(
            prepared.report.warnings
        )


@pytest.mark.parametrize("split", [{}, {"folds": 4, "fold": 3}, {"test_seed": 7}, {"by": "who"}, {"folds": 4, "by": "who"}])
@pytest.mark.parametrize("kind", ["CrossEntropy", "MeanSquaredError"])
def test_together_no_row_stands_in_two_parts_and_sizes_are_near(tmp_path, split, kind):
    made = frame(400, 1)
    made.insert(0, "who", [f"w{number}" for number in np.random.default_rng(3).integers(0, 130, len(made))])
    if kind == "MeanSquaredError":
        made["churned"] = (made.churned == "yes") + made.f0
    if "by" in split:
        # one person's rows are copies of nobody else's
        made["who"] = [f"w{hash(key) % 130}" for key in made.f0]
    prepared = load(tmp_path, made, split | {"duplicates": "together"}, kind=kind, **({} if "by" in split else {"drop": ["who"]}))
    texts_of = rows_of(made.drop(columns=[] if "by" in split else "who"), prepared)
    assert not set(texts_of["train"]) & set(texts_of["validation"])
    assert not set(texts_of["train"]) & set(texts_of["test"])
    assert not set(texts_of["validation"]) & set(texts_of["test"])
    assert sum(map(len, texts_of.values())) == len(made)
    assert len(texts_of["test"]) == pytest.approx(0.2 * len(made), abs=12)
    assert prepared.report.copies["crossing"] == {"validation": 0, "test": 0}
    assert not any("stand in training" in word for word in prepared.report.warnings)
    if kind == "CrossEntropy" and not split:
        for texts in texts_of.values():
            share = np.mean([text.endswith("yes") for text in texts])
            assert share == pytest.approx((made.churned == "yes").mean(), abs=0.06)
    if not split:
        again = load(tmp_path, made, {"duplicates": "together"}, kind=kind, drop=["who"])
        np.testing.assert_array_equal(prepared.parts["test"].rows, again.parts["test"].rows)


def test_without_copies_together_is_the_same_as_apart(tmp_path):
    made = frame(100, often=0)
    one, other = load(tmp_path, made), load(tmp_path, made, {"duplicates": "together"})
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(one.parts[part].rows, other.parts[part].rows)


def test_every_fold_validates_each_row_once_and_each_class_by_its_share():
    rng = np.random.default_rng(0)
    sets = rng.integers(0, 300, 1000)
    labels = np.where(sets % 3 == 0, "a", "b").astype(object)
    validations = together.fold_rows(sets, folds=5, seed=2, labels=labels)
    np.testing.assert_array_equal(np.sort(np.concatenate(validations)), np.arange(1000))
    for rows in validations:
        assert not set(sets[rows]) & set(np.delete(sets, rows))
        assert len(rows) == pytest.approx(200, abs=10)
        assert np.mean(labels[rows] == "a") == pytest.approx(np.mean(labels == "a"), abs=0.04)
    big = np.array([0] * 50 + list(range(1, 11)))
    assert all(len(rows) for rows in together.fold_rows(big, folds=5, seed=0))
    with pytest.raises(DataError, match="2 different rows are too few for 3 folds"):
        together.fold_rows(np.repeat([4, 9], 30), folds=3, seed=0)
    with pytest.raises(DataError, match="2 different rows are too few for 3 parts"):
        folds.cut(60, SplitSpec(), copies=np.repeat([4, 9], 30))


def test_a_class_of_few_different_rows_trains():
    sets = np.concatenate([np.arange(90), np.repeat([100, 101], 10)])
    labels = np.array(["many"] * 90 + ["few"] * 20, dtype=object)
    parts = together.split_rows(sets, validation=0.2, test=0.2, seed=0, labels=labels)
    assert (labels[parts["train"]] == "few").sum() == 20


def test_a_file_of_its_own_is_counted_and_said_and_what_cannot_be_kept_is_refused(tmp_path):
    made = frame(100, often=0)
    prepared = load(tmp_path, made, {"duplicates": "together"}, more=[made.iloc[:30]])
    assert prepared.report.copies["crossing"]["test"] == int(np.isin(np.arange(30), prepared.parts["train"].rows).sum())
    assert "the data itself says which rows these are" in "\n".join(prepared.report.warnings)
    with pytest.raises(SpecError, match="says which rows") as caught:
        load(tmp_path, made, {"duplicates": "together", "column": "f0"})
    assert caught.value.where == "split.duplicates"
    with pytest.raises(SpecError, match="duplicates"):
        load(tmp_path, made, {"duplicates": "never"})
    dated = pd.concat([made, made], ignore_index=True)
    dated.insert(0, "day", pd.date_range("2024-01-01", periods=len(dated)).astype(str))
    with pytest.raises(DataError, match="along time, copies cannot be kept"):
        load(tmp_path, dated, {"duplicates": "together", "by": "day"}, columns={"day": {"use": False}})


def test_rows_that_repeat_by_chance_are_said_so_and_only_where_they_are_many(tmp_path):
    rng = np.random.default_rng(0)
    made = pd.DataFrame({"colour": rng.choice(["red", "green", "blue"], 200), "size": rng.choice(["s", "m", "l"], 200)})
    made["kind"] = rng.choice(["a", "b"], 200)
    prepared = load(tmp_path, made)
    warnings = [word for word in prepared.report.warnings if "stand in training too" in word]
    assert len(warnings) == 2
    assert "chance alone makes about" in warnings[0]
    assert not any("another target" in word for word in prepared.report.warnings)


@pytest.mark.parametrize("seed", range(8))
def test_a_few_rows_that_chance_makes_equal_are_counted_without_a_warning(tmp_path, seed):
    rng = np.random.default_rng(seed)
    made = pd.DataFrame({name: rng.integers(0, 6, 200) for name in "abcd"})
    made["y"] = rng.choice(["p", "q"], 200)
    prepared = load(tmp_path, made)
    assert prepared.report.copies["rows"] == made.duplicated().sum() > 0
    assert not any("stand in training too" in word for word in prepared.report.warnings)
    # the same table with a tenth of its rows once more
    more = pd.concat([made, made.iloc[:60]], ignore_index=True)
    again = load(tmp_path, more)
    crossing, expected = again.report.copies["crossing"], again.report.copies["expected"]
    assert sum(crossing.values()) > 2 * sum(expected.values())
    assert any("keep them together" in word for word in again.report.warnings)


def test_what_chance_makes_is_as_many_as_independent_columns_make():
    rng = np.random.default_rng(0)
    shares = {"a": [0.5, 0.3, 0.2], "b": [0.8, 0.1, 0.1], "c": [0.25] * 4, "d": [0.1] * 10}
    counts, wanted = [], []
    for _ in range(30):
        made = pd.DataFrame({name: rng.choice(len(share), 300, p=share) for name, share in shares.items()})
        made["y"] = rng.choice(["p", "q"], 300, p=[0.3, 0.7])
        counted = copies.of_table(made, list("abcd"), ["y"])
        parts = {"train": np.arange(180), "validation": np.arange(180, 240), "test": np.arange(240, 300)}
        chance = copies.by_chance(counted, made, list("abcd"), ["y"])
        counts.append([*counted.crossing(parts).values(), counted.count, counted.twins])
        wanted.append([*chance.crossing(parts).values(), chance.count, chance.twins])
    np.testing.assert_allclose(np.mean(wanted, axis=0), np.mean(counts, axis=0), rtol=0.2)


def test_copies_of_rare_values_are_not_what_makes_them_likely():
    rng = np.random.default_rng(1)
    made = pd.DataFrame({"a": rng.normal(size=100), "b": rng.normal(size=100), "y": ["n"] * 95 + ["y"] * 5})
    made = pd.concat([made, *[made.iloc[95:]] * 18], ignore_index=True)
    counted = copies.of_table(made, ["a", "b"], ["y"])
    chance = copies.by_chance(counted, made, ["a", "b"], ["y"])
    assert counted.count == 90
    assert chance.count == chance.twins == 0


@pytest.mark.parametrize("columns", [["town"], ["town", "country"], ["country", "town", "coast"]])
def test_rows_of_a_few_values_that_go_together_repeat_by_their_nature(tmp_path, columns):
    rng = np.random.default_rng(2)
    town = rng.integers(0, 30, 600)
    made = pd.DataFrame(
        {
            "town": [f"town {number}" for number in town],
            "country": [f"country {number % 7}" for number in town],
            "coast": [f"coast {number % 2}" for number in town],
        }
    )[columns]
    prepared = load(tmp_path, made.assign(y=np.where(rng.random(600) < 0.4, "yes", "no")))
    counts = prepared.report.copies
    assert counts["contradictory"] == 600
    assert counts["expected"]["validation"] > 0.9 * counts["crossing"]["validation"] > 100
    warnings = [word for word in prepared.report.warnings if "stand in training too" in word or "another target" in word]
    assert len(warnings) == 2
    assert all("chance alone makes about" in word for word in warnings)


def test_equal_inputs_with_other_numbers_are_noise_and_with_other_classes_a_contradiction():
    frame = pd.DataFrame({"x": np.repeat(np.arange(100.0), 2), "y": np.arange(200.0)})
    same_inputs = copies.of_table(frame, ["x"], ["y"])
    assert same_inputs.contradictory == 200
    assert copies.warnings_about(same_inputs, None, of_classes=False) == []
    assert "another target" in copies.warnings_about(same_inputs, None)[0]


def test_equal_inputs_with_other_targets_are_said(tmp_path):
    made = frame(100, often=0)
    twice = made.iloc[:10].assign(churned="perhaps")
    prepared = load(tmp_path, pd.concat([made, twice], ignore_index=True))
    assert prepared.report.copies["contradictory"] == 20
    assert prepared.report.copies["rows"] == 0
    assert "20 rows have the inputs of another row but another target" in "\n".join(prepared.report.warnings)


def test_columns_that_are_not_used_and_the_way_a_number_is_written_do_not_count():
    made = pd.DataFrame(
        {"a": [1.0, -0.0, np.nan, 1.0, 0.0, np.nan], "b": ["x", "y", None, " x", "y", ""], "y": ["p", "q", "q", "p", "q", "q"]},
        dtype=object,
    ).astype({"a": float})
    counted = copies.of_table(made, ["a", "b"], ["y"])
    assert counted.count == 3
    np.testing.assert_array_equal(counted.same, [0, 1, 2, 0, 1, 2])
    assert copies.of_table(made.iloc[:3], ["a", "b"], ["y"]).count == 0


def test_joined_holds_together_what_either_does():
    first, second = np.array([0, 0, 1, 2, 3, 4]), np.array([5, 6, 6, 7, 8, 7])
    groups = copies.joined(first, second)
    assert len(set(groups)) == 3
    assert groups[0] == groups[1] == groups[2]
    assert groups[3] == groups[5] != groups[4]


def test_no_row_of_a_quarter_of_a_million_is_taken_for_another():
    rng = np.random.default_rng(0)
    rows = 250_000
    made = pd.DataFrame(
        {f"x{index}": rng.normal(size=rows) for index in range(7)}
        | {f"c{index}": pd.Series(rng.choice(list("abcd"), rows), dtype="str") for index in range(3)}
    )
    made["y"] = made["c0"]
    assert copies.of_table(made, list(made.columns[:10]), ["y"]).count == 0


def test_images_are_compared_by_their_pixels(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 255, (60, 5, 5)).astype(np.uint8)
    x[30:50] = x[:20]
    y = np.arange(60) % 3
    y[30:50] = y[:20]
    np.savez(tmp_path / "x.npz", x=x, y=y)

    def loaded(**split):
        return data.load(
            RunSpec.parse(
                {
                    "data": {"kind": "file", "path": str(tmp_path / "x.npz")},
                    "split": split,
                    "layers": [],
                    "cost": {"kind": "CrossEntropy"},
                    "optimizer": {"kind": "Adam"},
                }
            )
        )

    apart = loaded()
    assert apart.report.copies["rows"] == 20
    assert apart.report.copies["crossing"]["validation"] > 1
    assert "images of the validation part stand in training too (equal in every pixel" in "\n".join(apart.report.warnings)
    prepared = loaded(duplicates="together")
    assert prepared.report.copies["crossing"] == {"validation": 0, "test": 0}
