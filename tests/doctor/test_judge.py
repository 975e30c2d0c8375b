"""Findings: what is merged, what comes first, and what is never said."""

import json

import numpy as np
import pytest

from nnviz.doctor import RULES, Evidence, Points, judge
from nnviz.doctor.rules import SYMPTOMS
from nnviz.spec import RunSpec
from tests.doctor.evidence_of import BASELINE, EPOCHS, SPEC, by_epoch, falling, layer, losses, moments, sound


def rules_of(evidence):
    return [finding.rule for finding in judge(evidence)]


def test_a_sound_run_is_healthy():
    assert judge(sound()) == []


def test_a_draft_and_an_empty_run_are_not_accused():
    assert judge(Evidence(spec=SPEC)) == []
    assert judge(Evidence(spec=SPEC, status="running")) == []


def test_a_draft_whose_units_start_alike_is_named():
    record = SPEC.to_json()
    record["layers"][0]["kernel_initializer"] = "zeros"
    findings = judge(Evidence(spec=RunSpec.parse(record)))
    assert [(finding.rule, finding.where) for finding in findings] == [("poor_initialisation", "layers[0]")]


def test_a_cause_swallows_what_it_explains():
    dead = layer(update=1.0, dead=0.9)
    evidence = sound(
        status="diverged",
        epochs=losses(np.full(EPOCHS, BASELINE), np.full(EPOCHS, BASELINE)),
        moments=moments(dead, layer("cost", update=1.0, dead=None, activation="softmax")),
    )
    (finding,) = judge(evidence)
    assert finding.rule == "rate_too_high"
    assert set(finding.also) == {"diverged", "dead_relu", "plateau", "no_better_than_baseline"}
    assert "Dead units" in finding.also_titles
    assert finding.confidence == 1.0


def test_a_training_that_ended_too_soon_is_a_consequence_of_any_cause_and_a_cause_of_symptoms():
    assert rules_of(sound(epochs=losses(np.linspace(0.69, 0.3, EPOCHS), np.linspace(0.69, 0.3, EPOCHS)))) == ["trained_too_short"]
    steep = losses(np.linspace(0.69, 0.3, EPOCHS), np.linspace(0.69, 0.3, EPOCHS))
    lazy = moments(layer(update=1e-3), layer("cost", update=1e-3, dead=None))
    (finding,) = judge(sound(epochs=steep, moments=lazy))
    assert (finding.rule, finding.also) == ("rate_too_low", ("trained_too_short",))


def test_the_surest_comes_first_and_all_of_it_is_json():
    held_out = np.concatenate([falling(epochs=15, end=0.2), np.linspace(0.22, 1.5, 25)])
    evidence = sound(epochs=losses(falling(), held_out), moments=moments(layer(dead=0.7), layer("cost", dead=None)))
    findings = judge(evidence)
    assert [finding.rule for finding in findings] == ["overfitting", "dead_relu"]
    assert findings[0].confidence > findings[1].confidence
    record = json.loads(json.dumps(findings[0].to_json()))
    assert {"rule", "since", "confidence", "where", "text", "why", "what_to_do", "remedy", "evidence", "also"} <= set(record)
    assert record["since"] == {"step": findings[0].since_step, "epoch": findings[0].since_epoch}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_explained(name):
    rule = RULES[name]
    assert rule.name == name
    assert rule.title
    assert rule.why.count(".") >= 2
    assert len(rule.what_is_this) > len(rule.title)
    assert set(rule.explains) <= {*RULES}


def test_no_rule_explains_itself():
    free = dict.fromkeys(RULES)
    ahead = {name: set(RULES[name].explains) for name in free}
    while ahead:
        ends = {name for name, explained in ahead.items() if not explained & ahead.keys()}
        assert ends, f"a circle among {sorted(ahead)}"
        ahead = {name: explained for name, explained in ahead.items() if name not in ends}
    assert set(SYMPTOMS) <= {*RULES}


def test_every_remedy_is_a_spec_that_can_be_trained():
    broken = sound(
        status="diverged",
        epochs=losses(np.full(EPOCHS, BASELINE), np.full(EPOCHS, BASELINE)),
        moments=moments(layer(update=1.0), layer("cost", update=1.0, dead=None)),
    )
    lazy = sound(
        epochs=losses(np.full(EPOCHS, 0.6), np.full(EPOCHS, 0.6), 0.7),
        moments=moments(layer(update=2e-4), layer("cost", update=2e-4, dead=None)),
    )
    idle = sound(epochs=losses(np.full(EPOCHS, 0.5), np.full(EPOCHS, 0.5), 0.7), moments=moments(layer(dead=0.9)))
    for evidence in (broken, lazy, idle):
        for finding in judge(evidence):
            spec = evidence.spec
            for path, value in finding.remedy["set"].items():
                spec = spec.with_(path, value)
            assert spec != evidence.spec


def test_what_is_no_number_is_looked_past():
    values = falling()
    values[7] = np.nan
    assert "overfitting" not in rules_of(sound(epochs={"loss": by_epoch(values), "val_loss": by_epoch(values)}))


def test_a_run_that_has_only_begun_is_judged_by_what_is_certain_alone():
    flat = losses(np.full(5, BASELINE), np.full(5, BASELINE))
    young = sound(status="running", step=50, epoch=5.0, epochs=flat, moments=moments(layer(update=1.0, dead=0.9)))
    assert judge(young) == []
    assert rules_of(sound(status="running", step=250, epoch=25.0, epochs=flat, moments=young.moments)) == ["rate_too_high"]
    step = np.arange(1, 51, dtype=float)
    wild = {"batch_loss": Points(step, step / 10, np.full(50, 3.0))}
    assert rules_of(sound(status="running", step=50, epoch=5.0, epochs=flat, moments=young.moments, series=wild)) == [
        "rate_too_high"
    ]
