"""What a spec with folds and repeats stands for."""

import pytest

from nnviz.errors import SpecError
from nnviz.spec import RunSpec, is_group, members


def spec(*, split=None, training=None, **data):
    return RunSpec.parse(
        {
            "data": data or {"kind": "builtin", "name": "iris"},
            "layers": [{"kind": "Dense", "units": 4}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
            "split": split or {},
            "training": training or {},
        }
    )


def test_one_run_is_no_group():
    assert not is_group(spec())
    assert not is_group(spec(split={"folds": 5, "fold": 2}))
    assert is_group(spec(split={"folds": 2}))


def test_folds_differ_in_their_fold_alone():
    folds = members(spec(split={"folds": 3, "seed": 7}))
    assert [member.label for member in folds] == ["fold 1/3", "fold 2/3", "fold 3/3"]
    assert [member.spec.split.fold for member in folds] == [1, 2, 3]
    assert {(member.spec.split.seed, member.spec.training.seed) for member in folds} == {(7, 0)}
    assert not any(is_group(member.spec) for member in folds)


def test_repeats_vary_one_seed_only():
    splits = members(spec(split={"folds": 2, "repeats": 2, "seed": 7}))
    assert [(member.spec.split.seed, member.spec.split.test_seed, member.spec.split.fold) for member in splits] == [
        (7, 7, 1),
        (7, 7, 2),
        (8, 7, 1),
        (8, 7, 2),
    ]
    assert {member.spec.training.seed for member in splits} == {0}
    trainings = members(spec(training={"repeats": 3, "seed": 5}))
    assert [member.spec.training.seed for member in trainings] == [5, 6, 7]
    assert {member.spec.split for member in trainings} == {spec().split}
    assert [member.label for member in trainings] == ["training 1/3", "training 2/3", "training 3/3"]
    assert len(members(spec(split={"folds": 5, "repeats": 3}, training={"repeats": 2}))) == 30


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"split": {"folds": 1}}, "split.folds"),
        ({"split": {"folds": 5, "fold": 6}}, "split.fold"),
        ({"split": {"fold": 1}}, "split.fold"),
        ({"split": {"folds": 5, "column": "part"}}, "split.folds"),
        ({"split": {"by": "day", "column": "part"}}, "split.by"),
        ({"split": {"repeats": 2, "validation": 0}}, "split.repeats"),
        ({"split": {"folds": 50, "repeats": 50}}, "split"),
        ({"split": {"folds": 5}, "kind": "file", "path": "a.csv", "validation_path": "b.csv"}, "split.folds"),
    ],
)
def test_what_contradicts_itself_is_refused(fields, where):
    with pytest.raises(SpecError) as caught:
        spec(**fields)
    assert caught.value.where == where
