import copy
import json
import math
import time

import pytest

from nnviz.catalog import COSTS, LAYERS, OPTIMIZERS, SCHEDULES
from nnviz.errors import RequestError, SpecError
from nnviz.spec import (
    MAX_LAYERS,
    RunSpec,
    changes,
    differences,
    expand,
    layer_count,
    output_columns,
    parse_cost,
    parse_layers,
    summary,
)

PENGUINS = {
    "version": 1,
    "name": "penguins, two hidden layers",
    "data": {"kind": "file", "path": "penguins.csv", "target": "species"},
    "split": {"validation": 0.2, "test": 0.2, "seed": 0},
    "layers": [
        {"kind": "Dense", "units": 64, "activation": "relu"},
        {
            "kind": "Repeat",
            "times": 3,
            "layers": [
                {"kind": "Dense", "units": 32, "activation": {"expression": "x * sigmoid(1.7 * x)"}},
                {"kind": "Dropout", "rate": 0.1},
            ],
        },
    ],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.001},
    "training": {"epochs": 30, "batch_size": 32, "seed": 0},
}


def changed(path, value):
    """PENGUINS with the field at `path` (keys and numbers) set."""
    record = copy.deepcopy(PENGUINS)
    place = record
    for key in path[:-1]:
        place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
    place[path[-1]] = value
    return record


def removed(*path):
    record = copy.deepcopy(PENGUINS)
    place = record
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return record


def refusal(record):
    with pytest.raises(RequestError) as caught:
        RunSpec.parse(record)
    return caught.value


def test_the_example_of_the_contract_comes_back_as_it_was_written():
    spec = RunSpec.parse(PENGUINS)
    assert spec.to_json() == PENGUINS
    assert RunSpec.parse(json.dumps(spec.to_json())) == spec
    assert spec.layers[1].layers[1].rate == 0.1
    assert spec.optimizer.params["beta_1"] == 0.9
    assert spec.training.keep == "last"


@pytest.mark.parametrize(
    "record",
    [
        changed(["data"], {"kind": "builtin", "name": "iris"}),
        changed(["data"], {"kind": "synthetic", "name": "spirals", "samples": 200, "noise": 0, "seed": 3}),
        changed(
            ["data"],
            {
                "kind": "file",
                "path": "a.csv",
                "target": -1,
                "task": "regression",
                "header": False,
                "drop": ["a", 0, -1],
                "validation_path": "b.csv",
                "test_path": "c.csv",
                "read": {"separator": ";", "decimal": ",", "encoding": "latin-1"},
                "columns": {"kind": {"type": "category", "use": False}},
            },
        ),
        changed(["data", "target"], None),
        changed(["split"], {"column": "part"}),
        changed(["layers"], []),
        changed(["layers", 0], {"kind": "Dense", "units": 8, "name": "first", "trainable": False}),
        changed(["layers", 1, "layers", 0, "units"], {"each": [64, 32, 16]}),
        changed(["layers", 1, "layers", 0, "units"], {"each": "64 / 2**i"}),
        changed(["layers", 0, "activation"], {"expression": "x * sigmoid(a * x)", "constants": {"a": 1}}),
        changed(
            ["cost"],
            {
                "kind": "CrossEntropy",
                "transform": "sigmoid",
                "class_weight": {"a": 1.0, "b": 2.5},
                "project": False,
                "use_bias": False,
                "kernel_initializer": "zeros",
            },
        ),
        changed(["cost", "class_weight"], "balanced"),
        changed(["cost"], {"kind": "Expression", "expression": "square(y_true - y_pred)", "transform": "identity"}),
        changed(
            ["optimizer"],
            {
                "kind": "SGD",
                "momentum": 0.9,
                "nesterov": True,
                "clipnorm": 1.0,
                "use_ema": True,
                "weight_decay": 0.01,
                "schedule": {"kind": "CosineDecay", "decay_steps": 500},
            },
        ),
        changed(["optimizer", "schedule"], None),
        changed(["training"], {"early_stopping": {"patience": 5}, "keep": "best", "record_every": 2}),
    ],
)
def test_what_the_contract_allows_goes_round(record):
    spec = RunSpec.parse(record)
    assert json.loads(json.dumps(spec.to_json())) == record
    assert RunSpec.parse(spec.to_json()) == spec


