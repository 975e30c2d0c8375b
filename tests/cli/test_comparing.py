"""`nnviz compare`: by the contract."""

import json

import pytest

from nnviz.jobs import command_line
from nnviz.store import Store
from nnviz.verdict.paired import corrected_t
from tests.cli.answers import refused
from tests.pages.example_runs import spec
from tests.verdict.groups import group_of, run_of

HIGH, LOW = [0.95, 0.94, 0.96, 0.95, 0.95], [0.92, 0.92, 0.93, 0.92, 0.915]


@pytest.fixture
def store(home):
    opened = Store(f"sqlite:///{home}/nnviz.db")
    yield opened
    opened.close()


@pytest.fixture
def groups(store):
    return [group_of(store, values, name=name, rate=rate) for values, name, rate in ((HIGH, "wide", 0.1), (LOW, "narrow", 0.2))]


def answer(call, *arguments):
    code, text = call("compare", *arguments, "--json")
    assert code == 0, text
    return json.loads(text.splitlines()[-1])


def test_two_groups(call, groups):
    one, other = groups
    document = answer(call, one, other[:-2])
    expected = corrected_t([a - b for a, b in zip(HIGH, LOW, strict=True)], rho=0.2)
    assert document["verdict"] == "better"
    assert (document["metric"], document["n"], document["needed"]) == ("val_accuracy", 5, None)
    assert document["difference"] == pytest.approx(0.029)
    assert document["interval"] == pytest.approx([expected.low, expected.high])
    assert document["text"].startswith("wide is better than narrow by 2.9 points")
    assert document["test"] == "corrected resampled t-test over folds"
    assert answer(call, other, one)["verdict"] == "worse"


def test_in_words(call, groups):
    code, text = call("compare", *groups)
    assert code == 0
    assert text.startswith("wide is better than narrow by 2.9 points")
    assert "wide    95 ± 0.71 %" in text
    assert "corrected resampled t-test" in text


def test_three(call, store, groups):
    third = group_of(store, [value + 0.001 for value in HIGH[::-1]], name="third", rate=0.3)
    document = answer(call, *groups, third)
    assert list(document["ranks"]) == [*groups, third]
    assert document["critical_difference"] == pytest.approx(2.343 * (3 * 4 / 30) ** 0.5, abs=1e-3)
    assert [(pair["a"], pair["b"]) for pair in document["pairs"]] == [
        (groups[0], groups[1]), (groups[0], third), (groups[1], third)]  # fmt: skip
    assert {"verdict", "difference", "interval", "n", "needed", "test", "text"} <= set(document["pairs"][0])
    code, text = call("compare", *groups, third)
    assert code == 0
    assert text.count("narrow") >= 3


def test_one_run_each(call, store):
    runs = [run_of(store, value, rate=rate) for value, rate in ((0.9, 0.1), (0.8, 0.2))]
    document = answer(call, *runs)
    assert (document["verdict"], document["n"], document["interval"]) == ("undecided", 1, None)
    assert document["text"].startswith("One run each: nothing can be concluded")


def test_two_networks_on_the_same_rows(call, store, monkeypatch):
    """Ten rows that the first alone gets right, one that the second does; of the settings nothing is said."""
    runs = [run_of(store, value, rate=rate, name=name) for value, rate, name in ((0.9, 0.1, "wide"), (0.8, 0.2, "narrow"))]
    right = {runs[0]: [True] * 40 + [False], runs[1]: [False] * 10 + [True] * 31}
    monkeypatch.setattr(
        command_line, "row_results", lambda store, run_id, here: {"rows": list(range(41)), "right": right[run_id]}
    )
    document = answer(call, *runs)
    assert (document["verdict"], document["test"]) == ("undecided", "McNemar's exact test of the two networks")
    assert document["networks"]["p"] == pytest.approx(2 * (1 + 11) / 2**11)
    assert document["networks"]["difference"] == pytest.approx(9 / 41)
    text = document["text"].replace("\N{NO-BREAK SPACE}", " ")
    assert text.startswith("On these 41 rows the network of wide")
    assert "by 22.0 points (95 % interval 4.7 to 26.7)" in text
    assert text.endswith("One run each: nothing can be concluded about the settings.")


def test_a_group_with_a_failed_member(call, store, groups):
    broken = group_of(store, HIGH, name="broken", rate=0.3, failed=(3,))
    document = answer(call, groups[0], broken)
    assert (document["verdict"], document["difference"], document["n"]) == ("undecided", None, 0)
    assert "fold 3/5 of broken (failed)" in document["text"]
    assert call("compare", groups[0], broken)[0] == 0


def test_what_is_refused(call, store, groups):
    refused(call("compare", groups[0]), "nothing to compare")
    refused(call("compare", groups[0], groups[0][:-2]), "named twice")
    refused(call("compare", groups[0], "nobody"), "no run and no group 'nobody'")
    refused(call("compare", *groups, "--metric", "test_accuracy"), "validation")
    refused(call("compare", *groups, "--metric", "f2"), "no metric 'val_f2'", "val_accuracy")
    other = group_of(store, HIGH, data="wine", split={"folds": 5})
    refused(call("compare", groups[0], other), "different data")
    refused(call("compare"), "nothing to compare")


def test_a_race_is_no_setting(call, store, groups):
    race = {"vary": "optimizer.learning_rate", "over": [0.1, 0.01]}
    raced = store.runs.create_group(spec(data="iris", race=race))
    refused(call("compare", groups[0], raced), "differ in their settings", "Name the runs")


def test_the_names_of_two_that_are_called_alike(call, store):
    made = [group_of(store, values, name="net", rate=rate) for values, rate in ((HIGH, 0.1), (LOW, 0.2))]
    assert answer(call, *made)["text"].startswith(f"net [{made[0][:8]}] is better than net [{made[1][:8]}]")
    assert answer(call, *made, "--metric", "accuracy")["metric"] == "val_accuracy"
