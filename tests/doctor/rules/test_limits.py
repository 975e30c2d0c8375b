"""What holds a training back, how long it is, and which rows it has: each rule on evidence made for it."""

import numpy as np
import pytest

from nnviz.doctor import RULES, Evidence, LastMoments
from nnviz.doctor.rules import budget, restraint, rows
from nnviz.spec import RunSpec
from tests.doctor.evidence_of import BASELINE, EPOCHS, SPEC, facts, falling, losses, moments, sound

POOR = losses(np.full(EPOCHS, 0.6), np.full(EPOCHS, 0.6), 0.7)


def verdict(name, **evidence):
    return RULES[name].judge(sound(**evidence))


def spec_of(*layers, **blocks):
    return RunSpec.parse(SPEC.to_json() | ({"layers": list(layers)} if layers else {}) | blocks)


def test_dropout_is_named_by_its_rate_and_only_where_training_rows_suffer():
    dense = {"kind": "Dense", "units": 8, "activation": "relu"}
    strong = spec_of(dense, {"kind": "Dropout", "rate": restraint.STRONG_DROPOUT + 0.2})
    assert verdict("too_much_dropout", spec=strong, epochs=POOR).change == {"layers[1].rate": 0.2}
    assert verdict("too_much_dropout", spec=strong) is None
    assert verdict("too_much_dropout", spec=spec_of(dense, {"kind": "Dropout", "rate": 0.5}), epochs=POOR) is None
    assert RULES["too_much_dropout"].judge(Evidence(spec=strong)) is None
    hopeless = spec_of(dense, {"kind": "Dropout", "rate": 0.95})
    assert RULES["too_much_dropout"].judge(Evidence(spec=hopeless)) is not None


def test_a_penalty_is_held_against_the_loss():
    heavy = spec_of({"kind": "Dense", "units": 8, "kernel_regularizer": {"kind": "L2", "l2": 0.5}})

    def at(penalty):
        return tuple(moment.__class__(**vars(moment) | {"penalty": penalty}) for moment in moments(loss=0.8))

    change = verdict("too_much_regularization", spec=heavy, epochs=POOR, moments=at(8.0)).change
    # a penalty of ten times the loss is to be a fiftieth of it
    assert change == {"layers[0].kernel_regularizer.l2": pytest.approx(0.001)}
    assert verdict("too_much_regularization", spec=heavy, epochs=POOR, moments=at(0.9 * restraint.HEAVY * 0.8)) is None
    assert verdict("too_much_regularization", epochs=POOR, moments=at(8.0)) is None, "it has no regularizer"


def test_little_room_is_named_where_training_rows_are_learned_badly():
    narrow = spec_of({"kind": "Dense", "units": 1})
    assert verdict("underfitting", spec=narrow, epochs=POOR).change == {"layers[0].units": 32}
    assert verdict("underfitting", spec=narrow) is None
    assert verdict("underfitting", epochs=POOR) is None, "8 units are no bottleneck"
    linear = RunSpec.parse(SPEC.to_json() | {"layers": []})
    assert len(verdict("underfitting", spec=linear, epochs=POOR).change["layers"]) == 1
    half = losses(falling(end=0.5 * BASELINE), falling(end=0.5 * BASELINE))
    assert verdict("underfitting", spec=linear, epochs=half) is None, "as much as a line may learn of real numbers"


def test_one_step_an_epoch_and_a_loss_that_still_falls():
    large = spec_of(training={"epochs": EPOCHS, "batch_size": 4096})
    way = losses(np.linspace(0.7, 0.4, EPOCHS), np.linspace(0.7, 0.42, EPOCHS))
    assert verdict("batch_too_large", spec=large, epochs=way).change == {"training.batch_size": 16}
    assert verdict("batch_too_large", spec=large) is None
    assert verdict("batch_too_large", epochs=way) is None
    assert verdict("batch_too_large", spec=large, epochs=way, data=facts(rows={"train": 40, "validation": 20})) is None


def test_batches_of_a_few_rows_that_keep_a_training_from_its_place():
    small = spec_of(training={"epochs": EPOCHS, "batch_size": 2})

    def of(loss, of_mean, **more):
        last = LastMoments(step=np.arange(330, 401, 10), loss=np.full(8, loss), of_mean=of_mean)
        return verdict("batch_too_small", **{"spec": small, "epochs": POOR, "last": last} | more)

    answer = of(0.6, 0.3)
    assert (answer.change, answer.from_step) == ({"training.batch_size": 32}, None)
    half = losses(np.full(EPOCHS, 0.3), np.full(EPOCHS, 0.3))
    assert of(0.3, 0.2, epochs=half).from_step == 200, "what was learned by then is worth going on with"
    swinging = LastMoments(step=np.arange(330, 401, 10), loss=np.array([0.5, 0.7, 0.55, 0.72, 0.48, 0.6, 0.7, 0.52]), of_mean=0.6)
    assert verdict("batch_too_small", spec=small, epochs=POOR, last=swinging) is not None
    assert of(0.6, 0.9 * budget.CALMER * 0.6) is not None
    assert of(0.6, 1.1 * budget.CALMER * 0.6) is None
    assert of(0.6, 0.3, spec=spec_of(training={"epochs": EPOCHS, "batch_size": budget.FEW_ROWS + 1})) is None
    assert of(0.6, 0.3, epochs=sound().epochs) is None, "it has learned well"
    assert of(0.6, 0.3, data=facts(rows={"train": 40, "validation": 20})) is None
    assert verdict("batch_too_small", spec=small, epochs=POOR) is None


