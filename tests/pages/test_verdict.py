"""The verdict on the Compare page: groups as one, single runs honestly, bold only where it may be."""

import pytest

from nnviz.ui.common.run_names import run_names
from nnviz.ui.compare.entries import entries_of, entry_rows
from nnviz.ui.compare.results import result_rows
from nnviz.ui.compare.verdict import MOST_SIDES, verdict_of
from nnviz.ui.compare.verdict_view import how_lines, many_rows, pair_rows
from nnviz.verdict.words import GAP
from tests.pages.example_runs import spec
from tests.pages.test_compare import texts
from tests.verdict.groups import group_of, run_of

HIGH, LOW = [0.95, 0.94, 0.96, 0.95, 0.95], [0.92, 0.92, 0.93, 0.92, 0.915]
CLAIM = "wide is better than narrow by 2.9 points (95 % interval 1.9 to 3.9)."


def runs_of(store, *groups):
    return [run for group in groups for run in store.runs.group_runs(group)]


def answer_of(store, runs):
    return verdict_of(entries_of(runs, run_names(runs)), url=store.url)


@pytest.fixture
def two(store):
    return [group_of(store, values, name=name, rate=rate) for values, name, rate in ((HIGH, "wide", 0.1), (LOW, "narrow", 0.2))]


def headlines(page):
    return [text.value.replace("\\", "").replace(GAP, " ") for text in page.markdown]


def test_two_groups_on_the_page(open_page, store, two):
    page = open_page("compare", runs=",".join(run.id for run in runs_of(store, *two)))
    assert not page.exception
    assert f"##### {CLAIM}" in headlines(page)
    assert any("corrected resampled t-test over folds" in text for text in headlines(page))
    assert "How this was decided" in [part.label for part in page.expander]


def test_only_what_the_verdict_calls_better_is_bold(store, two):
    runs = runs_of(store, *two)
    answer = answer_of(store, runs)
    assert (answer.best, answer.metric) == (two[0], "val_accuracy")
    entries = entries_of(runs, run_names(runs))
    rows = entry_rows(entries, result_rows(runs), runs, best=answer.best, best_by=answer.metric)
    assert [row.label for row in rows if any(cell.is_best for cell in row.cells)] == ["Validation accuracy"]
    assert [cell.is_best for row in rows if row.label == "Validation accuracy" for cell in row.cells] == [True, False]
    equal = group_of(store, HIGH[::-1], name="alike", rate=0.3)
    assert answer_of(store, runs_of(store, two[0], equal)).best == ""


def test_how_it_was_decided(store, two):
    answer = answer_of(store, runs_of(store, *two))
    lines = " ".join(how_lines(answer)).replace(GAP, " ")
    assert "from 5 pairs" in lines
    assert "wide less narrow: 2.9 points on average, 95 % interval 1.9 to 3.9, p = 0.001." in lines
    assert "Nadeau and Bengio" in lines
    rows = pair_rows(answer.matched.results, answer.names)
    assert [row["Rows"] for row in rows] == [f"fold {number}/5" for number in range(1, 6)]
    assert [row["Difference"] for row in rows] == ["3.0", "2.0", "3.0", "3.0", "3.5"]


def test_three_groups(open_page, store, two):
    third = group_of(store, HIGH[::-1], name="third", rate=0.3)
    runs = runs_of(store, *two, third)
    answer = answer_of(store, runs)
    assert answer.text.startswith("No clear best: ")
    rows = many_rows(answer.many, answer.names)
    assert [row["Verdict"] for row in rows] == ["wide is better", "not distinguishable", "third is better"]
    page = open_page("compare", runs=",".join(run.id for run in runs))
    assert not page.exception
    assert any("critical difference" in text.value for text in page.caption)


def test_single_runs_get_the_honest_sentence(open_page, store):
    ids = [run_of(store, value, rate=rate) for value, rate in ((0.99, 0.1), (0.5, 0.2))]
    page = open_page("compare", runs=",".join(ids))
    assert any("nothing can be concluded about the settings" in text for text in headlines(page))
    assert any("The arrow beside Train" in text.value for text in page.caption)
    assert not any(text.startswith("#####") for text in headlines(open_page("compare", runs=ids[0])))


def test_a_failed_member_is_named(open_page, store, two):
    broken = group_of(store, HIGH, name="broken", rate=0.3, failed=(2,))
    runs = runs_of(store, two[0], broken)
    assert "fold 2/5 of broken (failed) did not finish" in answer_of(store, runs).text
    page = open_page("compare", runs=",".join(run.id for run in runs))
    assert not page.exception
    assert not any("different rows" in text for text in texts(page))


def test_the_runs_of_a_race_are_single_runs(store):
    raced = store.runs.create_group(spec(data="iris", race={"vary": "optimizer.learning_rate", "over": [0.1, 0.01]}))
    assert not answer_of(store, store.runs.group_runs(raced)).has_groups


def test_too_many_sides(store):
    groups = [group_of(store, [0.9, 0.8], name=f"net {place}", rate=0.001 * (place + 1)) for place in range(MOST_SIDES + 1)]
    assert answer_of(store, runs_of(store, *groups)).text == "13 are chosen: verdicts are given on up to 12."