@pytest.mark.parametrize(
    ("record", "where", "what"),
    [
        (changed(["layers", 1, "layers", 0, "unit"], 3), "layers[1].layers[0].unit", "Did you mean units?"),
        (changed(["layers", 1, "layers", 0, "units"], 0), "layers[1].layers[0].units", "from 1 to 65536; got 0"),
        (changed(["layers", 0, "units"], -3), "layers[0].units", "got -3"),
        (changed(["layers", 0, "units"], "64"), "layers[0].units", "a whole number from 1 to 65536; got '64'"),
        (changed(["layers", 0, "units"], 3.5), "layers[0].units", "got 3.5"),
        (changed(["layers", 0, "units"], math.nan), "layers[0].units", "got nan"),
        (changed(["layers", 0, "activation"], "rellu"), "layers[0].activation", "relu"),
        (changed(["layers", 0, "activation"], {"expression": "x.real"}), "layers[0].activation", "'.' at position 2"),
        (changed(["layers", 0, "name"], 3), "layers[0].name", "must be a text; got 3"),
        (changed(["layers", 0, "trainable"], 1), "layers[0].trainable", "must be true or false; got 1"),
        (changed(["layers", 0, "Dense"], 1), "layers[0].Dense", "unknown field 'Dense'"),
        (changed(["layers", 0, "units"], {"each": [1, 2]}), "layers[0].units", "Repeat"),
        (changed(["layers", 1, "layers", 0, "units"], {"each": [1, 2]}), "layers[1].layers[0].units", "2 values for 3 copies"),
        (changed(["layers", 1, "layers", 0, "units"], {"each": "2 - i"}), "layers[1].layers[0].units", "with i = 2"),
        (changed(["layers", 1, "layers", 0, "units"], {"each": "64 / j"}), "layers[1].layers[0].units", "'j'"),
        (changed(["layers", 1, "layers", 1, "rate"], -0.5), "layers[1].layers[1].rate", "from 0 and below 1; got -0.5"),
        (changed(["layers", 1, "layers", 1, "rate"], {"each": [0, 0, 1]}), "layers[1].layers[1].rate", "got 1"),
        (changed(["layers", 1, "times"], 0), "layers[1].times", "from 1 to 100; got 0"),
        (changed(["layers", 1, "layers"], []), "layers[1].layers", "must not be empty"),
        (changed(["layers", 1, "layers", 0], {"kind": "Dens", "units": 3}), "layers[1].layers[0].kind", "Did you mean Dense?"),
        (changed(["layers", 0], {"units": 3}), "layers[0].kind", "required and missing"),
        (changed(["layers", 0], "Dense"), "layers[0]", "must be an object"),
        (changed(["layers", 0], {"kind": ["Dense"]}), "layers[0].kind", "unknown kind ['Dense']"),
        (changed(["layers"], {}), "layers", "must be a list"),
        (removed("layers", 0, "units"), "layers[0].units", "required and missing"),
        (removed("layers"), "layers", "required and missing"),
        (removed("cost"), "cost", "required and missing"),
        (removed("data", "path"), "data.path", "required and missing"),
        (changed(["optimizer", "learning_rate"], -0.1), "optimizer.learning_rate", "above 0 and up to 100; got -0.1"),
        (changed(["optimizer", "learning_rate"], 0), "optimizer.learning_rate", "above 0"),
        (changed(["optimizer", "learning_rate"], "0.1"), "optimizer.learning_rate", "a number above 0"),
        (changed(["optimizer", "learning_rate"], math.inf), "optimizer.learning_rate", "got inf"),
        (changed(["optimizer", "learning_rate"], {"each": [1]}), "optimizer.learning_rate", "a number"),
        (changed(["optimizer", "lr"], 0.1), "optimizer.lr", "Did you mean learning_rate?"),
        (changed(["optimizer", "kind"], "adam"), "optimizer.kind", "Did you mean Adam?"),
        (changed(["optimizer"], {"kind": "Adam", "clipnorm": 1, "clipvalue": 1}), "optimizer.clipvalue", "Keep one"),
        (
            changed(["optimizer", "schedule"], {"kind": "CosineDecay", "decay_steps": 0}),
            "optimizer.schedule.decay_steps",
            "got 0",
        ),
        (changed(["optimizer", "schedule"], {"kind": "CosineDecay", "step": 1}), "optimizer.schedule.step", "decay_steps"),
        (changed(["optimizer", "schedule"], {"kind": "Cosine"}), "optimizer.schedule.kind", "Did you mean CosineDecay?"),
        (changed(["cost", "kind"], "MSE"), "cost.kind", "Did you mean MeanSquaredError?"),
        (changed(["cost", "transform"], "tanh"), "cost.transform", "softmax, sigmoid"),
        (changed(["cost", "transform"], "identity"), "cost.transform", "Allowed: softmax, sigmoid."),
        (changed(["cost", "class_weight"], {"a": -1}), "cost.class_weight", "balanced"),
        (changed(["cost"], {"kind": "Expression"}), "cost.expression", "required and missing"),
        (changed(["cost"], {"kind": "Expression", "expression": "y_true - x"}), "cost.expression", "'x'"),
        (changed(["cost"], {"kind": "Huber", "delta": 0}), "cost.delta", "above 0"),
        (changed(["data", "kind"], "url"), "data.kind", "Allowed: file, builtin, synthetic."),
        (changed(["data", "path"], 3), "data.path", "must be a text"),
        (changed(["data", "target"], 1.5), "data.target", "name of a column"),
        (changed(["data", "task"], "ranking"), "data.task", "classification, regression"),
        (changed(["data", "drop"], "a"), "data.drop", "must be a list"),
        (
            changed(["data", "drop"], [True]),
            "data.drop[0]",
            "by its name or its place, 0 for the first, -1 for the last; got True",
        ),
        (changed(["data", "drop"], ["a", 1.5]), "data.drop[1]", "its place, 0 for the first, -1 for the last; got 1.5"),
        (changed(["data", "read", "decimal"], ";"), "data.read.decimal", "got ';'"),
        (changed(["data", "read", "sep"], ";"), "data.read.sep", "Allowed here: separator"),
        (changed(["data", "columns", "mass", "typ"], "number"), "data.columns.mass.typ", "Did you mean type?"),
        (changed(["data", "columns", "mass", "type"], "float"), "data.columns.mass.type", "number, category"),
        (changed(["data"], {"kind": "builtin", "name": "irs"}), "data.name", "iris"),
        (changed(["data"], {"kind": "synthetic", "name": "iris"}), "data.name", "spirals"),
        (changed(["data"], {"kind": "synthetic", "name": "moons", "samples": 5}), "data.samples", "from 10 to 100000"),
        (changed(["split"], {"validation": 0.5, "test": 0.5}), "split", "no rows to train on"),
        (changed(["split", "test"], -0.1), "split.test", "from 0 to 0.9"),
        (changed(["training", "epochs"], 0), "training.epochs", "from 1 to 1,000,000; got 0"),
        (changed(["training", "epochs"], "30"), "training.epochs", "a whole number"),
        (changed(["training", "epochs"], True), "training.epochs", "a whole number"),
        (changed(["training", "batch"], 8), "training.batch", "Did you mean batch_size?"),
        (changed(["training", "keep"], "first"), "training.keep", "last, best"),
        (changed(["training", "early_stopping"], {"patience": 0}), "training.early_stopping.patience", "from 1"),
        (changed(["training"], 5), "training", "must be an object"),
        (changed(["epochs"], 5), "epochs", "It belongs in training."),
        (changed(["version"], 2), "version", "must be 1; got 2"),
        (changed(["name"], "n" * 301), "name", "300"),
        (None, "spec", "must be an object"),
        (5, "spec", "must be an object"),
        ([], "spec", "must be an object"),
        ("", "spec", "not JSON"),
        ("{", "spec", "not JSON"),
        ("[]", "spec", "must be an object"),
        (b"\xff", "spec", "UTF-8"),
        ('{"a": 1, "a": 2}', "spec", "stands twice"),
        ("[" * 100_000, "spec", "nested too deeply"),
    ],
)
def test_a_mistake_is_told_with_its_path_what_was_given_and_what_is_allowed(record, where, what):
    error = refusal(record)
    assert isinstance(error, SpecError)
    assert error.where == where
    assert what in error.message
    assert "pydantic" not in error.message


