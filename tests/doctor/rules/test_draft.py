"""What is said of a draft, before anything was trained."""

import numpy as np
import pytest

from nnviz.doctor import DataFacts, Evidence, RateRange, judge
from nnviz.spec import RunSpec

DENSE = {"kind": "Dense", "units": 8, "activation": "relu"}
SPEC = {
    "data": {"kind": "synthetic", "name": "moons", "samples": 500},
    "layers": [DENSE],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.01},
    "training": {"epochs": 30, "batch_size": 32},
}


def findings(*, rows=300, validation=100, outputs=2, class_shares=None, **change):
    data = DataFacts(
        task="classification",
        shape=(2,),
        outputs=outputs,
        rows={"train": rows, "validation": validation, "test": 100},
        class_shares=class_shares or {},
    )
    return {one.rule: one for one in judge(Evidence(spec=RunSpec.parse(SPEC | change), data=data))}


def sigmoid(count):
    return [DENSE | {"activation": "sigmoid"}] * count


def test_a_usual_draft_is_left_alone():
    assert findings() == {}


@pytest.mark.parametrize(
    ("rule", "change", "without"),
    [
        ("rate_too_high", {"optimizer": {"kind": "Adam", "learning_rate": 0.1}}, {"optimizer": {"kind": "SGD"}}),
        ("vanishing_gradient", {"layers": sigmoid(5)}, {"layers": sigmoid(4)}),
        ("vanishing_gradient", {"layers": sigmoid(6)}, {"layers": [*sigmoid(3), DENSE, *sigmoid(3)]}),
        ("vanishing_gradient", {"layers": [{"kind": "Repeat", "times": 6, "layers": sigmoid(1)}]}, {"layers": sigmoid(1)}),
        ("double_softmax", {"layers": [DENSE | {"activation": "softmax"}]}, {"cost": {"kind": "MeanSquaredError"}}),
        ("bottleneck", {"layers": [DENSE | {"units": 1}, DENSE]}, {"layers": [DENSE, DENSE | {"units": 1}]}),
        ("batch_too_large", {"training": {"epochs": 30, "batch_size": 512}}, {"training": {"epochs": 30, "batch_size": 16}}),
    ],
)
def test_what_goes_wrong_more_often_than_not_is_said_before(rule, change, without):
    assert rule in findings(**change)
    assert rule not in findings(**without)


def test_a_change_is_one_that_the_spec_takes_and_that_settles_it():
    for change in (
        {"optimizer": {"kind": "SGD", "learning_rate": 50.0}},
        {"layers": sigmoid(6)},
        {"layers": [DENSE | {"activation": "softmax"}]},
        {"layers": [DENSE | {"units": 1}, DENSE]},
        {"training": {"epochs": 30, "batch_size": 512}},
    ):
        [finding] = findings(**change).values()
        spec = RunSpec.parse(SPEC | change)
        for path, value in finding.remedy["set"].items():
            spec = spec.with_(path, value)
        record = spec.to_json()
        assert findings(**{name: record[name] for name in ("layers", "optimizer", "training")}) == {}


def sgd(rate):
    return {"optimizer": {"kind": "SGD", "learning_rate": rate}}


def test_what_the_rate_finder_saw_counts_more_than_what_is_usual():
    def named(rate, suggestion, rises):
        finder = RateRange(suggestion, rises)
        spec = RunSpec.parse(SPEC | sgd(rate))
        return {one.rule: one.remedy["set"]["optimizer.learning_rate"] for one in judge(Evidence(spec=spec, finder=finder))}

    assert named(2.0, 0.3, 1.5) == {"rate_too_high": 0.3}
    assert named(1.2, 0.3, 1.5) == {}, "far above the usual, but the loss falls up to 1.5"
    assert named(4.0, 0.3, None) == {"rate_too_high": 0.3}
    assert [*named(2.0, None, None)] == ["rate_too_high"], "the finder could not tell, and 2 is far from usual"
    assert named(0.001, 0.3, 1.5) == {"rate_too_low": 0.3}
    assert named(0.01, 0.3, 1.5) == {}


def test_a_batch_of_more_rows_than_there_are_and_classes_with_too_few_for_all_parts():
    whole = {"training": {"epochs": 30, "batch_size": 64}}
    assert findings(rows=40, validation=20, **whole)["batch_too_large"].remedy["set"] == {"training.batch_size": 8}
    assert "batch_too_large" not in findings(rows=70, validation=20, training={"epochs": 30, "batch_size": 30})
    assert "missing_class" in findings(class_shares={"train": np.array([0.6, 0.396, 0.004])}, outputs=3)
    assert "missing_class" not in findings(class_shares={"train": np.array([0.6, 0.36, 0.04])}, outputs=3)
    by_day = {"split": {"by": "day"}, "data": {"kind": "file", "path": "a.csv"}}
    assert "missing_class" not in findings(class_shares={"train": np.array([0.6, 0.396, 0.004])}, outputs=3, **by_day)


def test_few_validation_rows_are_spoken_of():
    assert "validation_too_small" in findings(rows=60, validation=12)
    assert "validation_too_small" not in findings(validation=300)