def test_a_training_that_was_done_early():
    def is_named(epochs):
        settled = losses(falling(epochs=epochs), falling(epochs=epochs, seed=1), 0.99)
        return verdict("trained_too_long", epochs=settled, epoch=float(epochs), step=10 * epochs) is not None

    assert is_named(5 * budget.LEAST_EPOCHS)
    assert not is_named(EPOCHS), "it is short"
    slow = losses(np.linspace(0.7, 0.1, 200), np.linspace(0.7, 0.1, 200))
    assert verdict("trained_too_long", epochs=slow, epoch=200.0) is None


def test_a_training_that_ended_while_it_fell():
    def of(train, held_out, **more):
        return verdict("trained_too_short", epochs=losses(train, held_out), **more)

    still = np.linspace(0.7, 0.2, EPOCHS)
    answer = of(still, still)
    assert (answer.change, answer.from_step) == ({"training.epochs": budget.MORE * EPOCHS}, 10 * EPOCHS)
    assert answer.since == 320, "the last fifth"
    assert of(still, still, recorded=(100,)).from_step is None
    assert of(still, still, status="stopped") is None, "somebody ended it"
    assert of(still, still, epoch=EPOCHS - 1.0) is None, "it stopped early"
    assert of(still, np.full(EPOCHS, 0.4)) is None, "more epochs would not help with other rows"
    assert of(falling(), falling(seed=1)) is None
    swings = 0.4 + 0.1 * np.random.default_rng(1).standard_normal(EPOCHS)
    assert of(swings, swings) is None
    three = np.array([0.7, 0.5, 0.4])
    assert of(three, three, epoch=40.0) is not None
    # of a few epochs less is enough, where each brought it further
    for way in ([0.5, 0.47], [0.5, 0.47, 0.452, 0.43]):
        assert of(np.array(way), np.array(way)) is not None
    assert of(np.array([0.5, 0.51, 0.49]), np.array([0.5, 0.51, 0.49])) is None, "it swings"
    assert of(np.array([0.5, 0.49]), np.array([0.5, 0.49])) is None


def test_rows_that_are_few_or_in_two_parts_or_of_another_kind():
    assert verdict("validation_too_small", data=facts(rows={"train": 300, "validation": rows.FEW - 8})) is not None
    assert verdict("validation_too_small", data=facts(rows={"train": 300, "validation": rows.FEW})) is None
    assert verdict("overlapping_parts", data=facts(copies={"validation": 0.3})).change == {"split.duplicates": "together"}
    assert verdict("overlapping_parts", data=facts(copies={"validation": 0.02})) is None
    assert verdict("shifted_parts", data=facts(shift=np.array([0.3, -12.0]))) is not None
    # the largest of a thousand columns that are split by chance
    chance = np.random.default_rng(0).standard_normal(1000)
    assert verdict("shifted_parts", data=facts(shift=chance)) is None


def test_a_class_that_a_part_does_not_have():
    def of(train, held_out):
        shares = {"train": np.array(train), "validation": np.array(held_out)}
        return verdict("missing_class", data=facts(class_shares=shares))

    assert "no training rows" in of([1.0, 0.0], [0.5, 0.5]).text
    assert "no validation rows" in of([0.8, 0.2], [1.0, 0.0]).text
    assert of([0.99, 0.01], [1.0, 0.0]) is None, "three rows may all fall into training by chance"
    assert of([0.5, 0.5], [0.5, 0.5]) is None


def test_a_column_that_gives_the_target_away_is_dropped_beside_those_that_are():
    data = {"kind": "file", "path": "a.csv", "drop": ["id"]}
    assert verdict("leakage", spec=spec_of(data=data), data=facts(leaks=("copy",))).change == {"data.drop": ["id", "copy"]}
    assert verdict("leakage") is None


def test_an_accuracy_that_is_the_share_of_one_class():
    shares = {"train": np.array([0.95, 0.05]), "validation": np.array([0.95, 0.05])}
    low = -(0.95 * np.log(0.95) + 0.05 * np.log(0.05))
    rare = facts(class_shares=shares, baseline_loss={"train": low, "validation": low})
    flat = np.full(EPOCHS, 0.97 * low)
    assert verdict("class_imbalance", epochs=losses(flat, flat, 0.95), data=rare).change == {"cost.class_weight": "balanced"}
    assert verdict("class_imbalance", epochs=losses(flat, flat, 0.99), data=rare) is None
    assert verdict("class_imbalance", epochs=POOR) is None
