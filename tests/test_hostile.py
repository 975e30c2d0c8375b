"""Two hundred cases of the fuzzer, always the same ones; `python -m benchmarks.hostile` tries as many as one likes."""

from benchmarks.hostile.__main__ import run


def test_two_hundred_hostile_cases_do_no_harm():
    tally = run(200, seed=1)
    assert sum(tally.tried.values()) == 200
    assert not tally.failures, tally.words()
    # cases that are all refused, or all accepted, would try nothing
    assert tally.results["tables"]["refused"] >= 20
    assert tally.results["tables"]["accepted"] >= 10
    assert tally.results["packed"]["refused"] >= 1
    assert tally.results["packed"]["accepted"] >= 1