def test_a_branch_names_a_run_and_a_step():
    branch_spec = RunSpec.parse(changed(["from"], {"run": "260101-120000-abcdef", "step": 40}))
    assert (branch_spec.branch.run, branch_spec.branch.step) == ("260101-120000-abcdef", 40)
    assert RunSpec.parse(branch_spec.to_json()) == branch_spec
    assert branch_spec.to_json()["from"] == {"run": "260101-120000-abcdef", "step": 40}
    assert "from" in RunSpec.model_json_schema()["properties"]
    other = RunSpec.parse(changed(["from"], {"run": "x", "step": 1})).with_("optimizer.learning_rate", 0.5)
    assert list(changes(branch_spec, other)) == ["optimizer.learning_rate"]


@pytest.mark.parametrize(
    ("branch", "where", "what"),
    [
        (3, "from", "must be an object"),
        ({"run": "x"}, "from.step", "required"),
        ({"run": "x", "step": 0}, "from.step", "1"),
        ({"run": "", "step": 1}, "from.run", "1 character"),
        ({"run": "x", "step": 1, "epoch": 2}, "from.epoch", "run, step"),
    ],
)
def test_mistakes_in_a_branch(branch, where, what):
    error = refusal(changed(["from"], branch))
    assert (error.where, what in error.message) == (where, True)


