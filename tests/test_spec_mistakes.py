"""What a spec may not say: each mistake is refused with its path, what it was, and what is allowed."""

import math

import pytest

from nnviz.errors import SpecError
from nnviz.spec import MAX_LAYERS, RunSpec, layer_count, parse_cost, parse_layers
from tests.penguins import changed, refusal, removed


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


def test_single_layers_and_costs_parse_with_their_own_path():
    with pytest.raises(SpecError, match=r"^stack\[0\].units: "):
        parse_layers([{"kind": "Dense", "units": 0}], where="stack")
    with pytest.raises(SpecError, match=r"^cost.transform: Hinge"):
        parse_cost({"kind": "Hinge", "transform": "softmax"})


def test_a_stack_of_too_many_layers_is_refused_at_once():
    layer = {"kind": "Dense", "units": 1}
    for _ in range(15):
        layer = {"kind": "Repeat", "times": 100, "layers": [layer]}
    error = refusal(changed(["layers"], [layer]))
    assert error.where == "layers"
    assert f"At most {MAX_LAYERS:,}" in error.remedy
    for _ in range(15):
        layer = {"kind": "Repeat", "times": 1, "layers": [layer]}
    assert "nested too deeply" in refusal(changed(["layers"], [layer])).message
    assert layer_count(parse_layers([{"kind": "Dense", "units": 1}] * 3)) == 3
