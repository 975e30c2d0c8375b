import math
import random

import keras
import pytest

from nnviz.errors import SpecError
from nnviz.spec import expand, parse_layers
from nnviz.stack import BYTES, MAX_PARAMETERS, plan

DENSE = {"kind": "Dense", "units": 8}
FLATTEN = {"kind": "Flatten"}
POOL = {"kind": "MaxPooling2D"}


def conv(**more):
    return {"kind": "Conv2D", "filters": 4, "kernel_size": 3, **more}


def repeat(times, *layers):
    return {"kind": "Repeat", "times": times, "layers": list(layers)}


def test_shapes_parameters_and_memory_of_a_plain_stack():
    planned = plan([conv(), POOL, FLATTEN, DENSE], (8, 8, 1), outputs=3)
    assert [row.path for row in planned.rows] == ["layers[0]", "layers[1]", "layers[2]", "layers[3]", "cost"]
    assert [row.shape for row in planned.rows] == [(6, 6, 4), (3, 3, 4), (36,), (8,), (3,)]
    assert [row.params for row in planned.rows] == [3 * 3 * 4 + 4, 0, 0, 36 * 8 + 8, 8 * 3 + 3]
    assert planned.parameters == planned.trainable == 40 + 296 + 27
    assert planned.rows[0].memory_bytes == BYTES * (40 + 6 * 6 * 4)
    assert planned.memory_bytes == sum(row.memory_bytes for row in planned.rows)
    assert planned.output_shape == (3,)
    assert planned.error is None


def test_a_repeat_shows_its_first_copy_and_counts_all():
    planned = plan([repeat(3, {"kind": "Dense", "units": {"each": [4, 5, 6]}}, repeat(2, {"kind": "Dense", "units": 2}))], (8,))
    (outer,) = planned.rows
    dense, inner = outer.rows
    assert (dense.path, inner.rows[0].path) == ("layers[0].layers[0]", "layers[0].layers[1].layers[0]")
    assert (outer.copies, dense.copies, inner.copies, inner.rows[0].copies) == (3, 3, 6, 6)
    assert (dense.shape, dense.params) == ((4,), 8 * 4 + 4)
    assert dense.total == (8 * 4 + 4) + (2 * 5 + 5) + (2 * 6 + 6)
    assert inner.total == sum(width * 2 + 2 + 2 * 2 + 2 for width in (4, 5, 6))
    assert planned.parameters == outer.total == dense.total + inner.total
    assert [row.path for row in planned.walk()] == ["layers[0]", dense.path, inner.path, inner.rows[0].path]


def test_an_error_stands_at_its_layer_and_what_follows_is_unknown():
    planned = plan([conv(), repeat(2, DENSE), DENSE], (8, 8, 1), outputs=3)
    assert planned.error is planned.rows[1].rows[0].error
    assert planned.error.where == "layers[1].layers[0]"
    assert planned.error.what == "Flatten needed before Dense: input is 6x6x4"
    assert planned.error.fix == "Flatten"
    assert [row.shape for row in planned.rows] == [(6, 6, 4), None, None, None]
    assert [row.error for row in planned.rows[2:]] == [None, None]
    assert planned.output_shape is None


@pytest.mark.parametrize(
    ("layers", "shape", "where", "what", "fix"),
    [
        ([DENSE], (8, 8, 16), "layers[0]", "Flatten needed before Dense: input is 8x8x16", "Flatten"),
        ([DENSE], (8, 8), "layers[0]", "Flatten needed before Dense: input is 8x8", "Flatten"),
        ([conv()], (4,), "layers[0]", "Conv2D needs an image", "Reshape"),
        ([DENSE, POOL], (4,), "layers[1]", "MaxPooling2D needs an image", "Reshape"),
        ([{"kind": "AveragePooling2D"}], (4, 4), "layers[0]", "AveragePooling2D needs an image", "Reshape"),
        ([{"kind": "GlobalAveragePooling2D"}], (4,), "layers[0]", "GlobalAveragePooling2D needs an image", "Reshape"),
        ([conv(kernel_size=5)], (4, 8, 1), "layers[0]", "a window of 5x5 does not fit: input is 4x8x1", ""),
        ([conv(dilation_rate=4)], (8, 8, 1), "layers[0]", "a window of 9x9 does not fit", ""),
        ([conv(strides=2, dilation_rate=2)], (8, 8, 1), "layers[0]", "strides and dilation_rate", ""),
        ([repeat(3, POOL)], (7, 7, 1), "layers[0].layers[0]", "in copy 3: a window of 2x2 does not fit", ""),
        ([{"kind": "Reshape", "target_shape": [3, 3]}], (8,), "layers[0]", "cannot reshape 8 (8 values) into 3x3", ""),
        ([{"kind": "Reshape", "target_shape": [3, -1]}], (8,), "layers[0]", "cannot reshape 8", ""),
        ([{"kind": "Reshape", "target_shape": [-1, -1]}], (8,), "layers[0]", "more than one -1", ""),
        ([conv()], (8, 8, 1), "cost", "Flatten or GlobalAveragePooling2D needed before the cost: input is 6x6", "Flatten"),
        ([], (8, 8), "cost", "Flatten needed before the cost: input is 8x8", "Flatten"),
        ([repeat(100, repeat(100, DENSE))], (8,), "layers", "10,000 layers", ""),
        ([{"kind": "Dense", "units": 65536}] * 3, (8,), "layers[1]", "parameters up to here", ""),
        ([{"kind": "Dense", "units": {"each": [1]}}], (8,), "layers[0].units", "each", ""),
        ([repeat(2, {"kind": "Dense", "units": {"each": "4 - 4 * i"}})], (8,), "layers[0].layers[0].units", "copy 2", ""),
    ],
)
def test_what_does_not_fit_is_told_with_its_remedy(layers, shape, where, what, fix):
    error = plan(layers, shape, outputs=3).error
    assert error.where == where
    assert what in error.what
    assert error.fix == fix
    assert error.remedy


