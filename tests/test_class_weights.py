"""Class weights by the names of classes."""

import pytest

from nnviz.errors import SpecError
from nnviz.spec import BuiltinData, FileData, check_class_weight, class_weight_by_position, class_weight_list, weights_spelled_out
from nnviz.ui.common.session import change_draft, draft

NEW = FileData.model_validate({"kind": "file", "path": "a.csv"})
OLD = FileData.model_validate({"kind": "file", "path": "a.csv", "read": {"rules": 1}})


@pytest.mark.parametrize(
    ("class_weight", "classes", "right"),
    [
        ({"1": 5.0}, ("1", "2"), [5, 1]),
        ({"2": 5.0}, ("1", "2", "3"), [1, 5, 1]),
        ({"0": 3.0, "1": 2.0}, ("0", "1"), [3, 2]),
        ({"-1": 4.0}, ("-1", "0", "1"), [4, 1, 1]),
        ({"yes": 0.0}, ("no", "yes"), [1, 0]),
        ({"Gr\u00fcn": 2.0}, ("Gru\u0308n", "rot"), [2, 1]),
    ],
)
def test_a_key_names_a_class_as_it_is_written(class_weight, classes, right):
    assert class_weight_list(class_weight, classes) == right


@pytest.mark.parametrize(
    ("key", "classes", "remedy"),
    [
        ("Yes", ("no", "yes"), "Did you mean 'yes'? Its classes are: 'no', 'yes'."),
        ("0", ("1", "2"), "Its classes are: '1', '2'."),
        ("1.0", ("1", "2"), "Did you mean '1'?"),
        ("versicolour", ("setosa", "versicolor"), "Did you mean 'versicolor'?"),
        ("nope", tuple(map(str, range(40))), "'11' and 28 more."),
        ("", ("a", "b"), "Its classes are: 'a', 'b'."),
    ],
)
def test_a_key_that_names_none_is_refused_with_the_classes_there_are(key, classes, remedy):
    with pytest.raises(SpecError, match="is no class of this data") as caught:
        check_class_weight({classes[0]: 1.0, key: 10.0}, task="classification", classes=classes, data=NEW)
    assert caught.value.where == "cost.class_weight"
    assert remedy in caught.value.remedy
    assert ("Did you mean" in caught.value.remedy) == ("Did you mean" in remedy)


def test_one_class_is_not_named_twice():
    with pytest.raises(SpecError, match="given two weights"):
        class_weight_list({"Gr\u00fcn": 2.0, "Gru\u0308n": 3.0}, ("Gr\u00fcn", "rot"))


def test_files_of_the_first_rules_weigh_as_they_did():
    assert class_weight_by_position(OLD)
    assert not class_weight_by_position(NEW)
    assert not class_weight_by_position(BuiltinData(kind="builtin", name="iris"))
    assert class_weight_list({"1": 5.0}, ("1", "2"), places=True) == [5, 5]
    check_class_weight({"nope": 5.0}, task="classification", classes=("1", "2"), data=OLD)


def test_numbers_have_no_class_weights():
    with pytest.raises(SpecError, match="this is a regression"):
        check_class_weight("balanced", task="regression", classes=(), data=NEW)
    check_class_weight(None, task="regression", classes=(), data=NEW)


def test_stored_weights_of_our_own_sets_are_written_by_name():
    iris = {"kind": "builtin", "name": "iris"}
    assert weights_spelled_out(iris, {"0": 5.0}) == {"setosa": 5.0, "versicolor": 1.0, "virginica": 1.0}
    assert weights_spelled_out(iris, {"virginica": 2.0, "2": 9.0}) == {"setosa": 1.0, "versicolor": 1.0, "virginica": 2.0}
    assert weights_spelled_out({"kind": "synthetic", "name": "moons"}, {"nope": 1}) == {"0": 1.0, "1": 1.0}
    assert weights_spelled_out(iris, {"setosa": 5.0}) is None
    assert weights_spelled_out(iris, "balanced") is None
    assert weights_spelled_out({"kind": "builtin", "name": "diabetes"}, {"0": 5.0}) is None
    assert weights_spelled_out({"kind": "file", "name": "iris"}, {"0": 5.0}) is None


def test_the_names_of_our_own_sets_are_those_of_their_data():
    from nnviz import data
    from nnviz.catalog import DATASETS
    from nnviz.spec import RunSpec

    for name, entry in DATASETS.items():
        if entry.task == "classification" and name != "mnist5000":
            block = {"kind": entry.kind, "name": name}
            spec = RunSpec.parse({"data": block, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "Adam"}})
            assert data.load(spec).classes == entry.names


def test_the_page_says_it_before_train_is_pressed():
    cost = {"kind": "CrossEntropy", "class_weight": {"nope": 1.0}}
    with pytest.raises(SpecError, match="'nope' is no class"):
        change_draft(cost=cost).spec()
    assert draft().facts.classes == ("0", "1")
    assert change_draft(cost={"kind": "CrossEntropy", "class_weight": {"1": 2.0}}).spec().cost.class_weight == {"1": 2.0}
