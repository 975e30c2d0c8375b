"""Residual and Parallel: what the planner says against what Keras's functional models make of the same stacks."""

import itertools
import math
import random

import keras
import pytest

from nnviz.errors import SpecError
from nnviz.spec import RunSpec, differences, expand, layer_count, parse_layers, summary, unfold
from nnviz.stack import BYTES, plan
from nnviz.ui.compare.differences import differing_rows

DENSE = {"kind": "Dense", "units": 8}


def residual(*layers, **more):
    return {"kind": "Residual", "layers": list(layers), **more}


def parallel(*branches, **more):
    return {"kind": "Parallel", "branches": [list(branch) for branch in branches], **more}


def repeat(times, *layers):
    return {"kind": "Repeat", "times": times, "layers": list(layers)}


def conv(filters, **more):
    return {"kind": "Conv2D", "filters": filters, "kernel_size": 3, "padding": "same", **more}


def spec(layers):
    return RunSpec.parse(
        {
            "data": {"kind": "builtin", "name": "iris"},
            "layers": layers,
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
        }
    )


def test_a_residual_row_holds_its_inner_rows_and_its_projection():
    planned = plan([residual(DENSE, {"kind": "Dense", "units": 3}, project=True)], (4,))
    (row,) = planned.rows
    assert [inner.path for inner in row.rows] == ["layers[0].layers[0]", "layers[0].layers[1]"]
    assert (row.shape, row.params) == ((3,), (4 * 8 + 8) + (8 * 3 + 3) + 4 * 3)
    assert planned.memory_bytes == BYTES * (row.params + 8 + 3 + 3)


def test_branches_start_from_the_same_input_and_their_paths_say_which():
    planned = plan([parallel([DENSE, DENSE], [], [{"kind": "Dense", "units": 2}])], (4,), outputs=3)
    assert [row.path for row in planned.walk()] == [
        "layers[0]",
        "layers[0].branches[0][0]",
        "layers[0].branches[0][1]",
        "layers[0].branches[2][0]",
        "cost",
    ]
    assert planned.rows[0].shape == (8 + 4 + 2,)
    assert planned.rows[1].params == 14 * 3 + 3
    assert plan([parallel([DENSE], [DENSE], join="average")], (4,)).rows[0].shape == (8,)


def test_each_varies_over_the_copies_around_a_block():
    inner = {"kind": "Dense", "units": {"each": [8, 4]}}
    planned = plan([repeat(2, residual(inner, project=True), parallel([inner], []))], (8,))
    assert planned.error is None
    outer = planned.rows[0]
    assert [(row.copies, row.total) for row in outer.rows[0].rows] == [(2, 8 * 8 + 8 + 16 * 4 + 4)]
    assert outer.rows[0].total == outer.rows[0].rows[0].total + 16 * 4
    assert planned.output_shape == (4 + 4,)
    assert [path for path, _ in expand(parse_layers([repeat(2, residual(DENSE))]))] == ["layers[0].layers[0].layers[0]"] * 2
    assert layer_count(parse_layers([repeat(3, residual(DENSE, project=True), parallel([DENSE], [DENSE]))])) == 3 * 4


