"""The block `sweep` of a spec: what it stands for, and what it refuses."""

import itertools

import pytest

from nnviz.errors import SpecError
from nnviz.spec import (
    MAX_TRIALS,
    RunSpec,
    choices,
    combinations,
    field_type,
    grid,
    is_group,
    sweep_of,
    trial_spec,
    variable_fields,
)

BASE = {
    "data": {"kind": "builtin", "name": "iris"},
    "layers": [{"kind": "Dense", "units": 8}, {"kind": "Repeat", "times": 2, "layers": [{"kind": "Dropout", "rate": 0.1}]}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "beta_1": 0.8},
}
RATE = {"optimizer.learning_rate": {"log": [0.0001, 0.1]}}


def spec(vary, **sweep):
    others = {name: sweep.pop(name) for name in ("split", "training", "from") if name in sweep}
    return RunSpec.parse(BASE | others | {"sweep": {"vary": vary, **sweep}})


def test_a_sweep_comes_back_from_its_json_and_is_no_group():
    written = spec(
        RATE | {"layers[0].units": {"list": [8, 16]}}, method="random", trials=7, goal="val_accuracy", prune=True, seed=3
    )
    assert RunSpec.parse(written.to_json()) == written
    assert written.to_json()["sweep"]["vary"]["optimizer.learning_rate"] == {"log": [0.0001, 0.1]}
    assert not is_group(written)
    assert sweep_of(written).goals == ("val_accuracy",)
    with pytest.raises(SpecError, match="nothing that varies"):
        sweep_of(RunSpec.parse(BASE))


def test_a_trial_is_the_spec_with_its_values_and_no_sweep():
    values = {"layers[1].layers[0].rate": 0.25, "optimizer.learning_rate": 0.003}
    trial = trial_spec(spec(RATE | {"layers[1].layers[0].rate": {"range": [0, 0.5]}}), values)
    assert trial.sweep is None
    assert trial.layers[1].layers[0].rate == 0.25
    assert trial.optimizer.learning_rate == 0.003
    assert trial.optimizer.beta_1 == 0.8


def test_another_kind_keeps_of_the_fields_those_that_it_has():
    trial = trial_spec(
        spec({"optimizer.kind": {"list": ["SGD", "Adam"]}} | RATE), {"optimizer.learning_rate": 0.5, "optimizer.kind": "SGD"}
    )
    assert trial.to_json()["optimizer"] == {"kind": "SGD", "learning_rate": 0.5}


def test_a_grid_is_the_product_of_its_values():
    asked = spec(
        {"layers[0].units": {"range": [4, 12], "step": 4}, "layers[1].layers[0].rate": {"range": [0.1, 0.3], "step": 0.1},
         "layers[0].activation": {"list": ["relu", "tanh"]}},
        method="grid",
    )  # fmt: skip
    assert choices(asked, "layers[0].units") == [4, 8, 12]
    assert choices(asked, "layers[1].layers[0].rate") == pytest.approx([0.1, 0.2, 0.3])
    assert combinations(asked) == 18 == len(grid(asked))
    assert [tuple(values.values())[0::2] for values in grid(asked)[:4]] == [(4, "relu"), (4, "tanh"), (4, "relu"), (4, "tanh")]
    wanted = itertools.product([4, 8, 12], ["relu", "tanh"])
    assert {tuple(values.values())[0::2] for values in grid(asked)} == set(wanted)
    assert combinations(spec(RATE)) is None
    assert combinations(spec({"training.batch_size": {"log": [8, 64]}})) == 57


def test_the_type_of_a_field_is_the_catalogs():
    asked = spec(RATE)
    assert [field_type(asked, path) for path in ("optimizer.learning_rate", "layers[0].units", "layers[0].activation")] == [
        "float",
        "int",
        "activation",
    ]


def test_all_fields_that_may_vary_do():
    asked = RunSpec.parse(BASE)
    fields = variable_fields(asked)
    assert fields[0][0] == "optimizer.learning_rate"
    for path, param in fields:
        value = (
            param.choices[0]
            if param.choices
            else "tanh"
            if param.type == "activation"
            else True
            if param.type == "bool"
            else None
        )
        if value is not None and param.name != "transform":
            assert spec({path: {"list": [value]}}).sweep is not None


@pytest.mark.parametrize(
    ("vary", "words"),
    [
        ({"optimizer.learnin_rate": {"log": [0.1, 0.2]}}, "optimizer.learning_rate"),
        ({"layers[7].units": {"list": [4]}}, "no field"),
        ({"optimizer.learning_rate": {"log": [0.1, 0.1]}}, "empty"),
        ({"optimizer.learning_rate": {"range": [0.2, 0.1]}}, "empty"),
        ({"optimizer.learning_rate": {"log": [0, 0.1]}}, "above 0"),
        ({"layers[1].layers[0].rate": {"range": [0, 1.5]}}, "below 1"),
        ({"layers[0].units": {"list": [8, 0]}}, "from 1 to"),
        ({"layers[0].units": {"list": []}}, "empty"),
        ({"layers[0].units": {"list": [8, 8]}}, "twice"),
        ({"layers[0].units": {"range": [8, 16], "step": 0.5}}, "whole"),
        ({"layers[0].units": {"range": [8, 16], "list": [8]}}, "together"),
        ({"layers[0].units": {}}, "no values"),
        ({"layers[0].activation": {"range": [1, 2]}}, "no number"),
        ({"layers[0].activation": {"list": ["rellu"]}}, "activation"),
        ({"name": {"list": ["a", "b"]}}, "same for all"),
    ],
)  # fmt: skip
def test_what_cannot_vary_so_is_refused_at_its_path(vary, words):
    with pytest.raises(SpecError) as refused:
        spec(vary)
    assert refused.value.where == f"sweep.vary.{next(iter(vary))}"
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("vary", "fields", "where", "words"),
    [
        (RATE, {"method": "grid"}, "sweep.vary.optimizer.learning_rate", "counted"),
        ({"layers[0].units": {"range": [1, 9000]}}, {"method": "grid"}, "sweep.vary", f"{MAX_TRIALS:,}"),
        (RATE, {"trials": MAX_TRIALS + 1}, "sweep.trials", str(MAX_TRIALS)),
        (RATE, {"goal": "val_acuracy"}, "sweep.goal", "val_accuracy"),
        (RATE, {"goal": "test_accuracy"}, "sweep.goal", "val_accuracy"),
        (RATE, {"goal": ["val_loss", "val_loss"]}, "sweep.goal", "different"),
        (RATE, {"goal": ["val_loss", "val_accuracy"], "prune": True}, "sweep.prune", "one goal"),
        (RATE, {"method": "baes"}, "sweep.method", "bayes"),
        (RATE, {"split": {"folds": 5}}, "sweep", "split.folds"),
        (RATE, {"training": {"repeats": 3}}, "sweep", "training.repeats"),
        (RATE, {"from": {"run": "a", "step": 3}}, "sweep", "from"),
        (RATE, {"split": {"validation": 0}}, "sweep.goal", "validation"),
    ],
)
def test_a_sweep_that_makes_no_sense_is_refused(vary, fields, where, words):
    with pytest.raises(SpecError) as refused:
        spec(vary, **fields)
    assert (refused.value.where, words in refused.value.message) == (where, True), refused.value.message


def test_the_json_schema_covers_it():
    schema = RunSpec.model_json_schema()["$defs"]
    assert schema["SweepSpec"]["properties"]["trials"]["maximum"] == MAX_TRIALS
    assert set(schema["Vary"]["properties"]) == {"list", "range", "log", "step"}
