"""Outputs and targets that do not fit, and losses at rest."""

import numpy as np
import pytest

from nnviz.doctor import RULES, DataFacts, Evidence
from nnviz.doctor.rules import mismatch
from nnviz.spec import RunSpec
from tests.doctor.evidence_of import BASELINE, EPOCHS, SPEC, falling, layer, losses, moments, sound

POOR = losses(np.full(EPOCHS, 0.9), np.full(EPOCHS, 0.9))


def numbers(mean=0.0, scale=1.0):
    return DataFacts(
        task="regression",
        shape=(2,),
        outputs=1,
        rows={"train": 300, "validation": 100},
        baseline_loss={"train": 1.0, "validation": 1.0},
        target_mean=np.array([mean]),
        target_scale=np.array([scale]),
    )


def spec_of(transform):
    cost = {"kind": "MeanSquaredError", "transform": transform}
    return RunSpec.parse(SPEC.to_json() | {"data": {"kind": "synthetic", "name": "plane"}, "cost": cost})


@pytest.mark.parametrize("transform", ["sigmoid", "softplus"])
def test_outputs_that_are_never_negative_and_a_target_that_often_is(transform):
    rule = RULES["cost_mismatch"]
    assert rule.judge(sound(spec=spec_of(transform), epochs=POOR, data=numbers())).change == {"cost.transform": "identity"}
    assert rule.judge(Evidence(spec=spec_of(transform), data=numbers())) is not None, "a draft is told before it trains"
    assert rule.judge(sound(spec=spec_of(transform), epochs=POOR, data=numbers(mean=3.0))) is None, "amounts are above 0"
    assert rule.judge(sound(spec=spec_of("identity"), epochs=POOR, data=numbers())) is None


def test_a_target_of_another_size():
    rule = RULES["cost_mismatch"]
    assert rule.judge(sound(spec=spec_of("identity"), epochs=POOR, data=numbers(mean=2 * mismatch.WIDE))) is not None
    assert rule.judge(sound(spec=spec_of("identity"), epochs=POOR, data=numbers(scale=0.5 * mismatch.WIDE))) is None


def test_a_loss_at_rest_far_from_done():
    rule = RULES["plateau"]
    way = np.concatenate([np.linspace(BASELINE, 0.55, 10), np.full(EPOCHS - 10, 0.55)])
    assert rule.judge(sound(epochs=losses(way, way))).since == pytest.approx(100, abs=20)
    assert rule.judge(sound(epochs=losses(0.5 * way, way))) is None, "half of it is learned"
    still = np.linspace(BASELINE, 0.5, EPOCHS)
    assert rule.judge(sound(epochs=losses(still, still))) is None
    assert rule.judge(sound(epochs=losses(falling(), falling()))) is None


def test_a_schedule_that_ends_long_before_the_training():
    rule = RULES["plateau"]
    schedule = {"kind": "ExponentialDecay", "decay_steps": 10, "decay_rate": 0.5}
    spec = RunSpec.parse(SPEC.to_json() | {"optimizer": {"kind": "Adam", "learning_rate": 0.01, "schedule": schedule}})

    half = losses(np.full(EPOCHS, 0.3), np.full(EPOCHS, 0.3))

    def of(updates, spec=spec, **more):
        steps = zip((0, 10, 100, 400), updates, strict=True)
        every = [moments(layer(update=update), steps=(step,))[0] for step, update in steps]
        return rule.judge(sound(spec=spec, moments=tuple(every), **{"epochs": half} | more))

    answer = of((0.02, 0.01, 1e-4, 0.0))
    between = 10 + 90 * np.log(0.01 / 2e-4) / np.log(0.01 / 1e-4)  # where a straight line of logarithms meets 1 % of 0.02
    assert (answer.since, answer.change) == (round(between), {"optimizer.schedule": None})
    assert of((0.02, 0.01, 0.01, 1e-4)) is None, "it ends with the training"
    assert of((0.02, 0.01, 1e-4, 0.01)) is None, "it begins again"
    assert of((0.02, 0.01, 1e-4, 0.0), SPEC) is None, "there is no schedule"
    assert of((0.02, 0.01, 1e-4, 0.0), epochs=losses(falling(), falling())) is None, "it has learned all"