def test_a_branch_is_one_run():
    record = changed(["from"], {"run": "x", "step": 1}) | {"split": {"folds": 3}}
    assert refusal(record).where == "from"
    assert RunSpec.parse(record | {"split": {"folds": 3, "fold": 2}}).branch
    assert refusal(changed(["branch"], {"run": "x", "step": 1})).where == "branch"


def test_every_kind_is_known_and_every_parameter_is_a_field():
    for kind, entry in LAYERS.items():
        if entry.group != "structure":
            required = {param.name: param.default for param in entry.params if param.required}
            (layer,) = parse_layers([{"kind": kind} | required])
            assert {param.name for param in entry.params} | {"name", "trainable"} == set(layer.params)
    for kind in COSTS:
        assert parse_cost({"kind": kind} | ({"expression": "y_pred"} if kind == "Expression" else {})).kind == kind
    for kind in OPTIMIZERS:
        assert RunSpec.parse(changed(["optimizer"], {"kind": kind})).optimizer.kind == kind
    for kind in SCHEDULES:
        assert RunSpec.parse(changed(["optimizer", "schedule"], {"kind": kind})).optimizer.schedule.kind == kind


def test_single_layers_and_costs_parse_with_their_own_path():
    with pytest.raises(SpecError, match=r"^stack\[0\].units: "):
        parse_layers([{"kind": "Dense", "units": 0}], where="stack")
    with pytest.raises(SpecError, match=r"^cost.transform: Hinge"):
        parse_cost({"kind": "Hinge", "transform": "softmax"})


def test_a_spec_cannot_be_changed_in_place():
    spec = RunSpec.parse(PENGUINS)
    with pytest.raises(ValueError, match="frozen"):
        spec.training.epochs = 5


def test_with_changes_one_field_and_checks_it():
    spec = RunSpec.parse(PENGUINS)
    assert spec.with_("training.epochs", 5).training.epochs == 5
    assert spec.with_("layers[1].layers[0].units", 7).layers[1].layers[0].units == 7
    assert spec.with_("training.early_stopping.patience", 3).training.early_stopping.patience == 3
    assert spec.with_("layers.0.units", 7).layers[0].units == 7
    assert spec.training.epochs == 30
    for path in ("layers[9].units", "layers.x", "name.x", "training.epoch", "training.epochs.x", ""):
        with pytest.raises(SpecError):
            spec.with_(path, 5)


