import numpy as np
import pytest

from nnviz import engine
from nnviz.catalog import ACTIVATIONS, LAYERS
from nnviz.errors import StackError
from tests.engine.examples import EMBEDDING, ON_IMAGES as OTHERS_ON_IMAGES, ON_SEQUENCES
from tests.engine.support import same, spec

ON_IMAGES = {
    "Conv2D": {"filters": 2, "kernel_size": 3},
    "MaxPooling2D": {},
    "AveragePooling2D": {},
    "GlobalAveragePooling2D": {},
    "Flatten": {},
    **OTHERS_ON_IMAGES,
}
ON_VECTORS = {
    "Dense": {"units": 3},
    "Activation": {"activation": "gelu"},
    "Dropout": {"rate": 0.5},
    "BatchNormalization": {},
    "Reshape": {"target_shape": [2, -1]},
    "Repeat": {"times": 2, "layers": [{"kind": "Dense", "units": 3}]},
    "LayerNormalization": {},
    "GaussianNoise": {"stddev": 0.2},
    "Residual": {"layers": [{"kind": "Dense", "units": 3}], "project": True},
    "Parallel": {"branches": [[{"kind": "Dense", "units": 3}], []]},
}


def built(layers: list[dict], shape: tuple[int, ...], seed: int = 0) -> engine.Network:
    run_spec = spec(layers)
    return engine.build(run_spec.layers, run_spec.cost, task="classification", shape=shape, outputs=3, seed=seed)


@pytest.mark.parametrize("kind", LAYERS)
def test_every_layer_builds_predicts_and_survives_its_bytes(kind: str) -> None:
    params = (ON_IMAGES | ON_VECTORS | ON_SEQUENCES | {"Embedding": EMBEDDING})[kind]
    shape = (6, 6, 2) if kind in ON_IMAGES else (5, 2) if kind in ON_SEQUENCES else (4,)
    layers = [{"kind": kind, **params}] + ([{"kind": "Flatten"}] if kind != "Flatten" else [])
    network, other = built(layers, shape), built(layers, shape, seed=1)
    x = np.random.default_rng(0).normal(size=(5, *shape)).astype(np.float32)
    if kind == "Embedding":
        x = np.abs(np.round(x))
    predicted = network.predict(x, batch_size=2)
    np.testing.assert_allclose(predicted.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(predicted, network(x), rtol=1e-5, atol=1e-6)
    other.values = engine.weights_from_bytes(engine.weights_to_bytes(network.values))
    assert same(other.values, network.values)
    np.testing.assert_array_equal(other.predict(x, batch_size=2), predicted)


def test_initial_weights_are_a_function_of_seed_and_layer() -> None:
    layers = [{"kind": "Dense", "units": 4}, {"kind": "Dense", "units": 4}]
    first, again, other = built(layers, (4,)), built(layers, (4,)), built(layers, (4,), seed=1)
    assert same(first.values, again.values)
    assert not np.array_equal(first.values[0], other.values[0])
    assert not np.array_equal(first.values[0], first.values[2])


def test_parameters_are_counted_as_keras_does() -> None:
    network = built([{"kind": "Dense", "units": 4, "activation": {"expression": "x * a", "constants": {"a": 1}}}], (5,))
    assert network.count_params() == 5 * 4 + 4 + 1 + 4 * 3 + 3
    assert set(ACTIVATIONS) >= {"tanh", "relu"}


def test_what_does_not_fit_names_the_layer() -> None:
    with pytest.raises(StackError) as caught:
        built([{"kind": "Flatten"}, {"kind": "Conv2D", "filters": 2, "kernel_size": 3}], (6, 6, 1))
    assert caught.value.where == "layers[1]"
