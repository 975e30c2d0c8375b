import json

import pytest

from nnviz.catalog import COSTS, LAYERS, OPTIMIZERS, SCHEDULES
from nnviz.errors import SpecError
from nnviz.spec import RunSpec, changes, differences, expand, output_columns, parse_cost, parse_layers, summary
from tests.penguins import PENGUINS, changed, refusal


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


def test_a_branch_names_a_run_and_a_step():
    branch_spec = RunSpec.parse(changed(["from"], {"run": "260101-120000-abcdef", "step": 40}))
    assert (branch_spec.branch.run, branch_spec.branch.step) == ("260101-120000-abcdef", 40)
    assert RunSpec.parse(branch_spec.to_json()) == branch_spec
    assert branch_spec.to_json()["from"] == {"run": "260101-120000-abcdef", "step": 40}
    assert "from" in RunSpec.model_json_schema()["properties"]
    other = RunSpec.parse(changed(["from"], {"run": "x", "step": 1})).with_("optimizer.learning_rate", 0.5)
    assert list(changes(branch_spec, other)) == ["optimizer.learning_rate"]


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