def test_repeats_are_written_out_in_order_with_their_paths():
    layers = parse_layers(
        [
            {
                "kind": "Repeat",
                "times": 2,
                "layers": [
                    {"kind": "Dense", "units": {"each": [8, 4]}},
                    {"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": {"each": "6 / 2**i"}}]},
                ],
            },
            {"kind": "Dense", "units": 1},
        ]
    )
    assert [(path, layer.units) for path, layer in expand(layers)] == [
        ("layers[0].layers[0]", 8),
        ("layers[0].layers[1].layers[0]", 6),
        ("layers[0].layers[1].layers[0]", 3),
        ("layers[0].layers[0]", 4),
        ("layers[0].layers[1].layers[0]", 6),
        ("layers[0].layers[1].layers[0]", 3),
        ("layers[1]", 1),
    ]


def test_a_frozen_repeat_freezes_its_layers():
    inner = [{"kind": "Dense", "units": 1}]
    layers = parse_layers([{"kind": "Repeat", "times": 2, "trainable": False, "layers": inner}])
    assert [layer.trainable for _, layer in expand(layers)] == [False, False]


def test_a_stack_of_too_many_layers_is_refused_at_once():
    layer = {"kind": "Dense", "units": 1}
    for _ in range(15):
        layer = {"kind": "Repeat", "times": 100, "layers": [layer]}
    start = time.perf_counter()
    error = refusal(changed(["layers"], [layer]))
    assert error.where == "layers"
    assert f"At most {MAX_LAYERS:,}" in error.remedy
    assert time.perf_counter() - start < 0.2
    for _ in range(15):
        layer = {"kind": "Repeat", "times": 1, "layers": [layer]}
    assert "nested too deeply" in refusal(changed(["layers"], [layer])).message
    assert layer_count(parse_layers([{"kind": "Dense", "units": 1}] * 3)) == 3


def test_a_file_is_read_with_its_name_in_the_message(tmp_path):
    path = tmp_path / "spec.json"
    path.write_text("\ufeff" + json.dumps(PENGUINS), encoding="utf-8")
    assert RunSpec.parse(path).to_json() == PENGUINS
    path.write_text("{")
    assert refusal(path).where == str(path)
    assert refusal(tmp_path / "missing.json").where.endswith("missing.json")


def test_the_json_schema_states_ranges_and_defaults():
    schema = RunSpec.model_json_schema()
    json.dumps(schema)
    dense = schema["$defs"]["Dense"]["properties"]
    assert (dense["units"]["minimum"], dense["units"]["maximum"]) == (1, 65536)
    assert schema["$defs"]["Adam"]["properties"]["learning_rate"]["default"] == 0.01
    assert schema["$defs"]["TrainingSpec"]["properties"]["epochs"]["default"] == 30
    assert set(schema["required"]) == {"data", "layers", "cost", "optimizer"}


def test_one_column_for_two_classes_under_a_sigmoid():
    assert output_columns(parse_cost({"kind": "CrossEntropy", "transform": "sigmoid"}), 2) == 1
    assert output_columns(parse_cost({"kind": "CrossEntropy"}), 2) == 2
    assert output_columns(None, 4) == 4


def test_summary_and_differences():
    spec = RunSpec.parse(PENGUINS)
    assert summary(spec) == "64-32x3-CE"
    other = spec.with_("optimizer.learning_rate", 0.1).with_("layers[0].units", 16).with_("name", "other")
    assert differences([spec, other]) == {"layers[0].units": [64, 16], "optimizer.learning_rate": [0.001, 0.1]}
    shallow = spec.with_("layers", [{"kind": "Conv2D", "filters": 8, "kernel_size": 3}])
    assert summary(shallow) == "c8-CE"
    assert differences([spec, shallow])["layers[0].units"] == [64, None]
    assert differences([spec, spec]) == {}


def test_parsing_takes_less_than_5_ms():
    RunSpec.parse(PENGUINS)
    start = time.perf_counter()
    for _ in range(20):
        RunSpec.parse(PENGUINS)
    assert (time.perf_counter() - start) / 20 < 0.005
