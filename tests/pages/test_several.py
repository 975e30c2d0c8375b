"""The menu beside Train: groups of the draft that one click starts, and the race that a dialog asks for."""

import pytest

from nnviz.spec import RunSpec
from nnviz.store import Store
from nnviz.ui.common import session
from nnviz.ui.train import whose
from nnviz.ui.train.several.menu import as_group, ways
from nnviz.ui.train.several.race_form import ladder, variants
from tests.pages.example_runs import spec


def started(app):
    store = Store()
    runs = store.runs.list_runs()
    group = store.runs.group(runs[0].group).spec if runs[0].group else None
    store.close()
    return sorted(runs, key=lambda run: run.member), group


@pytest.mark.parametrize(
    ("picked", "labels"),
    [
        ("times", [f"training {number}/5" for number in range(1, 6)]),
        ("folds", [f"fold {number}/5" for number in range(1, 6)]),
        ("once", [""]),
    ],
)
def test_one_click_trains_the_draft_several_times(app, picked, labels):
    app.run()
    menu = app.get("menu_button")[0]
    assert menu.options == ["Once", "5 times, with other seeds", "5-fold", "3 × 5-fold", "Race…", "Sweep…"]
    menu.set_value(picked).run()
    assert not app.exception
    runs, _group = started(app)
    assert [run.label for run in runs] == labels
    # the draft is as it was, and the results are its own: nothing is pale
    assert not session.store().runs.get(runs[0].id).spec.split.repeats > 1
    assert "data-draft='same'" in " ".join(block.proto.body for block in app.get("html"))


def test_what_the_draft_says_itself_stays():
    folds = spec(data="iris", split={"folds": 3})
    assert as_group(folds, ways()["folds"]) is None
    assert as_group(folds, ways()["times"]).split.folds == 3
    assert as_group(spec(data="iris", split={"column": "part"}), ways()["folds"]) is None
    assert as_group(spec(data="iris", training={"repeats": 2}), ways()["times"]) is None
    assert as_group(spec(data="iris"), ways()["repeated"]).split.repeats == 3


def test_a_race_starts_from_the_dialog(app):
    app.run()
    app.get("menu_button")[0].set_value("race").run()
    assert not app.exception
    pills = next(one for one in app.get("button_group") if one.key == "race.over.optimizer")
    assert pills.value == ["SGD", "Adam", "RMSprop"]
    app.button(key="race.start").click().run()
    assert not app.exception
    runs, group = started(app)
    assert [run.label for run in runs] == ["SGD 0.2", "Adam 0.01", "RMSprop 0.01"]
    assert group.race.vary == "optimizer"
    assert {run.control.pace for run in runs} == {"watch"}
    assert not whose.changes_since(runs[0], RunSpec.parse({**group.to_json(), "race": None}))


def test_what_may_race_is_what_the_spec_takes():
    draft = session.fresh("spirals")
    choices = variants(draft.spec(), draft.facts)
    assert list(choices) == ["optimizer", "optimizer.learning_rate", "cost", "activation"]
    for vary, values in choices.items():
        for first in range(0, len(values) - 1, 7):
            race = {"vary": vary, "over": list(values.values())[first : first + 8]}
            RunSpec.parse(draft.record() | {"race": race})
    assert ladder(0.01) == [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
    assert max(ladder(50.0)) == 50.0