def test_the_cost_of_two_classes_under_a_sigmoid_has_one_column():
    cost = {"kind": "CrossEntropy", "transform": "sigmoid"}
    assert plan([], (4,), outputs=2, cost=cost).output_shape == (1,)
    assert plan([], (4,), outputs=3, cost=cost).output_shape == (3,)
    assert plan([], (4,), outputs=2, cost={"kind": "CrossEntropy"}).output_shape == (2,)
    assert plan([], (4,), outputs=2, cost={"kind": "MeanSquaredError", "transform": "sigmoid"}).output_shape == (2,)


def test_a_cost_without_a_projection_wants_the_right_width():
    cost = {"kind": "CrossEntropy", "project": False}
    assert plan([DENSE], (4,), outputs=8, cost=cost).rows[-1].params == 0
    error = plan([DENSE], (4,), outputs=3, cost=cost).error
    assert (error.where, "needs 3 columns" in error.what) == ("cost", True)
    assert plan([DENSE], (4,), outputs=3, cost={"kind": "CrossEntropy", "use_bias": False}).rows[-1].params == 24


def test_without_outputs_the_cost_is_unknown_but_not_wrong():
    planned = plan([DENSE], (4,), cost={"kind": "CrossEntropy"})
    assert (planned.rows[-1].shape, planned.error) == (None, None)
    assert [row.path for row in plan([DENSE], (4,)).rows] == ["layers[0]"]


def test_frozen_layers_are_not_trained():
    planned = plan([DENSE, DENSE | {"trainable": False}, repeat(2, DENSE) | {"trainable": False}], (8,))
    assert (planned.parameters, planned.trainable) == (4 * 72, 72)


def test_constants_of_a_typed_activation_are_trained():
    typed = {"expression": "a * x + b", "constants": {"a": 1, "b": 0}}
    layers = [DENSE | {"activation": typed}, {"kind": "Activation", "activation": typed}]
    assert plan(layers, (8,)).trainable == 72 + 2 + 2


def test_models_and_mappings_are_the_same_to_a_plan():
    layers = [conv(), repeat(2, POOL), FLATTEN]
    assert plan(layers, (8, 8, 1), outputs=2) == plan(parse_layers(layers), (8, 8, 1), outputs=2)


def test_a_mapping_that_is_no_layer_raises():
    with pytest.raises(SpecError, match=r"layers\[1\].units: units must be"):
        plan([DENSE, {"kind": "Dense", "units": 0}], (4,))


def test_a_stack_at_the_limit_of_parameters_still_plans():
    assert plan([{"kind": "Dense", "units": 10_000}] * 3, (9_000,)).error is not None
    assert plan([{"kind": "Dense", "units": 10_000}], (24_999,)).parameters == MAX_PARAMETERS


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


@pytest.mark.parametrize(
    ("layers", "shape", "what", "target_shape"),
    [
        ([{"kind": "LSTM", "units": 3}], (16,), "LSTM needs a sequence (steps x values): input is 16", [16, 1]),
        ([{"kind": "GlobalMaxPooling1D"}], (8, 5, 3), "needs a sequence", [8, 15]),
        ([{"kind": "Conv2D", "filters": 2, "kernel_size": 3}], (64,), "needs an image", [8, 8, 1]),
        ([{"kind": "RandomFlip"}], (5, 4), "needs an image", [5, 4, 1]),
    ],
)
def test_the_reshape_that_mends_a_layer_is_given_with_its_shape(layers, shape, what, target_shape):
    error = plan(layers, shape).error
    assert what in error.what
    assert (error.fix, error.fix_with) == ("Reshape", {"target_shape": target_shape})
    assert plan([{"kind": error.fix, **error.fix_with}, *layers], shape).error is None


def test_an_embedding_takes_the_numbers_of_the_data():
    embedding = {"kind": "Embedding", "input_dim": 9, "output_dim": 2}
    assert plan([{"kind": "Flatten"}, embedding], (2, 3)).output_shape == (6, 2)
    assert plan([DENSE, embedding], (4,)).error.what == "Embedding takes whole numbers: those of the data"
    assert plan([{"kind": "GroupNormalization", "groups": 3}], (4,)).error.where == "layers[0]"