@pytest.mark.parametrize(
    ("layers", "shape", "where", "what", "remedy"),
    [
        ([residual(DENSE)], (4,), "layers[0]", "turn 4 into 8", "4 units, or set project to true"),
        ([DENSE, residual(DENSE, DENSE | {"units": 2})], (4,), "layers[1]", "turn 8 into 2", "project"),
        ([residual(conv(4, strides=2))], (8, 8, 4), "layers[0]", "turn 8x8x4 into 4x4x4", "Keep the size of the image"),
        ([residual({"kind": "Flatten"}, project=True)], (4, 4, 1), "layers[0]", "turn 4x4x1 into 16", "channels"),
        ([residual(conv(4, kernel_size=3, padding="valid"), project=True)], (8, 8, 4), "layers[0]", "8x8x4 into 6x6x4", "whole"),
        ([parallel([DENSE], [])], (4,), "", "", ""),
        ([parallel([DENSE], [], join="add")], (4,), "layers[0]", "branches of 8 and 4 cannot be added", "concatenate"),
        ([parallel([conv(2)], [{"kind": "MaxPooling2D"}])], (8, 8, 4), "layers[0]", "cannot be concatenated", "last sizes"),
        ([parallel([DENSE], [conv(2)])], (4,), "layers[0].branches[1][0]", "Conv2D needs an image", ""),
        ([repeat(2, residual({"kind": "Dense", "units": {"each": [4, 3]}}))], (4,), "layers[0].layers[0]", "in copy 2", "units"),
    ],
)
def test_what_does_not_fit_is_told_at_its_block(layers, shape, where, what, remedy):
    error = plan(layers, shape).error
    assert (error.where if error else "") == where
    assert not error or (what in error.what and remedy in error.remedy)


@pytest.mark.parametrize(
    ("layers", "where", "words"),
    [
        ([parallel([DENSE], [{"kind": "Dense", "units": 3, "unit": 3}])], "layers[0].branches[1][0].unit", "units"),
        ([parallel([DENSE], [DENSE | {"units": 0}])], "layers[0].branches[1][0].units", "from 1"),
        ([parallel([DENSE])], "layers[0].branches", ""),
        ([residual()], "layers[0].layers", "empty"),
        ([residual(DENSE, join="add")], "layers[0].join", "Allowed here: kind, layers, project"),
        ([{"kind": "Residul", "layers": [DENSE]}], "layers[0].kind", "Did you mean Residual?"),
        ([{"kind": "skip", "layers": [DENSE]}], "layers[0].kind", "Did you mean Residual?"),
        ([parallel([DENSE], [DENSE], join="sum")], "layers[0].join", "one of concatenate, add, average"),
        (
            [parallel([residual(repeat(2, DENSE | {"rate": 1}))], [])],
            "layers[0].branches[0][0].layers[0].layers[0].rate",
            "units",
        ),
        ([residual(DENSE, project=1)], "layers[0].project", "true or false"),
    ],
)
def test_mistakes_inside_blocks_have_their_path(layers, where, words):
    with pytest.raises(SpecError) as caught:
        spec(layers)
    assert (caught.value.where, words in caught.value.message) == (where, True)


def test_specs_are_named_changed_and_compared_through_blocks():
    one = spec([DENSE, residual(DENSE, DENSE), parallel([DENSE, {"kind": "Dropout", "rate": 0.1}], [])])
    assert summary(one) == "8-(8-8)+-(8|)-CE"
    other = one.with_("layers[2].branches[0][1].rate", 0.2).with_("layers[1].layers[0].units", 4)
    changed = differences([one, other])
    assert changed == {"layers[1].layers[0].units": [8, 4], "layers[2].branches[0][1].rate": [0.1, 0.2]}
    assert [row.label for row in differing_rows([one, other])] == ["Hidden layers", "Dropout of layer 3.1.2"]
    words = [cell.text for cell in differing_rows([one, spec([parallel([DENSE], [])])])[0].cells]
    assert words == ["Dense 8, x + (Dense 8, Dense 8), concatenate (Dense 8, Dropout 0.1 | none)", "concatenate (Dense 8 | none)"]
    assert RunSpec.parse(one.to_json()) == one


