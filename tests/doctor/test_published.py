"""Published rules, re-stated: each fires on evidence made for it, at the threshold of its source, and not below."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.doctor import beside
from benchmarks.doctor.cases import planted
from benchmarks.doctor.published import SYSTEMS
from benchmarks.doctor.tally import Judged
from nnviz.doctor import RULES
from nnviz.spec import RunSpec
from tests.doctor.evidence_of import SPEC, by_epoch, facts, falling, layer, moments, sound

BY_NAME = {(system.name, rule.name): rule for system in SYSTEMS for rule in system.rules}


def fires(system, rule, evidence):
    return BY_NAME[system, rule].fires(evidence)


def losses(train, held_out):
    return {"loss": by_epoch(train), "val_loss": by_epoch(held_out)}


def with_layers(*layers):
    return sound(moments=moments(*layers))


@pytest.mark.parametrize(
    ("rule", "below", "above"),
    [
        ("DeadRelu", with_layers(layer(dead=0.49)), with_layers(layer(dead=0.51))),
        ("SaturatedActivation", with_layers(layer(saturated=0.49)), with_layers(layer(saturated=0.51))),
        # of 24 weights
        ("VanishingGradient", with_layers(layer(gradient=1.1e-7 * 24**0.5)), with_layers(layer(gradient=0.9e-7 * 24**0.5))),
        ("WeightUpdateRatio", with_layers(layer(update=19.0)), with_layers(layer(update=21.0))),
        ("WeightUpdateRatio", with_layers(layer(update=3e-8)), with_layers(layer(update=1e-8))),
        # variances: norms squared by the same count
        ("PoorWeightInitialization", with_layers(layer(), layer(weights=6.0)), with_layers(layer(), layer(weights=6.6))),
        ("ExplodingTensor", sound(), sound(status="diverged")),
        (
            "ClassImbalance",
            sound(data=facts(class_shares={"train": np.array([0.9, 0.1])})),
            sound(data=facts(class_shares={"train": np.array([0.92, 0.08])})),
        ),
        (
            "Overfit",
            sound(epochs=losses(falling(noise=0), falling(noise=0))),
            sound(epochs=losses([0.5] * 9, [0.5] * 8 + [0.56])),
        ),
        ("Overtraining", sound(epochs=losses([0.5] * 11, [0.5] * 10 + [0.4])), sound(epochs=losses([0.5] * 12, [0.5] * 12))),
        (
            "LossNotDecreasing",
            sound(epochs=losses(0.5 * 0.98 ** np.arange(40), [0.5] * 40)),
            sound(epochs=losses([0.5] * 40, [0.5] * 40)),
        ),
    ],
)
def test_sagemaker_debugger(rule, below, above):
    assert not fires("SageMaker Debugger", rule, below)
    assert fires("SageMaker Debugger", rule, above)


def test_autotrainer_looks_at_gradients_of_bad_runs_only():
    bad = {"accuracy": by_epoch(np.full(40, 0.5)), "val_accuracy": by_epoch(np.full(40, 0.5))}
    for name, layers in {
        "dying ReLU": (layer(dead=0.8), layer("cost", dead=None)),
        "explode": (layer(gradient=80.0), layer("cost", gradient=1.0)),
        "vanishing gradient": (layer(gradient=1e-5), layer("cost", gradient=1.0)),
        "slow convergence": (),
    }.items():
        evidence = sound(moments=moments(*layers)) if layers else sound()
        assert not fires("AutoTrainer", name, evidence)
        wrong = replace(evidence, epochs={**evidence.epochs, **bad})
        dead_half = layers and name == "dying ReLU"
        if dead_half:
            wrong = replace(wrong, moments=moments(layer(dead=0.8), layer("layers[1]", dead=0.7)))
        assert fires("AutoTrainer", name, wrong), name
    swinging = 0.8 + 0.05 * (-1.0) ** np.arange(40)
    epochs = {"loss": by_epoch(falling()), "accuracy": by_epoch(swinging), "val_accuracy": by_epoch(swinging)}
    assert fires("AutoTrainer", "oscillating loss", sound(epochs=epochs))
    assert fires("AutoTrainer", "explode", sound(status="diverged"))
    assert not SYSTEMS[1].is_for(sound(data=facts(task="regression")))


def test_umlaut():
    record = SPEC.to_json()
    dropped = RunSpec.parse(record | {"layers": [*record["layers"], {"kind": "Dropout", "rate": 0.6}]})
    linear = RunSpec.parse(record | {"layers": [{"kind": "Dense", "units": 3, "activation": "linear"}]})
    assert fires("UMLAUT", "High dropout", sound(spec=dropped))
    assert not fires("UMLAUT", "High dropout", sound())
    assert fires("UMLAUT", "Missing activation", sound(spec=linear))
    assert not fires("UMLAUT", "Missing activation", sound())
    fast, slow = (SPEC.with_("optimizer.learning_rate", rate) for rate in (0.011, 1e-8))
    assert fires("UMLAUT", "Learning rate high", sound(spec=fast))
    assert not fires("UMLAUT", "Learning rate high", sound())
    assert fires("UMLAUT", "Learning rate low", sound(spec=slow))
    assert not fires("UMLAUT", "Learning rate low", sound())
    assert not fires("UMLAUT", "Overfitting", sound(epochs=losses(falling(noise=0), falling(noise=0))))
    assert fires("UMLAUT", "Overfitting", sound(epochs=losses(falling(noise=0), falling(noise=0)[::-1])))
    assert fires("UMLAUT", "Overconfident validation accuracy", sound())


def test_each_rule_stands_for_rules_of_the_doctor():
    planned = {"trained_too_short", "batch_too_small", "too_large"}
    for system in SYSTEMS:
        assert system.source
        assert system.left_out
        for rule in system.rules:
            assert set(rule.means) <= {*RULES, *planned}, rule.name


def test_they_stand_in_one_table_with_the_doctor():
    case = next(planted())
    counted = [Judged(case, sound(status="diverged"), ("rate_too_high",)), Judged(case, sound(), ())]
    rows = {line.split(" | ")[0].strip("| "): line for line in beside.table(counted).splitlines()}
    assert "1 (50 %) | 1 (50 %)" in rows["nnviz doctor"]
    assert "1 (50 %) | 1 (50 %) | 1 (50 %)" in rows["AutoTrainer"]
    assert "| SageMaker Debugger | ExplodingTensor | 1 | 1 | 0 |" in beside.firing(counted)
    assert beside.sources().count("Left out") >= 9
