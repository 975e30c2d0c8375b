"""Everything that can be picked, as a script and as a .keras file: each gives what the engine gives, from the same weights,
or is refused in words at its place."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers as k, ops

from nnviz import engine
from nnviz.catalog import LAYERS, OPTIMIZERS, SCHEDULES
from nnviz.engine.loop import optimizers
from nnviz.engine.network.to_keras import keras_model
from nnviz.errors import NotYet, SpecError
from nnviz.export import Shapes, script
from nnviz.export.exact import Recorded
from nnviz.export.learning import optimizer_code
from tests.engine.support import spec
from tests.engine.test_catalog_walk import example

DENSE = {"kind": "Dense", "units": 4}
TYPED = {
    "expression": "where(x > 0, x, a * x) + 0.1 * maximum(x, b) * sigmoid(x) - 0.1 * sum(x)",
    "constants": {"a": 0.5, "b": -1},
}
NAMED = [
    DENSE | {"name": name} for name in ("dense", "dense_1", "projection", "projection_1", "output", "encode", "a b", "a b", "x")
]
"""Names that Keras or a script could take for other layers."""
STACKS = {
    "formula": (
        [{"kind": "Repeat", "times": 2, "layers": [DENSE | {"activation": TYPED}, {"kind": "Activation", "activation": TYPED}]}],
        (3,),
    ),
    "no formula of Keras": ([DENSE | {"activation": "threshold"}, DENSE | {"activation": {"expression": "sin(x)"}}], (3,)),
    "names": (
        [
            *NAMED,
            {
                "kind": "Repeat",
                "times": 2,
                "layers": [
                    DENSE | {"name": "x"},
                    {"kind": "Residual", "name": "x", "project": True, "layers": [DENSE | {"units": 5, "name": "inner"}]},
                ],
            },
        ],
        (3,),
    ),
    "sequence": (
        [
            {
                "kind": "Residual",
                "project": True,
                "layers": [{"kind": "LSTM", "units": 3, "bidirectional": True, "return_sequences": True}],
            },
            {"kind": "MultiHeadAttention", "num_heads": 2, "key_dim": 3, "causal": True},
            {"kind": "Flatten"},
        ],
        (5, 2),
    ),
    "images": (
        [
            {
                "kind": "Parallel",
                "branches": [
                    [
                        {
                            "kind": "Residual",
                            "project": True,
                            "layers": [{"kind": "Conv2D", "filters": 3, "kernel_size": 3, "strides": [2, 3], "padding": "same"}],
                        }
                    ],
                    [{"kind": "MaxPooling2D", "pool_size": [2, 3], "padding": "same"}],
                ],
            },
            {"kind": "Flatten"},
        ],
        (7, 6, 2),
    ),
}


def agrees(layers, shape, **blocks):
    """The recorded script's network and the .keras file's, with the engine's weights, predict what the engine does."""
    run_spec = spec(layers, **blocks)
    network = engine.build(run_spec.layers, run_spec.cost, task="classification", shape=shape, outputs=3, seed=4)
    shapes = Shapes(shape=shape, outputs=3, task="classification")
    text = script(run_spec, shapes, recorded=Recorded(arrays="a.npz", parts=("train",), steps=1, epochs=1))
    compile(text, "script", "exec")
    random = np.random.default_rng(0)
    network.values = [value + random.uniform(0, 0.1, value.shape).astype(np.float32) for value in network.values]
    x = random.integers(0, 3, (7, *shape)).astype(np.float32)  # which an Embedding takes as well
    expected = network.predict(x)
    # All up to the rows, which lie beside a script.
    head = text[text.index("EPOCHS =") : text.index("# The rows")]
    namespace = {"keras": keras, "layers": k, "ops": ops, "np": np, "tf": tf}
    exec(head, namespace)
    model = namespace["model"]
    if "in_order" in namespace:
        weights = iter(network.values)
        for layer in namespace["in_order"]:
            layer.set_weights([next(weights) for _ in layer.weights])
        assert next(weights, None) is None
    else:
        model.set_weights(network.values)
    np.testing.assert_allclose(model(x, training=False), expected, atol=1e-6)
    assert len(model.trainable_variables) == len(network.trainable_variables)
    np.testing.assert_allclose(keras_model(network, run_spec.layers)(x, training=False), expected, atol=1e-6)
    return run_spec, shapes, expected


@pytest.mark.parametrize("kind", LAYERS)
def test_every_layer(kind):
    run_spec, shapes, _ = agrees(*example(kind))
    compile(script(run_spec, shapes), "script", "exec")


@pytest.mark.parametrize("name", STACKS)
def test_stacks_with_more_to_them(name):
    assert agrees(*STACKS[name])[2].std(axis=0).max() > 1e-4


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_option_of_every_optimizer(kind):
    options = {
        "weight_decay": 0.1,
        "clipnorm": 2.0,
        "clipvalue": 0.5,
        "global_clipnorm": 1.5,
        "use_ema": True,
        "gradient_accumulation_steps": 4,
    }
    for name, value in options.items():
        optimizer = spec(optimizer={"kind": kind, name: value}).optimizer
        made = eval(optimizer_code(optimizer), {"keras": keras}).get_config()
        own = optimizers.make(optimizer).get_config()
        assert made[name] == value
        assert {key for key, setting in own.items() if key not in ("name", "learning_rate") and made[key] != setting} == set()


@pytest.mark.parametrize("kind", SCHEDULES)
def test_every_schedule_in_a_whole_script(kind):
    run_spec = spec(optimizer={"kind": "SGD", "schedule": {"kind": kind}})
    text = script(run_spec, Shapes(shape=(2,), outputs=3, task="classification"))
    compile(text, "script", "exec")
    assert kind.replace("ReduceOn", "ReduceLROn") in text


@pytest.mark.parametrize(
    ("parameter", "value"), [("kernel_regularizer", {"each": [None, {"kind": "L2"}]}), ("activation", {"each": ["relu", "tanh"]})]
)
def test_what_varies_over_copies_and_has_no_plain_form_is_refused_with_a_way_out(parameter, value):
    layers = [{"kind": "Repeat", "times": 2, "layers": [DENSE | {parameter: value}]}]
    try:
        run_spec = spec(layers)
    except SpecError:
        pytest.fail(f"{parameter} may vary by the spec")
    with pytest.raises(NotYet, match=parameter) as caught:
        script(run_spec, Shapes(shape=(2,), outputs=3, task="classification"))
    assert caught.value.where.startswith("layers[0].layers[0]")
    assert "one after another" in caught.value.remedy
