"""Each rule on evidence made for it, and on evidence just short of it."""

import numpy as np
import pytest

from nnviz.doctor import RULES, judge
from nnviz.doctor.rules import fit, gradients, learning_rate, units
from nnviz.spec import RunSpec
from tests.doctor.evidence_of import BASELINE, EPOCHS, SPEC, by_epoch, facts, falling, layer, losses, moments, sound

POOR = losses(np.full(EPOCHS, 0.6), np.full(EPOCHS, 0.6), 0.7)


def cost(**more):
    return layer("cost", dead=None, activation="softmax", **more)


def verdict(name, **evidence):
    return RULES[name].judge(sound(**evidence))


@pytest.mark.parametrize(
    ("rule", "faulty", "fine"),
    [
        ("rate_too_high", layer(update=2 * learning_rate.LARGE * 2), layer(update=0.5 * learning_rate.LARGE * 2)),
        ("rate_too_low", layer(update=0.5 * learning_rate.SMALL * 2), layer(update=2 * learning_rate.SMALL * 2)),
        ("dead_relu", layer(dead=units.DEAD + 0.2), layer(dead=units.DEAD - 0.1)),
        ("saturated", layer(saturated=0.95, dead=None), layer(saturated=0.5, dead=None)),
        ("exploding_gradient", layer(gradient=4 * gradients.HUGE), layer(gradient=gradients.HUGE)),
    ],
)
def test_layers_are_judged_by_thresholds_and_only_where_the_training_suffers(rule, faulty, fine):
    assert verdict(rule, epochs=POOR, moments=moments(faulty, faulty)) is not None
    assert verdict(rule, epochs=POOR, moments=moments(fine, fine)) is None
    assert verdict(rule, moments=moments(faulty, faulty)) is None, "this run has learned well"


def test_a_better_rate_brings_the_update_to_its_aim():
    change = verdict("rate_too_high", epochs=POOR, moments=moments(layer(update=3.0), cost(update=3.0))).change
    # updates of 1.5 times the weights at a rate of 0.01: 0.015 of them at 0.0001
    assert change == {"optimizer.learning_rate": 0.0001}
    change = verdict("rate_too_low", epochs=POOR, moments=moments(layer(update=3e-4), cost(update=3e-4))).change
    assert change == {"optimizer.learning_rate": 1.0}


def test_a_gradient_that_fades_on_its_way_back():
    deep = [layer(f"layers[{at}]", gradient=2 * 0.02 ** (3 - at), activation="sigmoid", dead=None) for at in range(3)]
    assert verdict("vanishing_gradient", epochs=POOR, moments=moments(*deep, cost(gradient=2.0))).where == "layers[0]"
    assert verdict("vanishing_gradient", epochs=POOR, moments=moments(*[layer()] * 3, cost())) is None


def test_a_first_loss_far_above_a_constant_answer():
    assert verdict("poor_initialisation", epochs=POOR, moments=moments(loss=20 * BASELINE)) is not None
    assert verdict("poor_initialisation", epochs=POOR, moments=moments(loss=2 * BASELINE)) is None


def test_overfitting_begins_where_the_validation_loss_is_lowest():
    held_out = np.concatenate([falling(epochs=20, end=0.2, noise=0.0), np.linspace(0.22, 0.8, 20)])
    since = verdict("overfitting", epochs=losses(falling(), held_out)).since
    assert since == pytest.approx(10 * (1 + np.argmin(held_out)), abs=30)
    assert verdict("overfitting", epochs=losses(falling(end=0.1), falling(end=0.12, seed=1))) is None
    # both rise: that is no overfitting, whatever else it is
    assert verdict("overfitting", epochs=losses(held_out, held_out)) is None


def test_many_more_weights_than_rows_and_rows_learned_by_heart():
    def named(end, **more):
        epochs = losses(falling(), falling(end=end, seed=1))
        return [finding.rule for finding in judge(sound(epochs=epochs, **{"parameters": 40_000} | more))]

    gap = fit.LARGE_GAP * BASELINE
    assert named(0.02 + 1.3 * gap) == ["too_large"]
    assert named(0.02 + 3 * gap) == ["too_large", "overfitting"]
    assert named(0.02 + 0.8 * gap) == []
    assert named(0.02 + 1.3 * gap, parameters=int(0.9 * fit.MANY * 320)) == []
    rising = np.concatenate([falling(epochs=20, end=0.2, noise=0.0), np.linspace(0.22, 0.8, 20)])
    assert [one.rule for one in judge(sound(epochs=losses(falling(), rising), parameters=40_000))] == ["overfitting", "too_large"]


def test_a_smaller_network_has_a_few_weights_for_each_row():
    large = RunSpec.parse(SPEC.to_json() | {"layers": [{"kind": "Dense", "units": 200}, {"kind": "Dense", "units": 200}]})
    weights = 2 * 200 + 200 + 200 * 200 + 200 + 200 * 2 + 2
    epochs = losses(falling(), falling(end=0.3, seed=1))
    change = verdict("too_large", spec=large, parameters=weights, epochs=epochs).change
    units = change["layers[0].units"]
    assert change["layers[1].units"] == units
    fewer = 2 * units + units + units * units + units + units * 2 + 2
    assert 0.5 * fit.ENOUGH < fewer / 320 < 1.5 * fit.ENOUGH


def test_noise_is_no_rise():
    noisy = 0.05 + 0.1 * np.abs(np.random.default_rng(3).standard_normal(EPOCHS))
    assert verdict("overfitting", epochs=losses(falling(), noisy)) is None


def test_no_better_than_the_commonest_class_by_more_than_chance():
    flat = np.full(EPOCHS, BASELINE)
    assert verdict("no_better_than_baseline", epochs=losses(flat, flat, 0.52)) is not None
    # of 80 rows 0.7 is four standard errors above a half
    assert verdict("no_better_than_baseline", epochs=losses(flat, flat, 0.7)) is None
    rare = facts(class_shares={"train": np.array([0.9, 0.1]), "validation": np.array([0.9, 0.1])})
    assert verdict("no_better_than_baseline", epochs=losses(flat, flat, 0.9), data=rare) is not None


def test_a_loss_that_is_no_number_began_where_it_was_first():
    values = falling()
    values[20:] = np.inf
    assert verdict("diverged", epochs={"loss": by_epoch(values)}).since == 210
    assert fit.overfitting(sound(epochs={"loss": by_epoch(values), "val_loss": by_epoch(values)})) is None
