"""Scripts of single pieces, run piece by piece against the engine and Keras; and what is refused."""

import ast
import json

import keras
import numpy as np
import pytest
from keras import layers, ops

from nnviz import engine
from nnviz.catalog import ACTIVATIONS, COSTS, LAYERS, OPTIMIZERS, SCHEDULES
from nnviz.catalog.rates import rates
from nnviz.engine.loop.optimizers import make
from nnviz.engine.network.activations import from_expression
from nnviz.errors import NotYet
from nnviz.export import Shapes, script
from nnviz.export.formula import code
from nnviz.export.learning import cost_code, optimizer_code
from nnviz.export.network import Stack
from nnviz.export.rates import PLATEAU, definition, plateau
from nnviz.spec import RunSpec, parse_cost, parse_layers
from tests.export.signatures import PATH, table, text


def run(source, **names):
    namespace = {"keras": keras, "layers": layers, "ops": ops, "np": np, **names}
    exec(source, namespace)
    return namespace


def spec(record=None, **blocks):
    return RunSpec.parse(
        {
            "data": {"kind": "synthetic", "name": "spirals"},
            "layers": [{"kind": "Dense", "units": 4, **(record or {})}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
            **blocks,
        }
    )


def test_the_table_of_keras_classes_is_that_of_the_installed_keras():
    assert PATH.read_text(encoding="utf-8") == text(json.loads(json.dumps(table()))), "python -m tests.export.signatures"


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_a_formula_as_code_is_the_formula(name):
    formula = ACTIVATIONS[name].formula
    grid = np.linspace(-4, 4, 42, dtype=np.float32).reshape(14, 3)
    namespace = run(f"def f(x):\n    return {code(formula, {'x': 'x'}, shape_of='x')}")
    computed = np.asarray(namespace["f"](ops.convert_to_tensor(grid)))
    assert computed.shape == grid.shape
    np.testing.assert_allclose(computed, from_expression(formula)(ops.convert_to_tensor(grid)), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    "formula",
    [
        "1",
        "-x**2",
        "2 ** -x",
        "where(x, 1, 0)",
        "(0 < x < 1) + (x == 2)",
        "-(x + 1) * (x - (2 - x))",
        "sum(x) / 3",
        "where(x > 0, 1, 2)",
        "sqrt(2) * log(e)",
        "clip(x, -1, 1)",
        "maximum(x, 0)",
    ],
)
def test_odd_formulas_too(formula):
    grid = np.array([[-2, -0.5, 0], [0.5, 1, 2]], np.float32)
    namespace = run(f"def f(x):\n    return {code(formula, {'x': 'x'}, shape_of='x')}")
    computed = np.asarray(namespace["f"](ops.convert_to_tensor(grid)))
    assert computed.shape == grid.shape
    np.testing.assert_allclose(computed, from_expression(formula)(ops.convert_to_tensor(grid)), rtol=1e-6)


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("outputs", [2, 3])
def test_every_cost_as_code_gives_the_engines_loss(task, outputs):
    random = np.random.default_rng(outputs)
    for kind, entry in COSTS.items():
        if task not in entry.tasks:
            continue
        for transform in entry.transforms:
            extra = {"expression": "square(y_true - y_pred) + max(y_pred)"} if kind == "Expression" else {}
            cost = parse_cost({"kind": kind, "transform": transform, **extra})
            own = engine.CostLayer(
                kind,
                task=task,
                outputs=outputs,
                transform=transform,
                project=False,
                params=extra or {param.name: param.default for param in entry.params},
            )
            raw = ops.convert_to_tensor(random.normal(size=(20, own.columns)).astype(np.float32) * 2)
            y = (
                random.integers(0, outputs, 20).astype(np.int32)
                if task == "classification"
                else random.uniform(0.2, 3, (20, outputs)).astype(np.float32)
            )
            written = cost_code(cost, task=task, outputs=outputs)
            assert written.columns == own.columns
            namespace = run(f"{written.definition}\nloss = {written.loss}")
            targets = own.targets(ops.convert_to_tensor(y))
            end = keras.layers.Activation("linear" if transform == "identity" else transform)
            value = float(ops.mean(namespace["loss"](targets, end(raw))))
            expected = float(own.calculate(ops.convert_to_tensor(y), raw))
            assert value == pytest.approx(expected, rel=2e-5, abs=1e-6), (kind, transform)


@pytest.mark.parametrize("kind", list(OPTIMIZERS))
def test_every_optimizer_as_code_has_the_engines_settings(kind):
    for changed in ({}, {"learning_rate": 0.5, "clipnorm": 2.0, "use_ema": True}):
        optimizer = spec(optimizer={"kind": kind, **changed}).optimizer
        made = run(f"made = {optimizer_code(optimizer)}")["made"]
        own = make(optimizer).get_config()
        for name, value in made.get_config().items():
            if name != "name":
                assert value == (pytest.approx(own[name]) if isinstance(own[name], float) else own[name]), name


@pytest.mark.parametrize("kind", [kind for kind in SCHEDULES if kind != PLATEAU])
def test_every_schedule_as_code_gives_the_rates(kind):
    optimizer = spec(optimizer={"kind": "SGD", "learning_rate": 0.3, "schedule": {"kind": kind}}).optimizer
    made = run(f"{definition(optimizer.schedule)}\nmade = {optimizer_code(optimizer)}")["made"]
    steps = [0, 1, 7, 500, 999, 1000, 1001, 5000]
    computed = [float(made._learning_rate(ops.convert_to_tensor(step))) for step in steps]
    np.testing.assert_allclose(computed, rates(kind, optimizer.schedule.params, 0.3, steps), rtol=1e-5, atol=1e-8)


def test_a_plateau_is_a_callback_of_keras():
    whole_spec = spec(optimizer={"kind": "SGD", "schedule": {"kind": PLATEAU, "factor": 0.25, "patience": 3, "cooldown": 2}})
    made = run(f"made = {plateau(whole_spec.optimizer.schedule, monitor='val_loss', every=2)}")["made"]
    assert (made.factor, made.patience, made.cooldown, made.monitor, made.min_delta) == (0.25, 6, 4, "val_loss", 0.0001)
    assert "learning_rate=0.2" in optimizer_code(whole_spec.optimizer) or "SGD(0.2)" in optimizer_code(whole_spec.optimizer)
    whole = script(whole_spec, Shapes(shape=(2,), outputs=3, task="classification"))
    assert "callbacks=[keras.callbacks.ReduceLROnPlateau(" in whole


@pytest.mark.parametrize("kind", [kind for kind, entry in LAYERS.items() if entry.group != "structure"])
def test_every_layer_as_code_has_the_engines_settings(kind):
    written = {param.name: param.default for param in LAYERS[kind].params if param.required}
    layers_ = parse_layers([{"kind": kind, **written}])
    stack = Stack(layers_, exact=False)
    from nnviz.engine.network import layers as kinds

    (own,) = kinds.make(layers_[0], index=0, seed=0)
    if stack.is_tree:
        inputs = keras.Input((5, 3))
        made = run("\n".join(stack.body), x=inputs)["x"]._keras_history.operation
        own = own.attention
        own.build((None, 5, 3), (None, 5, 3))
    else:
        added: list = []
        run("\n".join([*stack.definitions, *stack.body]), model=type("Model", (), {"add": added.append}))
        made = added[0]
    plain, wanted = made.get_config(), own.get_config()
    other = {name for name, value in wanted.items() if name in plain and repr(plain[name]) != repr(value)}
    # Initializers hold seeds. A layer that draws is ours, with the setting as it was given, and the script says so.
    drawn = {"dtype", "factor"} if stack.draws else set()
    assert {name for name in other if not name.endswith("_initializer")} <= {"name", "seed", *drawn}


def test_initializers_and_regularizers_are_keras_objects():
    layer = parse_layers(
        [
            {
                "kind": "Dense",
                "units": 3,
                "kernel_initializer": "he_normal",
                "bias_initializer": {"kind": "Constant", "value": 0.5},
                "kernel_regularizer": {"kind": "L2", "l2": 0.25},
            }
        ]
    )
    added: list = []
    run("\n".join(Stack(layer, exact=False).body), model=type("Model", (), {"add": added.append}))
    assert isinstance(added[0].kernel_initializer, keras.initializers.HeNormal)
    assert float(added[0].kernel_regularizer(ops.ones((2, 2)))) == 1.0
    added[0].build((None, 2))
    assert np.asarray(added[0].bias).tolist() == [0.5] * 3


def test_a_loop_with_changing_sizes_makes_the_layers_of_the_spec():
    layers_ = parse_layers(
        [
            {
                "kind": "Repeat",
                "times": 2,
                "name": "outer",
                "layers": [
                    {
                        "kind": "Repeat",
                        "times": 3,
                        "layers": [{"kind": "Dense", "units": {"each": "8 / 2**i"}, "name": 'in"ner'}],
                    },
                    {"kind": "Dense", "units": {"each": [5, 6]}, "trainable": False},
                    {"kind": "Dense", "units": {"each": "maximum(3, 4 * i)"}},
                ],
            }
        ]
    )
    stack = Stack(layers_, exact=False)
    model = keras.Sequential([keras.Input((2,))])
    run("\n".join([*stack.definitions, *stack.body]), model=model)
    assert [layer.units for layer in model.layers] == [8, 4, 2, 5, 3, 8, 4, 2, 6, 4]
    assert [layer.name for layer in model.layers[:3]] == ["in_ner_0_0", "in_ner_0_1", "in_ner_0_2"]
    assert [layer.trainable for layer in model.layers[:5]] == [True, True, True, False, True]


def test_what_keras_cannot_express_is_refused_at_its_place():
    class Other:
        kind, params, name, trainable = "Dense", {"units": 3, "strange": 1}, None, True

    with pytest.raises(NotYet) as caught:
        Stack([Other()], exact=False)
    assert caught.value.where == "layers[0].strange"


def test_names_cannot_break_out_of_the_script():
    bad = 'a"""\nimport os # \\'
    changed = spec(
        {"name": bad}, name=bad, cost={"kind": "CrossEntropy", "class_weight": {bad: 2.0}}, data={"kind": "file", "path": bad}
    )
    made = script(changed, Shapes(shape=(2,), outputs=2, task="classification"))
    assert not [node for node in ast.walk(ast.parse(made)) if isinstance(node, ast.Import) and node.names[0].name == "os"]


@pytest.mark.parametrize(("kind", "name"), [("builtin", "iris"), ("builtin", "digits"), ("synthetic", "spirals")])
def test_the_names_in_a_script_say_what_they_hold(kind, name):
    data = {"kind": kind, "name": name}
    cost = {"kind": "CrossEntropy", "class_weight": {"0": 2.0}}
    made = script(spec(data=data, cost=cost, training={"keep": "best"}), Shapes(shape=(4,), outputs=3, task="classification"))
    names = {getattr(node, "id", None) or getattr(node, "attr", None) for node in ast.walk(ast.parse(made))}
    assert not names & {"found", "given", "said", "told", "kept", "shown"}
