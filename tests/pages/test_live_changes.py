"""What was changed while the run trained, on the Train page: the line over the results, the draft and its fields."""

from nnviz.store import Store
from tests.pages.example_runs import Worker, spec
from tests.pages.test_train_results import SPIRALS, line, opened, rate


def change(store, run, name, before, after):
    store.runs.add_event(run, "changed", "...", data={"name": name, "before": before, "after": after})


def test_the_field_and_the_line_follow_the_run(app):
    app.run()
    app.button("train").click().run()
    store = Store()
    (run,) = store.runs.list_runs()
    before = run.spec.optimizer.learning_rate
    assert rate(app).value == before
    change(store, run.id, "optimizer.learning_rate", before, 0.003)
    app.run()
    state, words = line(app)
    assert rate(app).value == 0.003
    assert (state, f"Adam {before:g} (0.003 since epoch 0), " in words) == ("same", True)
    assert app.session_state["nnviz.draft"].optimizer["learning_rate"] == 0.003
    # what the user sets from then on is a change of the draft, seen from what is in effect
    rate(app).set_value(0.5).run()
    assert "You have changed learning rate 0.003 → 0.5 since." in line(app)[1]
    change(store, run.id, "optimizer.learning_rate", 0.003, 0.001)
    app.run()
    assert rate(app).value == 0.5
    assert "You have changed learning rate 0.001 → 0.5 since." in line(app)[1]
    app.button("train").click().run()
    assert {one.spec.optimizer.learning_rate for one in store.runs.list_runs()} == {before, 0.5}


def test_any_setting_that_can_be_changed_is_followed_and_taken_back(app):
    app.run()
    app.button("train").click().run()
    store = Store()
    (run,) = store.runs.list_runs()
    size = run.spec.training.batch_size
    change(store, run.id, "training.batch_size", size, 64.0)
    app.run()
    assert app.session_state["nnviz.draft"].training["batch_size"] == 64
    assert line(app)[0] == "same"
    assert "batch size 64 since epoch 0" in line(app)[1]
    change(store, run.id, "training.batch_size", 64.0, float(size))
    app.run()
    assert app.session_state["nnviz.draft"].training["batch_size"] == size
    assert (line(app)[0], "since epoch" in line(app)[1]) == ("same", False)


def test_a_run_that_is_opened_gives_the_draft_that_it_is_trained_by(app):
    store = Store()
    run = Worker(store, spec(**SPIRALS), name="the first").train(10)
    change(store, run.id, "optimizer.learning_rate", 0.001, 0.25)
    run.train(10).finish()
    opened(app, run.id)
    assert rate(app).value == 0.25
    state, words = line(app)
    assert (state, "Adam 0.001 (0.25 since epoch 10), 7" in words) == ("same", True)
    rate(app).set_value(0.001).run()
    assert "You have changed learning rate 0.25 → 0.001 since." in line(app)[1]
    app.run()
    assert rate(app).value == 0.001