def random_layer(chance, depth, is_image):
    kind = chance.choice(["Dense", "Dropout", "Conv2D", "Conv2D"] if is_image and chance.random() < 0.9 else ["Dense", "Dropout"])
    if depth and chance.random() < 0.55:
        kind = chance.choice(["Residual", "Residual", "Parallel", "Parallel", "Repeat"])

    def some(low):
        return [random_layer(chance, depth - 1, is_image) for _ in range(chance.randint(low, 2))]

    frozen = {"trainable": False} if chance.random() < 0.1 else {}
    return {
        "Residual": lambda: residual(*some(1), project=chance.random() < 0.7),
        "Parallel": lambda: parallel(some(0), some(1), some(0), join=chance.choice(["add", "average", *["concatenate"] * 3])),
        "Repeat": lambda: repeat(chance.randint(1, 2), *some(1)),
        "Dense": lambda: {"kind": "Dense", "units": chance.choice([3, 3, 3, 4])},
        "Dropout": lambda: {"kind": "Dropout", "rate": 0.5},
        "Conv2D": lambda: conv(chance.choice([2, 2, 3]), strides=chance.choice([1, 1, 2])),
    }[kind]() | frozen


class Refused(Exception):
    pass


def functional(placed, tensor, shapes):
    """Keras's own layers on a symbolic tensor. Refused (path) where shapes do not fit; `shapes` by path and path's copies."""
    for place in placed:
        layer = place.layer
        if layer.kind == "Residual":
            inner = functional(place.lists[0], tensor, shapes)
            tensor = keras.layers.Add()([skip(tensor, inner, layer, place.path), inner])
        elif layer.kind == "Parallel":
            outputs = [functional(branch, tensor, shapes) for branch in place.lists]
            wanted = {output.shape[:-1] if layer.join == "concatenate" else output.shape for output in outputs}
            if len(wanted) > 1:
                raise Refused(place.path)
            joins = {"concatenate": keras.layers.Concatenate, "add": keras.layers.Add, "average": keras.layers.Average}
            tensor = joins[layer.join]()(outputs)
        elif layer.kind == "Dense" and len(tensor.shape) != 2:
            raise Refused(place.path)
        else:
            options = {name: value for name, value in layer.params.items() if name not in ("name", "kernel_initializer")}
            tensor = getattr(keras.layers, layer.kind)(**options)(tensor)
        shapes.setdefault(place.path, tuple(tensor.shape[1:]))
    return tensor


def outcome(placed, tensor, shapes):
    """(the output, "") or (None, the path that does not fit)."""
    try:
        return functional(placed, tensor, shapes), ""
    except Refused as refused:
        return None, str(refused)


def skip(tensor, inner, layer, path):
    if tensor.shape == inner.shape:
        return tensor
    if not layer.project or len(tensor.shape) != len(inner.shape):
        raise Refused(path)
    options = {"use_bias": False, "trainable": layer.trainable}
    if len(tensor.shape) == 2:
        return keras.layers.Dense(inner.shape[-1], **options)(tensor)
    for strides in itertools.product(range(1, 9), repeat=2):
        if tuple(-(-size // step) for size, step in zip(tensor.shape[1:3], strides, strict=True)) == inner.shape[1:3]:
            return keras.layers.Conv2D(inner.shape[-1], 1, strides=strides, **options)(tensor)
    raise Refused(path)


def test_random_nested_stacks_are_what_keras_makes_of_them():
    chance = random.Random(11)
    outcomes = {"built": 0, "refused": 0}
    projected = 0
    for _ in range(60):
        shape = chance.choice([(3,), (3,), (6, 6, 2), (9, 5, 2)])
        layers = parse_layers([random_layer(chance, 3, len(shape) == 3) for _ in range(chance.randint(1, 3))])
        ours, shapes = plan(layers, shape), {}
        inputs = keras.Input(shape)
        made, where = outcome(unfold(layers), inputs, shapes)
        assert (ours.error.where if ours.error else "") == where
        outcomes["refused" if where else "built"] += 1
        if where:
            continue
        model = keras.Model(inputs, made)
        assert ours.output_shape == tuple(made.shape[1:])
        assert ours.parameters == model.count_params()
        assert ours.trainable == sum(math.prod(weight.shape) for weight in model.trainable_weights)
        assert {row.path: row.shape for row in ours.walk() if row.kind != "Repeat"} == shapes
        projected += ours.parameters != sum(row.total for row in ours.walk() if not row.rows)
    assert min(outcomes.values()) > 15, outcomes
    assert projected > 2
