"""Groups as one thing on the Compare page: their numbers against NumPy, and which runs stand together."""

import base64

import numpy as np
import pytest

from nnviz.store import Curve
from nnviz.ui.common.run_names import run_names
from nnviz.ui.compare.entries import entries_of, entry_rows, is_one, mean_curve
from nnviz.ui.compare.many import _lines
from nnviz.ui.compare.results import result_rows
from tests.pages.example_runs import Worker, spec
from tests.pages.test_compare import asked
from tests.pages.test_groups import finish

VALUES = [0.9, 0.75, 0.96]


def group_of(store, values=VALUES, name="mine"):
    group = store.runs.create_group(spec(data="iris", split={"folds": 3}), name=name)
    finish(store, group, values)
    return store.runs.group_runs(group)


def texts_of(rows, label):
    return [cell.text.replace("\N{NO-BREAK SPACE}", " ") for row in rows if row.label == label for cell in row.cells]


def test_members_stand_together_and_single_runs_alone(store):
    members = group_of(store)
    alone = store.runs.get(Worker(store, spec(data="iris"), name="alone").train(2).finish())
    runs = [members[1], alone, members[0], members[2]]
    one, other = entries_of(runs, run_names(runs))
    assert (one.id, one.name, one.runs) == (members[0].group, "mine", tuple(members))
    assert (other.id, other.name, other.runs) == (alone.id, "alone", (alone,))
    assert [entry.id for entry in entries_of(members[:1], run_names(members[:1]))] == [members[0].id], "one fold is a run"


def test_a_group_of_other_settings_is_not_one(store):
    runs = [store.runs.get(store.runs.create(spec(data="iris", training={"seed": seed}))) for seed in (0, 1)]
    assert is_one(runs)
    other = store.runs.get(store.runs.create(spec(data="iris", optimizer={"kind": "SGD", "learning_rate": 0.1})))
    assert not is_one([*runs, other])


def test_numbers_of_a_group_are_its_mean_and_deviation(store):
    members = group_of(store)
    alone = store.runs.get(Worker(store, spec(data="iris"), name="alone").train(2).finish())
    runs = [*members, alone]
    rows = entry_rows(entries_of(runs, run_names(runs)), result_rows(runs), runs)
    of_group, of_run = texts_of(rows, "Validation accuracy")
    assert of_group == f"{100 * np.mean(VALUES):.1f} ± {100 * np.std(VALUES):.1f} %"
    assert of_run == texts_of(result_rows([alone]), "Validation accuracy")[0]
    assert texts_of(rows, "Validation loss")[0] == f"{1 - np.mean(VALUES):.3f} ± {np.std(VALUES):.3f}"


def test_a_member_that_did_not_finish_is_missed(store):
    group = store.runs.create_group(spec(data="iris", split={"folds": 3}), name="mine")
    finish(store, group, VALUES[:2])
    last = store.runs.group_runs(group)[2]
    store.runs.finish(last.id, store.runs.claim(last.id, pid=1), "failed", metrics={"val_accuracy": 0.1})
    runs = store.runs.group_runs(group)
    rows = entry_rows(entries_of(runs, run_names(runs)), result_rows(runs), runs)
    (cell,) = next(row.cells for row in rows if row.label == "Validation accuracy")
    assert cell.text.replace("\N{NO-BREAK SPACE}", " ") == f"{100 * np.mean(VALUES[:2]):.1f} ± {100 * np.std(VALUES[:2]):.1f} %"
    assert "1 run is missing" in cell.help


def curve(epochs, values):
    steps = np.asarray(epochs, float)
    return Curve(step=10 * steps, time=steps / 2, value=np.asarray(values, float), epoch=steps)


def test_the_mean_of_curves():
    curves = [curve([1, 2, 3], [1.0, 2.0, 3.0]), curve([1, 3], [3.0, 5.0]), curve([1, 2], [2.0, np.nan])]
    at, mean, deviation = mean_curve(curves, "epoch")
    np.testing.assert_allclose(at, [1, 2, 3])
    np.testing.assert_allclose(mean, [2.0, 3.0, 4.0])
    np.testing.assert_allclose(deviation, [np.std([1, 3, 2]), np.std([2, 4]), np.std([3, 5])])
    np.testing.assert_allclose(mean_curve(curves, "step")[0], [10, 20, 30])
    assert [len(part) for part in mean_curve(curves[:1], "epoch")] == [0, 0, 0]


def test_single_runs_are_drawn_on_demand(store):
    members = group_of(store)
    (entry,) = entries_of(members, run_names(members))
    curves = {run.id: (False, curve([1, 2], [value, value])) for run, value in zip(members, VALUES, strict=True)}
    (together,) = _lines(entry, curves, "epoch", is_unfolded=False)
    assert unpacked(together["y"]) == pytest.approx([np.mean(VALUES)] * 2)
    assert unpacked(together["deviation"]) == pytest.approx([np.std(VALUES)] * 2)
    *single, last = _lines(entry, curves, "epoch", is_unfolded=True)
    assert last == together
    assert [line["name"] for line in single] == [f"mine · fold {fold}/3" for fold in (1, 2, 3)]
    assert all(line["isMember"] for line in single)
    assert _lines(entry, {}, "epoch", is_unfolded=False) == []


def unpacked(text):
    return np.frombuffer(base64.b64decode(text), "<f4")


def test_a_card_of_a_group_shows_its_runs_and_removes_them(open_page, store, monkeypatch):
    data_of = {}
    pressed = {}

    def draw(data, key):
        data_of[key] = data
        return pressed.pop(key, ("", ""))

    monkeypatch.setattr("nnviz.ui.compare.cards.draw", draw)
    monkeypatch.setattr("nnviz.ui.compare.many.draw", draw)
    members = group_of(store)
    alone = Worker(store, spec(data="iris"), name="alone").train(2).finish()
    page = open_page("compare", runs=",".join([*(run.id for run in members), alone]))
    group, single = data_of["compare.cards"]["runs"]
    assert (group["name"], group["value"], group["isGroup"], group["isUnfolded"]) == (
        "mine",
        "87.0 ± 8.8\N{NO-BREAK SPACE}%",
        True,
        False,
    )
    assert group["about"].startswith("3 runs · iris")
    assert not single["isGroup"]
    pressed["compare.cards"] = ("unfold", group["id"])
    page.run()
    assert data_of["compare.cards"]["runs"][0]["isUnfolded"]
    pressed["compare.cards"] = ("remove", group["id"])
    page.run()
    assert asked(page) == [alone]
