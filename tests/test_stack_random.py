"""Random stacks, planned here and built by Keras: the same shapes and numbers of parameters, and the same refusals."""

import math
import random

import keras

from nnviz.spec import expand, parse_layers
from nnviz.stack import plan

KERAS = {
    kind: getattr(keras.layers, kind)
    for kind in (
        "Dense",
        "Activation",
        "Dropout",
        "BatchNormalization",
        "Flatten",
        "Reshape",
        "Conv2D",
        "MaxPooling2D",
        "AveragePooling2D",
        "GlobalAveragePooling2D",
    )
}
LINES = {
    "filters": [1, 3],
    "kernel_size": [1, 2, 3],
    "strides": [1, 1, 2],
    "padding": ["valid", "same", "causal"],
    "use_bias": [True, False],
    "dilation_rate": [1, 1, 2],
}
IMAGES = LINES | {"kernel_size": [1, 2, [1, 3]], "padding": ["valid", "same"], "dilation_rate": [1, 1, 2, [1, 2]]}
RECURRENT = {"units": [1, 3], "bidirectional": [True, False], "return_sequences": [True, True, False], "use_bias": [True, False]}
OTHERS = {
    "Conv1D": LINES,
    "SeparableConv1D": LINES | {"depth_multiplier": [1, 2], "padding": ["valid", "same"]},
    "SeparableConv2D": IMAGES | {"depth_multiplier": [1, 2]},
    "DepthwiseConv2D": {name: options for name, options in IMAGES.items() if name != "filters"} | {"depth_multiplier": [1, 3]},
    "Conv2DTranspose": {
        "filters": [1, 3],
        "kernel_size": [1, 3, [2, 4]],
        "strides": [1, 2, [1, 3]],
        "padding": ["valid", "same"],
        "use_bias": [True, False],
    },
    "MaxPooling1D": {"pool_size": [1, 2, 3], "strides": [None, 1, 2], "padding": ["valid", "same"]},
    "AveragePooling1D": {"pool_size": [2, 3], "padding": ["valid", "same"]},
    "GlobalMaxPooling2D": {},
    "GlobalAveragePooling1D": {},
    "GlobalMaxPooling1D": {},
    "UpSampling2D": {"size": [2, [1, 3]], "interpolation": ["nearest", "bilinear"]},
    "ZeroPadding2D": {"padding": [0, 1, [0, 2]]},
    "LayerNormalization": {"center": [True, False], "scale": [True, False]},
    "GroupNormalization": {"groups": [1, 2, 3], "center": [True, False]},
    "SpatialDropout2D": {"rate": [0.5]},
    "SpatialDropout1D": {"rate": [0.5]},
    "GaussianNoise": {"stddev": [0.1]},
    "LSTM": RECURRENT,
    "GRU": RECURRENT | {"reset_after": [True, False]},
    "SimpleRNN": RECURRENT,
    "MultiHeadAttention": {"num_heads": [1, 3], "key_dim": [2], "use_bias": [True, False], "causal": [True, False]},
    "Embedding": {"input_dim": [7], "output_dim": [3]},
    "RandomFlip": {},
    "RandomTranslation": {"height_factor": [0.1], "width_factor": [0.2]},
    "RandomRotation": {"factor": [0.1]},
    "RandomZoom": {"height_factor": [0.1]},
    "RandomContrast": {"factor": [0.1]},
    "RandomBrightness": {"factor": [0.1]},
}
RANKS = {
    kind: 2 if "1D" in kind or kind in ("LSTM", "GRU", "SimpleRNN", "MultiHeadAttention") else 3
    for kind in OTHERS
    if kind not in ("LayerNormalization", "GroupNormalization", "GaussianNoise", "Embedding")
}


def other_layer(chance):
    kind = chance.choice([*OTHERS])
    return {"kind": kind} | {name: chance.choice(options) for name, options in OTHERS[kind].items()}


def random_layer(chance, depth, copies):
    def some(value, *others):
        return chance.choice([value, *others])

    def varying(low, high):
        if copies and chance.random() < 0.3:
            return {"each": [chance.randint(low, high) for _ in range(copies)]}
        return chance.randint(low, high)

    def window():
        return chance.choice([1, 2, 3, [1, 2], [3, 2]])

    frozen = {"trainable": False} if chance.random() < 0.1 else {}
    kinds = ["Dense"] * 3 + ["Conv2D"] * 3 + ["Flatten"] * 2 + [*KERAS] + (["Repeat"] * 3 if depth else [])
    kind = chance.choice(kinds)
    if kind == "Repeat":
        times = chance.randint(1, 3)
        inner = [random_layer(chance, depth - 1, times) for _ in range(chance.randint(1, 2))]
        return {"kind": kind, "times": times, "layers": inner} | frozen
    params = {
        "Dense": lambda: {"units": varying(1, 6), "use_bias": some(True, False), "activation": some("relu", "softmax")},
        "Activation": lambda: {"activation": some("tanh", "gelu", "log_softmax")},
        "Dropout": lambda: {"rate": some(0, 0.5)},
        "BatchNormalization": lambda: {"center": some(True, False), "scale": some(True, False)},
        "Flatten": dict,
        "Reshape": lambda: {"target_shape": some([-1], [4, 4, 1], [-1, 2, 2], [2, -1], [6, 6, 1], [3, -1, 2])},
        "Conv2D": lambda: {
            "filters": varying(1, 4),
            "kernel_size": window(),
            "strides": some(1, 1, 2, [1, 2]),
            "padding": some("valid", "same"),
            "use_bias": some(True, False),
            "dilation_rate": some(1, 1, 1, 2),
            "activation": some("linear", "relu"),
        },
        "MaxPooling2D": lambda: {"pool_size": window(), "strides": some(None, 1, 2), "padding": some("valid", "same")},
        "AveragePooling2D": lambda: {"pool_size": window(), "padding": some("valid", "same")},
        "GlobalAveragePooling2D": dict,
    }[kind]()
    return {"kind": kind} | params | frozen


