"""A race: what it stands for, what its variants are called, and what is refused, at its path."""

import pytest

from nnviz.errors import SpecError
from nnviz.spec import RunSpec, alone, is_group, members

BASE = {
    "data": {"kind": "builtin", "name": "iris"},
    "layers": [
        {"kind": "Dense", "units": 4, "activation": "relu"},
        {"kind": "Residual", "layers": [{"kind": "Dense", "units": 4, "activation": "relu"}, {"kind": "Dense", "units": 4}]},
    ],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.01},
    "training": {"seed": 7},
}


def race(vary, over, **blocks):
    return RunSpec.parse(BASE | blocks | {"race": {"vary": vary, "over": over}})


def test_the_variants_differ_in_what_varies_alone():
    over = [{"kind": "SGD", "learning_rate": 0.1}, {"kind": "Adam", "learning_rate": 0.01}]
    spec = race("optimizer", over)
    assert is_group(spec)
    assert [member.label for member in members(spec)] == ["SGD 0.1", "Adam 0.01"]
    for member, optimizer in zip(members(spec), over, strict=True):
        assert member.spec == alone(spec).with_("optimizer", optimizer)
        assert not is_group(member.spec)
    assert RunSpec.parse(spec.to_json()) == spec
    assert alone(spec) == RunSpec.parse(BASE)


def test_an_activation_is_that_of_every_layer_that_has_one():
    tanh = members(race("activation", ["relu", "tanh"]))[1].spec
    assert tanh.layers[0].activation == "tanh"
    assert [layer.written().get("activation") for layer in tanh.layers[1].layers] == ["tanh", None]
    one = members(race("layers[0].activation", ["relu", "tanh"]))[1].spec
    assert (one.layers[0].activation, one.layers[1].layers[0].activation) == ("tanh", "relu")


@pytest.mark.parametrize(
    ("vary", "over", "labels"),
    [
        ("optimizer.learning_rate", [0.001, 0.01], ["rate 0.001", "rate 0.01"]),
        ("activation", ["relu", {"expression": "x * sigmoid(x)"}], ["relu", "x * sigmoid(x)"]),
        ("cost", [{"kind": "CrossEntropy"}, {"kind": "MeanSquaredError"}], ["CrossEntropy", "MeanSquaredError"]),
        ("training.batch_size", [8, 64], ["batch size 8", "batch size 64"]),
        ("optimizer", [{"kind": "SGD", "momentum": 0.5}, {"kind": "SGD"}], ["SGD momentum 0.5", "SGD"]),
    ],
)
def test_the_variants_are_called_by_what_differs(vary, over, labels):
    assert [member.label for member in members(race(vary, over))] == labels


@pytest.mark.parametrize(
    ("vary", "over", "where"),
    [
        ("optimizer", [{"kind": "SGD"}, {"kind": "Adam", "learning_rate": -1}], "race.over[1].learning_rate"),
        ("optimizer", [{"kind": "SGD"}, {"kind": "Adm"}], "race.over[1].kind"),
        ("optimizer.learning_rate", [0.1, 0.01, -1], "race.over[2]"),
        ("activation", ["relu", "tan"], "race.over[1]"),
        ("layers[7].activation", ["relu", "tanh"], "race.vary"),
        ("training.seed", [1, 2], "race.vary"),
        ("data.name", ["iris", "wine"], "race.vary"),
        ("optimizer", [{"kind": "SGD"}], "race.over"),
        ("optimizer.learning_rate", [0.1 * n for n in range(1, 10)], "race.over"),
        ("optimizer.learning_rate", [0.1, 0.2, 0.1], "race.over[2]"),
        ("optimizer", 3, "race.over"),
    ],
)
def test_what_cannot_race_is_refused_at_its_path(vary, over, where):
    with pytest.raises(SpecError) as caught:
        race(vary, over)
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("blocks", "where"),
    [({"split": {"folds": 3}}, "race"), ({"training": {"repeats": 2}}, "race"), ({"from": {"run": "a" * 12, "step": 3}}, "from")],
)
def test_a_race_is_of_single_runs(blocks, where):
    with pytest.raises(SpecError) as caught:
        race("optimizer.learning_rate", [0.1, 0.2], **blocks)
    assert caught.value.where == where
