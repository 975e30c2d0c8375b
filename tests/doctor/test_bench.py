"""The doctor's bench in its short form: two planted faults and a sound training. Its long one: `python -m benchmarks.doctor`."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.doctor import mending, tables, tally
from benchmarks.doctor.__main__ import judged
from benchmarks.doctor.cases import FAULTS, Case, healthy, planted
from benchmarks.doctor.harm import Harm
from benchmarks.doctor.healthy import SETS, TUNED_ON, sound
from benchmarks.doctor.tally import Judged
from benchmarks.doctor.training import Bench
from nnviz.catalog import DATASETS
from tests.doctor import evidence_of


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Of moons alone: the sound training, one with a rate a hundred times as high and one that leaves its weights alone."""
    bench = Bench(tmp_path_factory.mktemp("bench"))
    faults = {fault.name: fault for fault in FAULTS}
    cases = [Case("sound", "moons", 0, 0, None, sound("moons"))]
    for name in ("rate x 100", "rate / 300"):
        spec = sound("moons")
        faults[name].plant(spec, 2)
        cases.append(Case(name, "moons", 0, 2, faults[name], spec))
    return bench, list(judged(bench, cases, twins=1))


def test_both_faults_are_named_and_the_sound_run_is_not_accused(runs):
    _, counted = runs
    assert [(run.case.name, run.rules[:1]) for run in counted] == [
        ("sound", ()),
        ("rate x 100", ("rate_too_high",)),
        ("rate / 300", ("rate_too_low",)),
    ]
    assert tally.counts(counted) == {"sound": 1, "accused": 0, "faults": 2, "named": 2, "first": 2, "two": 2, "any": 2}


def test_judging_again_trains_nothing(runs):
    bench, counted = runs
    again = Bench(bench.folder)
    assert [run.rules for run in judged(again, [run.case for run in counted], twins=1)] == [run.rules for run in counted]
    assert len(again.store.runs.list_runs()) == 3


def test_the_remedy_of_a_low_rate_helps(runs):
    bench, counted = runs
    one = next(mending.mended(bench, counted[2:]))
    assert (one.rule, one.page, one.kind, one.is_branch, one.is_gone) == ("rate_too_low", "helped", "helped", False, True)
    assert one.after < 0.5 * one.before


def test_a_fault_without_harm_does_not_count(runs):
    bench, counted = runs
    harm = Harm(bench, 1)
    assert not harm.is_done(counted[0].case, counted[0].evidence)
    assert harm.is_done(counted[2].case, counted[2].evidence)


def test_the_bench_has_the_size_that_is_wanted_evenly_in_both_halves():
    faulty, fine = list(planted()), list(healthy())
    assert len(faulty) >= 300
    assert len(fine) >= 180
    assert len({case.name for case in faulty}) >= 25
    for cases in (faulty, fine):
        tuned = sum(case.half == "chosen by" for case in cases)
        assert 0.35 < tuned / len(cases) < 0.65
    for fault in FAULTS:
        halves = {case.half for case in faulty if case.name == fault.name}
        assert halves == {"chosen by", "unseen"} or len(fault.sets) < 3, fault.name
    # seeds that set thresholds are not those of the report
    seeds = {half: {case.spec["training"]["seed"] for case in faulty if case.half == half} for half in tally.HALVES}
    assert not seeds["chosen by"] & seeds["unseen"]
    assert set(TUNED_ON) < set(SETS)


@pytest.mark.parametrize("name", tables.MAKERS)
def test_tables_are_the_same_for_a_seed_and_hold_what_was_planted(name):
    frame = tables.make(name, rows=200, seed=3)
    pd.testing.assert_frame_equal(frame, tables.make(name, rows=200, seed=3))
    assert len(frame) == 200
    twice = tables.make(name, rows=200, seed=3, copies=2)
    assert len(twice) == 400
    assert len(twice.drop_duplicates()) == len(frame.drop_duplicates())
    assert "afterwards" in tables.make(name, rows=200, leak="copy")
    late = tables.make(name, rows=300, drift=3.0)
    assert late["day"].is_monotonic_increasing
    if name in tables.NUMBERS:
        large = tables.make(name, rows=200, seed=3, target_times=100.0)
        np.testing.assert_allclose(large[tables.TARGET], 100 * frame[tables.TARGET])
    else:
        flipped = tables.make(name, rows=2_000, seed=3, flipped=0.2)[tables.TARGET]
        assert 0.15 < (flipped != tables.make(name, rows=2_000, seed=3)[tables.TARGET]).mean() < 0.25
        assert 0.9 < (tables.make(name, rows=400, rare=0.05)[tables.TARGET] == "kind 0").mean() < 0.98


def test_every_set_and_its_other_network_is_a_spec(tmp_path):
    bench = Bench(tmp_path)
    for name in SETS:
        for net in (0, 1):
            spec = bench.spec(sound(name, net=net))
            assert spec.data.kind == "file" or spec.data.name in DATASETS


def test_counts_by_place():
    case = next(planted())
    evidence = evidence_of.sound()
    right = case.fault.rules[0]
    counted = [Judged(case, evidence, rules) for rules in ((), (right,), ("plateau", right), ("plateau", "leakage", right))]
    assert tally.counts(counted) == {"faults": 4, "named": 3, "first": 1, "two": 2, "any": 3}
    assert len(tally.mistakes(counted)) == 3
    assert "plateau 2" in tally.confusion(counted)