def keras_layer(layer):
    options = {name: value for name, value in layer.params.items() if name != "name"}
    options |= {name: "zeros" for name in options if name.endswith("_initializer")}
    both, causal = options.pop("bidirectional", False), options.pop("causal", False)
    if layer.kind.startswith("Spatial"):
        del options["trainable"]
    built = getattr(keras.layers, layer.kind)(**options)
    if layer.kind == "MultiHeadAttention":
        return lambda x: (built(x, x, use_causal_mask=causal), built)
    built = keras.layers.Bidirectional(built) if both else built
    return lambda x: (built(x), built)


def keras_plan(layers, shape):
    """(shapes by layer, weights, trainable weights, outcome, path where it ends).

    The outcome is "built", "refused" (by Keras), or "Dense on no vector", which Keras takes and we refuse."""
    shapes, weights, trainable = [], 0, 0
    tensor = keras.KerasTensor((None, *shape))
    for path, layer in expand(layers):
        is_ours_alone = layer.kind == "Dense" and len(tensor.shape) != 2
        try:
            tensor, built = keras_layer(layer)(tensor)
        except ValueError as error:
            if not any(word in str(error) for word in ("size", "shape", "ndim", "dilation", "groups")):
                raise
            return shapes, weights, trainable, "refused", path
        if is_ours_alone:
            return shapes, weights, trainable, "Dense on no vector", path
        shapes.append((path, tuple(tensor.shape[1:])))
        weights += built.count_params() if built.weights else 0
        trainable += sum(math.prod(weight.shape) for weight in built.trainable_weights)
    return shapes, weights, trainable, "built", ""


def test_1000_random_stacks_are_what_keras_makes_of_them():
    """The one permitted difference: Dense on anything but a vector is refused here, while Keras applies it along the
    last axis. Such a stack is compared up to that layer."""
    chance = random.Random(7)
    outcomes = {"built": 0, "refused": 0, "Dense on no vector": 0}
    repeats = images = 0
    for _ in range(1000):
        shape = chance.choice([(2,), (16,), (6, 6, 1), (8, 5, 2), (9, 9, 3), (4, 4)])
        layers = parse_layers([random_layer(chance, 2, 0) for _ in range(chance.randint(1, 5))])
        ours = plan(layers, shape)
        shapes, weights, trainable, outcome, path = keras_plan(layers, shape)
        outcomes[outcome] += 1
        repeats += any(layer.kind == "Repeat" for layer in layers)
        images += len(shape) == 3
        if outcome == "built":
            assert ours.error is None, ours.error
            assert ours.output_shape == shapes[-1][1]
        else:
            assert ours.error is not None, (outcome, path)
            assert ours.error.where == path
            assert ("Flatten needed before Dense" in ours.error.what) == (outcome == "Dense on no vector")
        assert (ours.parameters, ours.trainable) == (weights, trainable)
        first_copies = dict(reversed(shapes))
        planned_shapes = {row.path: row.shape for row in ours.walk() if row.shape is not None and row.kind != "Repeat"}
        assert planned_shapes == first_copies
    assert min(outcomes.values()) > 100, outcomes
    assert repeats > 300
    assert images > 300


def test_300_random_stacks_of_the_other_layers_are_what_keras_makes_of_them():
    """Where only we refuse: augmentation and attention on other ranks than they are for, an Embedding that is not given
    the rows of the data, and strides with dilation where Keras finds out when it runs."""
    chance = random.Random(3)
    seen, refused = set(), 0
    for _ in range(300):
        shape = chance.choice([(6,), (12, 4), (9, 6), (6, 6, 1), (8, 5, 6), (9, 9, 2)])
        fitting = {
            1: [kind for kind in OTHERS if kind not in RANKS],
            2: [kind for kind in OTHERS if RANKS.get(kind, 2) == 2],
            3: [kind for kind in OTHERS if RANKS.get(kind, 3) == 3],
        }[len(shape)]
        some = (other_layer(chance) for _ in range(6))
        layers = parse_layers([layer for layer in some if layer["kind"] in fitting or chance.random() < 0.1][:3])
        ours = plan(layers, shape)
        place = int(ours.error.where[7:-1]) if ours.error else len(layers)
        shapes, weights, trainable, outcome, path = keras_plan(layers[:place], shape)
        assert (outcome, path) == ("built", "")
        assert {row.path: row.shape for row in ours.rows if row.shape is not None} == dict(shapes)
        assert (ours.parameters, ours.trainable) == (weights, trainable)
        seen |= {layer.kind for layer in layers[:place]}
        if ours.error:
            kind, rank = layers[place].kind, len(shapes[-1][1] if shapes else shape)
            alone = kind == "Embedding" or (kind.startswith(("Random", "Multi")) and rank != RANKS[kind])
            alone |= kind.startswith(("Separable", "Depthwise")) and "strides and dilation_rate" in ours.error.what
            assert alone or keras_plan(layers[: place + 1], shape)[3] == "refused", (layers[place], ours.error)
            refused += 1
    assert seen == set(OTHERS)
    assert refused > 40
