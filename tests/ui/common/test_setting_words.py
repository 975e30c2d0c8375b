import pytest

from nnviz.spec import RunSpec
from nnviz.ui.common.setting_words import differences, differing, summary

DENSE = [{"kind": "Dense", "units": 32, "activation": "relu"}, {"kind": "Dense", "units": 16, "activation": "relu"}]
SPIRALS = {"kind": "synthetic", "name": "spirals", "noise": 0.2}


def spec(**blocks):
    return RunSpec.parse(
        {
            "data": SPIRALS,
            "layers": DENSE,
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam", "learning_rate": 0.01},
            "training": {"epochs": 30},
            **blocks,
        }
    )


def dense(*units, activation="relu"):
    return [{"kind": "Dense", "units": size, "activation": activation} for size in units]


@pytest.mark.parametrize(
    ("blocks", "phrases"),
    [
        ({"optimizer": {"kind": "Adam", "learning_rate": 0.1}}, ["learning rate 0.01 → 0.1"]),
        ({"optimizer": {"kind": "SGD", "learning_rate": 0.01}}, ["optimizer Adam → SGD"]),
        (
            {"optimizer": {"kind": "SGD", "learning_rate": 0.1, "momentum": 0.9}},
            ["optimizer Adam → SGD", "learning rate 0.01 → 0.1", "momentum 0.9"],
        ),
        ({"layers": dense(64, 32)}, ["hidden layers 32-16 → 64-32"]),
        ({"layers": dense(64)}, ["hidden layers 32-16 → 64"]),
        ({"layers": dense(64, 32, 16, activation="tanh")}, ["hidden layers 32-16 → 64-32-16", "activation relu → tanh"]),
        ({"layers": []}, ["hidden layers 32-16 → none"]),
        ({"layers": [DENSE[0] | {"activation": "tanh"}, DENSE[1]]}, ["activation of layer 1: relu → tanh"]),
        ({"layers": dense(32, 16, activation="tanh")}, ["activation of layers 1, 2: relu → tanh"]),
        (
            {"layers": [DENSE[0], {"kind": "Dropout", "rate": 0.1}, DENSE[1]]},
            ["layers Dense 32 relu, Dense 16 relu → Dense 32 relu, Dropout 0.1, Dense 16 relu"],
        ),
        ({"layers": [{"kind": "Repeat", "times": 2, "layers": [DENSE[0]]}]}, ["hidden layers 32-16 → 32x2"]),
        ({"cost": {"kind": "MeanSquaredError"}}, ["cost CrossEntropy → MeanSquaredError"]),
        ({"data": SPIRALS | {"noise": 0.5}}, ["noise 0.2 → 0.5"]),
        ({"data": {"kind": "builtin", "name": "iris"}}, ["data spirals → iris"]),
        ({"training": {"epochs": 30, "seed": 1}}, ["seed 0 → 1"]),
        (
            {"training": {"epochs": 60, "batch_size": 8, "keep": "best"}},
            ["epochs 30 → 60", "batch size 32 → 8", "keep last → best"],
        ),
        ({"training": {"epochs": 30, "early_stopping": {"patience": 5}}}, ["early stopping none → patience 5"]),
        ({"split": {"seed": 3, "validation": 0.1}}, ["validation share 0.2 → 0.1", "seed of the split 0 → 3"]),
        ({"name": "another name"}, []),
    ],
)
def test_what_has_changed_in_the_fields_words(blocks, phrases):
    assert differences(spec(), spec(**blocks)) == phrases


def test_by_meaning():
    written = spec(
        data=SPIRALS | {"samples": 500, "seed": 0},
        optimizer={"kind": "Adam", "learning_rate": 0.01, "beta_1": 0.9},
        training={"epochs": 30, "batch_size": 32, "seed": 0, "keep": "last"},
        split={"validation": 0.2, "test": 0.2, "seed": 0},
    )
    assert differences(spec(), written) == []
    one = spec(data={"kind": "synthetic", "name": "spirals", "noise": 1})
    assert differences(one, spec(data={"kind": "synthetic", "name": "spirals", "noise": 1.0})) == []
    kernel = {"kind": "Conv2D", "filters": 4, "kernel_size": 3}
    square = kernel | {"kernel_size": [3, 3]}
    images = {"kind": "builtin", "name": "digits"}
    assert differences(spec(data=images, layers=[kernel]), spec(data=images, layers=[square])) == []


def test_the_most_telling_comes_first_and_no_path_is_in_it():
    other = spec(
        data=SPIRALS | {"noise": 0.1},
        layers=dense(8, 8),
        cost={"kind": "MeanSquaredError"},
        optimizer={"kind": "SGD", "learning_rate": 0.1},
        training={"epochs": 5, "seed": 4},
    )
    labels = [one.label for one in differing([spec(), other])]
    assert labels == ["optimizer", "learning rate", "hidden layers", "cost", "epochs", "noise", "seed"]
    assert not any("." in label or "_" in label or "[" in label for label in labels)


def test_settings_that_one_of_several_lacks():
    specs = [spec(), spec(optimizer={"kind": "SGD", "momentum": 0.9}), spec(optimizer={"kind": "Adam", "learning_rate": 0.01})]
    table = {one.label: one.texts for one in differing(specs)}
    assert table["optimizer"] == ("Adam", "SGD", "Adam")
    assert table["momentum"] == (None, "0.9", None)
    assert "beta 1" not in table


def test_a_branch_and_what_users_wrote():
    branch = spec().to_json() | {"from": {"run": "a", "step": 1200}}
    assert differences(spec(), RunSpec.parse(branch)) == ["start fresh weights → step 1,200 of another run"]
    file = {"kind": "file", "path": "/home/x/a\u202eb.csv", "target": "y"}
    phrase = differences(spec(), spec(data=file))[0]
    assert phrase == "data spirals → a\\u202eb.csv"
    assert "/home" not in phrase


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ({}, "Adam 0.01, 32-16"),
        ({"layers": []}, "Adam 0.01, no hidden layers"),
        ({"optimizer": {"kind": "SGD"}}, "SGD 0.2, 32-16"),
        ({"data": {"kind": "builtin", "name": "digits"}, "layers": [{"kind": "Flatten"}, *DENSE]}, "Adam 0.01, 32-16"),
    ],
)
def test_a_spec_in_short(blocks, words):
    assert summary(spec(**blocks)) == words
