"""From evidence to findings: every rule is asked, what explains another thing swallows it, the likeliest cause comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nnviz.doctor.evidence import Evidence
from nnviz.doctor.finding import Finding, Verdict
from nnviz.doctor.rules import MILD, RULES, SYMPTOMS
from nnviz.doctor.rules.rule import Rule

LEAST_CONFIDENCE = 0.5
"""Below it a finding is not said: a healthy run that is accused costs more trust than a fault that is missed."""


def judge(evidence: Evidence) -> list[Finding]:
    """What is wrong, the likeliest cause first; empty for a healthy run. `evidence` may be of a draft, without any series, or
    of a run that still trains."""
    asked = [rule for rule in RULES.values() if rule.is_early or not evidence.is_young]
    verdicts = [(rule, verdict) for rule in asked if (verdict := rule.judge(evidence)) is not None]
    findings = [_finding(rule, verdict, evidence) for rule, verdict in verdicts if verdict.confidence >= LEAST_CONFIDENCE]
    return sorted(_merged(findings), key=lambda finding: -finding.confidence)


def _finding(rule: Rule, verdict: Verdict, evidence: Evidence) -> Finding:
    remedy = {"from_step": verdict.from_step, "set": dict(verdict.change)} if verdict.change else None
    return Finding(
        rule=rule.name,
        title=rule.title,
        since_step=int(verdict.since),
        since_epoch=evidence.epoch_at(verdict.since),
        confidence=float(min(max(verdict.confidence, 0.0), 1.0)),
        where=verdict.where,
        text=verdict.text,
        why=rule.why,
        what_is_this=rule.what_is_this,
        what_to_do=verdict.what_to_do,
        remedy=remedy,
        evidence=verdict.marks,
    )


def _merged(findings: Sequence[Finding]) -> list[Finding]:
    """Those that no other one explains, each with the names of what it explains, and as sure as the surest of these."""
    by_rule = {finding.rule: finding for finding in findings}
    reached = {name: _reached(name, by_rule) for name in by_rule}
    explained = {name for names in reached.values() for name in names}
    merged = []
    for finding in findings:
        if finding.rule not in explained:
            also = tuple(reached[finding.rule])
            sure = [by_rule[name].confidence for name in also if name not in (*MILD, *SYMPTOMS)]
            titles = tuple(by_rule[name].title for name in also)
            merged.append(replace(finding, also=also, also_titles=titles, confidence=max([finding.confidence, *sure])))
    return merged


def _reached(rule: str, by_rule: Mapping[str, Finding]) -> list[str]:
    """All that a rule explains, also by way of others, of what is there: anything explains what is mild, and that explains the
    symptoms."""
    reached: list[str] = []
    ahead = [rule]
    while ahead:
        cause = ahead.pop()
        symptoms = () if cause in SYMPTOMS else SYMPTOMS if cause in MILD else (*MILD, *SYMPTOMS)
        for name in (*RULES[cause].explains, *symptoms):
            if name in by_rule and name not in reached:
                reached.append(name)
                ahead.append(name)
    return reached
