"""The gallery: sixteen specs, twelve of them with one trouble each. What the doctor says of them: tests/jobs/doctor."""

import pytest

from nnviz.catalog.gallery import CASES
from nnviz.doctor import RULES
from nnviz.spec import RunSpec


def test_twelve_have_each_another_trouble_and_four_are_sound():
    rules = [case.rule for case in CASES.values()]
    assert len(rules) == 16
    assert rules.count(None) == 4
    assert len({*rules} - {None}) == 12
    assert len({case.title for case in CASES.values()}) == 16


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.name)
def test_a_case_is_a_spec_with_a_question_that_does_not_give_its_answer_away(case):
    spec = RunSpec.parse(case.spec)
    assert spec.split.test == 0
    assert not {case.rule, *case.others} - {None, *RULES}
    assert len({case.rule, *case.others}) == len(case.others) + 1
    assert len(case.others) == (3 if case.rule is None else 2)
    if case.rule is None:
        return
    assert case.name == case.rule
    words = f"{case.title} {case.question}".lower()
    assert RULES[case.rule].title.lower() not in words
    # what follows from the trouble would be half right
    assert not {*RULES[case.rule].explains} & {*case.others}
