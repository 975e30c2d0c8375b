"""The guarantees that scikit-learn's own splitters give, for ours; and that the test part stays whatever is repeated."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GroupKFold, StratifiedKFold, TimeSeriesSplit

from nnviz import data
from nnviz.data.splitting.folds import cut, fold_rows
from nnviz.errors import DataError
from nnviz.spec import RunSpec, SplitSpec, members


def every_fold(rows, *, folds, seed=0, test=0.2, test_seed=None, **order):
    return [
        cut(rows, SplitSpec(folds=folds, fold=fold, seed=seed, test=test, test_seed=test_seed), **order)
        for fold in range(1, folds + 1)
    ]


@pytest.mark.parametrize(("rows", "folds", "test"), [(150, 5, 0.2), (101, 7, 0.1), (11, 10, 0.0), (23, 3, 0.3)])
def test_every_row_outside_the_test_part_validates_exactly_once(rows, folds, test):
    parts = every_fold(rows, folds=folds, test=test, seed=4)
    tests = [part.get("test", np.empty(0, int)) for part in parts]
    assert all(np.array_equal(one, tests[0]) for one in tests)
    assert len(tests[0]) == round(rows * test)
    assert sorted(np.concatenate([*(part["validation"] for part in parts), tests[0]])) == list(range(rows))
    for part in parts:
        assert sorted(np.concatenate(list(part.values()))) == list(range(rows))
    sizes = [len(part["validation"]) for part in parts]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("seed", range(5))
def test_classes_keep_their_shares_within_one_row_as_in_scikit_learn(seed):
    labels = np.repeat(np.array(list("abcd"), dtype=object), [60, 33, 8, 2])
    ours = fold_rows(len(labels), folds=5, seed=seed, labels=labels)
    splitter = StratifiedKFold(5, shuffle=True, random_state=seed)
    with pytest.warns(UserWarning, match="least populated class"):
        theirs = [validation for _, validation in splitter.split(labels, labels)]
    for validation, other in zip(ours, theirs, strict=True):
        for label, count in zip("abcd", [60, 33, 8, 2], strict=True):
            assert abs((labels[validation] == label).sum() - count / 5) < 1
            assert (labels[validation] == label).sum() == (labels[other] == label).sum()


def test_more_folds_than_rows_of_any_class_are_not_stratified():
    labels = np.array(list("aabbccdd"), dtype=object)
    assert sorted(np.concatenate(fold_rows(8, folds=4, seed=0, labels=labels))) == list(range(8))
    with pytest.raises(DataError, match="8 rows are too few for 9 folds"):
        fold_rows(8, folds=9, seed=0)


@pytest.mark.parametrize("with_labels", [True, False])
def test_groups_are_never_divided(with_labels):
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 23, 200)
    labels = rng.choice(np.array(["a", "b"], dtype=object), 200) if with_labels else None
    parts = every_fold(200, folds=5, groups=groups, labels=labels)
    for part in parts:
        assert not set(groups[part["train"]]) & set(groups[part["validation"]])
        assert not set(groups[part["test"]]) & set(groups[np.concatenate([part["train"], part["validation"]])])
        assert abs(len(part["test"]) - 40) <= 10
    assert sorted(np.concatenate([*(part["validation"] for part in parts), parts[0]["test"]])) == list(range(200))
    if not with_labels:
        rest = np.sort(np.concatenate([parts[0]["train"], parts[0]["validation"]]))
        theirs = GroupKFold(5, shuffle=True, random_state=0).split(rest, None, groups[rest])
        assert [rest[validation].tolist() for _, validation in theirs] == [part["validation"].tolist() for part in parts]


@pytest.mark.parametrize("seed", range(5))
def test_groups_held_out_come_near_to_the_asked_shares(seed):
    groups = np.repeat(np.arange(40), np.random.default_rng(1).integers(2, 9, 40))
    rows = len(groups)
    labels = np.array(list("ab"), dtype=object)[groups % 2]
    parts = cut(rows, SplitSpec(seed=seed), labels=labels, groups=groups)
    assert sorted(np.concatenate(list(parts.values()))) == list(range(rows))
    names = [set(groups[part_rows]) for part_rows in parts.values()]
    assert sum(map(len, names)) == 40
    for part in ("validation", "test"):
        assert abs(len(parts[part]) - 0.2 * rows) <= 4
        assert 0.3 < (labels[parts[part]] == "a").mean() < 0.7
    with pytest.raises(DataError, match="2 groups are too few for 3 parts"):
        cut(20, SplitSpec(), groups=np.repeat([0, 1], 10))
    with pytest.raises(DataError, match="3 groups are too few for 4 folds"):
        cut(20, SplitSpec(folds=4, test=0), groups=np.arange(20) % 3)


def test_time_is_never_reversed_and_folds_expand_as_in_scikit_learn():
    moments = np.random.default_rng(0).permutation(np.repeat(np.arange(60), 2))
    parts = every_fold(120, folds=4, test=0.0, moments=moments)
    order = np.argsort(moments, kind="stable")
    for part, (train, validation) in zip(parts, TimeSeriesSplit(4).split(order), strict=True):
        assert set(part["train"]) == set(order[train])
        assert set(part["validation"]) == set(order[validation])
    for part in every_fold(120, folds=7, test=0.1, moments=moments):
        assert moments[part["train"]].max() < moments[part["validation"]].min()
        assert moments[part["validation"]].max() < moments[part["test"]].min()
    whole = cut(120, SplitSpec(), moments=moments)
    assert [len(whole[part]) for part in ("train", "validation", "test")] == [72, 24, 24]
    assert moments[whole["train"]].max() < moments[whole["validation"]].min() <= moments[whole["test"]].min()
    with pytest.raises(DataError, match="3 different times are too few"):
        every_fold(30, folds=3, moments=np.arange(30) % 3)


def test_repeats_cut_validation_anew_and_keep_the_test_part():
    spec = RunSpec.parse(
        {
            "data": {"kind": "builtin", "name": "iris"},
            "layers": [],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
            "split": {"seed": 3, "repeats": 3},
        }
    )
    parts = [data.load(member.spec).parts for member in members(spec)]
    alone = data.load(spec.with_("split.repeats", 1)).parts
    np.testing.assert_array_equal(parts[0]["validation"].rows, alone["validation"].rows)
    for one in parts:
        np.testing.assert_array_equal(one["test"].rows, alone["test"].rows)
        assert sorted(np.concatenate([part.rows for part in one.values()])) == list(range(150))
        assert np.bincount(one["validation"].y).tolist() == [10, 10, 10]
    assert len({tuple(one["validation"].rows) for one in parts}) == 3


def table(tmp_path, **columns):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"a": rng.normal(size=60), "b": rng.normal(size=60), **columns, "label": np.where(rng.random(60) > 0.5, "yes", "no")}
    )
    frame.to_csv(tmp_path / "rows.csv", index=False)
    return frame


def file_spec(tmp_path, **split):
    return RunSpec.parse(
        {
            "data": {"kind": "file", "path": str(tmp_path / "rows.csv"), "target": "label"},
            "layers": [],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
            "split": split,
        }
    )


def test_a_column_of_dates_is_cut_along_time_and_another_one_keeps_groups(tmp_path):
    frame = table(
        tmp_path,
        day=pd.date_range("2024-01-01", periods=60).strftime("%Y-%m-%d")[np.argsort(np.arange(60) * 7 % 60)],
        patient=[f"p{number % 12}" for number in range(60)],
    )
    dated = data.load(file_spec(tmp_path, by="day", folds=3, fold=2))
    days = {name: frame["day"].to_numpy()[part.rows] for name, part in dated.parts.items()}
    assert days["train"].max() < days["validation"].min()
    assert days["validation"].max() < days["test"].min()
    assert any("day" in column for column in dated.columns)
    grouped = data.load(file_spec(tmp_path, by="patient", folds=3))
    names = [set(frame["patient"].to_numpy()[part.rows]) for part in grouped.parts.values()]
    assert sum(map(len, names)) == 12
    assert not any("patient" in column for column in grouped.columns)
    with pytest.raises(DataError, match="every repeat of the split would be the same"):
        data.load(file_spec(tmp_path, by="day", folds=3, repeats=2))
    with pytest.raises(DataError, match="cannot be split by the column to predict"):
        data.load(file_spec(tmp_path, by="label"))


def test_a_missing_group_is_told_with_its_row(tmp_path):
    table(tmp_path, patient=[f"p{number % 12}" if number != 4 else "" for number in range(60)])
    with pytest.raises(DataError, match=r"column 'patient': row 5 has no group \(1 rows have none\)"):
        data.load(file_spec(tmp_path, by="patient"))


def test_folds_of_a_file_that_brings_its_own_test_rows(tmp_path):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 3)), np.arange(50) % 2
    np.savez(tmp_path / "own.npz", x_train=x[:40], y_train=y[:40], x_test=x[40:], y_test=y[40:])
    spec = RunSpec.parse(
        {
            "data": {"kind": "file", "path": str(tmp_path / "own.npz")},
            "layers": [],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
            "split": {"folds": 4},
        }
    )
    parts = [data.load(member.spec).parts for member in members(spec)]
    assert [len(one["test"]) for one in parts] == [10] * 4
    assert sorted(np.concatenate([one["validation"].rows for one in parts])) == list(range(40))
    np.savez(tmp_path / "own.npz", x_train=x[:40], y_train=y[:40], x_validation=x[40:], y_validation=y[40:])
    with pytest.raises(DataError, match="validation rows of its own"):
        data.load(spec)


def test_files_of_their_own_are_read_from_the_store(tmp_path):
    from nnviz.jobs.foreground import adopt
    from nnviz.store import Store

    frame = table(tmp_path)
    frame.iloc[:20].to_csv(tmp_path / "val.csv", index=False)
    frame.iloc[20:50].to_csv(tmp_path / "test.csv", index=False)
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    spec = file_spec(tmp_path).with_("data.validation_path", "val.csv").with_("data.test_path", "test.csv")
    adopted = adopt(store, spec, base=tmp_path)
    for name in ("rows.csv", "val.csv", "test.csv"):
        (tmp_path / name).unlink()
    parts = data.load(adopted, blob=store.blobs.get).parts
    assert {name: len(part) for name, part in parts.items()} == {"train": 60, "validation": 20, "test": 30}
    assert adopt(store, adopted, base=tmp_path) == adopted
    store.close()
