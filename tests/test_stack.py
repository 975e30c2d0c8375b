import pytest

from nnviz.errors import SpecError
from nnviz.spec import parse_layers
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
