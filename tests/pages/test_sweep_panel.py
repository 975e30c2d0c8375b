"""A sweep on the Train page: started from its dialog, looked at, stopped, extended, and its best trial taken over."""

import numpy as np
import pytest

from nnviz.jobs.sweep.control import create_sweep
from nnviz.jobs.sweep.driver import Driver
from nnviz.spec import RunSpec, value_at
from nnviz.store import Store
from nnviz.ui.common import session
from nnviz.ui.train.several.sweep_form import fields_of, goals_of, suggested, vary_of
from tests.pages.example_runs import spec


def trained(count, *, goal="val_accuracy", status=None, **sweep):
    """A sweep with trials that have finished; gives its id and the runs."""
    store, draw = Store(), np.random.default_rng(0)
    vary = {"optimizer.learning_rate": {"log": [0.0001, 0.1]}, "layers[0].units": {"list": [8, 16, 32]}}
    asked = RunSpec.parse(
        spec(data="iris").to_json() | {"sweep": {"vary": vary, "goal": goal, "trials": count, "method": "random", **sweep}}
    )
    group_id = create_sweep(store, asked, here=False)
    driver = Driver(store, group_id)
    for _ in range(count):
        driver.step(at_once=1)
        run_id = next(head.run for head in store.sweeps.heads(group_id) if head.status == "queued")
        attempt = store.runs.claim(run_id, pid=1)
        info = {
            "task": "classification",
            "shape": [4],
            "outputs": 3,
            "classes": ["a", "b", "c"],
            "rows": {"train": 90},
            "columns": [],
        }
        store.runs.set_phase(run_id, attempt, "training", info=info)
        metrics = {"val_accuracy": float(draw.random()), "val_loss": float(draw.random())}
        store.series.append(run_id, attempt, step=9, epoch=3, seconds=1.0, epochs_=[(3.0, 9, 1.0, metrics)])
        store.runs.finish(run_id, attempt, "finished")
    if status is None:
        driver.step(at_once=1)
    runs = store.runs.group_runs(group_id)
    store.close()
    return group_id, runs


@pytest.fixture
def opened(app):
    group_id, runs = trained(8)
    app.query_params["run"] = runs[2].id
    app.run()
    assert not app.exception
    return app, group_id, runs


def texts(app):
    return " ".join([*(text.value for text in app.text), *(caption.value for caption in app.caption)])


def test_it_says_how_far_it_is_and_which_is_best(opened):
    app, _group_id, runs = opened
    best = max(runs, key=lambda run: run.metrics["val_accuracy"])
    assert "8 of 8 trials: 8 finished" in texts(app)
    assert f"Best validation accuracy: {100 * best.metrics['val_accuracy']:.1f}" in texts(app)
    assert f"trial {best.member}; learning rate: {best.spec.optimizer.learning_rate:.3g}" in texts(app)


@pytest.mark.parametrize("view", ["best", "trials", "lines", "fields"])
def test_every_view_is_drawn(opened, view):
    app, _group_id, _runs = opened
    views = next(one for one in app.get("button_group") if one.key == "sweep.view")
    views.set_value(view).run()
    assert not app.exception
    if view == "trials":
        assert len(app.dataframe[0].value) == 8


def test_the_best_is_taken_into_the_draft(opened):
    app, _group_id, runs = opened
    best = max(runs, key=lambda run: run.metrics["val_accuracy"])
    app.button(key="sweep.use").click().run()
    assert not app.exception
    draft = app.session_state["nnviz.draft"]
    assert draft.optimizer["learning_rate"] == best.spec.optimizer.learning_rate
    assert draft.layers[0]["units"] == best.spec.layers[0].units


def test_more_trials_are_wanted(opened):
    app, group_id, _runs = opened
    app.number_input(key="sweep.more").set_value(5)
    app.button(key="sweep.extend").click().run()
    assert not app.exception
    state = session.store().sweeps.state(group_id)
    assert (state.trials, state.status) == (13, "running")
    app.button(key="sweep.stop").click().run()
    assert session.store().sweeps.state(group_id).status == "stopped"


def test_several_goals_have_a_trade_off(app):
    _group_id, runs = trained(8, goal=["val_accuracy", "val_loss"])
    app.query_params["run"] = runs[0].id
    app.run()
    next(one for one in app.get("button_group") if one.key == "sweep.view").set_value("front").run()
    assert not app.exception
    assert "beaten by none" in texts(app)


def test_a_sweep_starts_from_the_dialog(app):
    app.run()
    app.get("menu_button")[0].set_value("sweep").run()
    assert not app.exception
    app.number_input(key="sweep.trials").set_value(3).run()
    app.button(key="sweep.start").click().run()
    assert not app.exception
    runs = session.store().runs.list_runs()
    assert [run.label for run in runs] == ["trial 1"]
    asked = session.store().runs.group(runs[0].group).spec
    assert list(asked.sweep.vary) == ["optimizer.learning_rate", "layers[0].units"]
    assert asked.sweep.trials == 3
    assert "3 trials" in texts(app)


def test_what_is_typed_wrong_is_said(app):
    app.run()
    app.get("menu_button")[0].set_value("sweep").run()
    field = next(one for one in app.text_input if one.key.startswith("sweep.values.optimizer.learning_rate"))
    field.set_value("0.1").run()
    assert "two numbers" in texts(app)
    assert app.button(key="sweep.start").disabled
    field.set_value("0.1, 0.01").run()
    assert "empty" in texts(app)


def test_every_field_starts_with_values_that_the_spec_takes():
    for name in ("spirals", "digits", "diabetes"):
        draft = session.fresh(name)
        asked, record = draft.spec(), draft.spec().model_dump(mode="json", by_alias=True)
        fields = fields_of(asked)
        assert next(iter(fields)) == "optimizer.learning_rate"
        for path, param in fields.items():
            if param.type in ("int", "float"):
                way, text = suggested(param, value_at(record, path))
                vary = vary_of(way, text, is_whole=param.type == "int")
                RunSpec.parse(asked.to_json() | {"sweep": {"vary": {path: vary}, "goal": goals_of(asked, draft.facts.task)[0]}})
