"""Whose results the Train page shows beside the draft, and what it does while the run is under way."""

import pytest

from nnviz.store import Store
from nnviz.ui.train import cold_start, whose
from tests.pages.conftest import everything
from tests.pages.example_runs import Worker, spec

SPIRALS = {"data": "spirals", "layers": ({"kind": "Dense", "units": 7, "activation": "relu"},)}


def opened(app, run):
    app.query_params["run"] = run
    app.run()
    assert not app.exception
    return app


def line(app):
    """The state of the draft beside the results, and the line that says whose they are."""
    (markup,) = [block.proto.body for block in app.get("html") if "nv-whose" in block.proto.body]
    return "changed" if "data-draft='changed'" in markup else "same", markup


def style(app):
    """The rules of the page that depend on the run."""
    return [block.proto.body for block in app.get("html") if block.proto.body.startswith("<style>")][-1]


def rate(app):
    return next(field for field in app.number_input if field.label == "Learning rate")


def test_it_says_whose_results_it_shows_and_what_was_changed_since(app):
    store = Store()
    run = Worker(store, spec(**SPIRALS), name="the first").train(2).finish()
    opened(app, run)
    state, words = line(app)
    assert state == "same"
    assert "of the first: Adam 0.001, 7" in words
    assert "outline" not in style(app)
    assert "Train starts a new run with fresh weights; Go on trains these weights further" in words
    assert "train_again" not in everything(app)
    rate(app).set_value(0.5).run()
    state, words = line(app)
    assert state == "changed"
    assert "You have changed learning rate 0.001 → 0.5 since." in words
    assert ".st-key-results { outline" in style(app)
    assert ".st-key-results { opacity" not in style(app)  # words stay as they are to read
    rate(app).set_value(0.001).run()
    assert line(app)[0] == "same"
    rate(app).set_value(0.25).run()
    app.button("train_again").click().run()
    assert not app.exception
    (other,) = [one for one in store.runs.list_runs() if one.id != run]
    assert other.spec.optimizer.learning_rate == 0.25
    assert line(app)[0] == "same"
    assert app.query_params["run"] == other.id


def test_many_changes_are_counted_and_a_draft_that_is_not_valid_differs(app):
    store = Store()
    run = store.runs.get(Worker(store, spec(**SPIRALS), name="the first").train(2).finish())
    other = spec(data="circle", optimizer={"kind": "SGD", "learning_rate": 1}, epochs=7)
    changes = whose.changes_since(run, other)
    assert len(changes) > whose.MOST_CHANGES
    assert "and" in whose._joined(changes[: whose.MOST_CHANGES], len(changes) - whose.MOST_CHANGES)
    assert whose.changes_since(run, None) == ["settings"]
    opened(app, run.id)


@pytest.mark.parametrize(
    "change",
    [
        {"optimizer": {"kind": "Adam", "learning_rate": 0.001, "beta_1": 0.9}},
        {"training": {"epochs": 60, "batch_size": 32, "seed": 0, "keep": "last", "record_every": 1}},
        {"split": {"validation": 0.2, "test": 0.2, "seed": 0}},
        {"name": "called otherwise"},
        {"layers": [{"kind": "Dense", "units": 7, "activation": "relu", "use_bias": True, "name": None}]},
    ],
)
def test_what_is_only_written_otherwise_is_no_change(store, change):
    run = store.runs.get(Worker(store, spec(**SPIRALS), name="the first").id)
    same = type(run.spec).parse(run.spec.to_json() | change)
    assert whose.changes_since(run, same) == []


def test_a_run_that_is_under_way_is_not_started_again(app):
    store = Store()
    run = Worker(store, spec(**SPIRALS), name="the first").train(2)
    opened(app, run.id)
    assert "visibility: hidden" in style(app)  # until the strip has put Pause there
    app.button("train").click().run()
    assert [one.id for one in store.runs.list_runs()] == [run.id]
    rate(app).set_value(0.5).run()
    assert "visibility: hidden" not in style(app)
    app.button("train").click().run()
    assert len(store.runs.list_runs()) == 2


def test_on_a_phone_data_comes_first_until_there_is_a_run(app):
    app.run()
    assert "column-reverse" not in style(app)
    assert line(app)[1].count("Results") == 1
    app.button("train").click().run()
    assert not app.exception
    assert "column-reverse" in style(app)


def test_the_film_is_made_in_a_dialog(app):
    store = Store()
    run = Worker(store, spec(**SPIRALS), name="the first").train(2).finish()
    app.session_state["nnviz.film"] = {"run": run, "views": {}}
    opened(app, run)
    (job,) = [job for job in store.jobs.open_jobs() if job.kind == "film"]
    assert job.run == run


def test_a_replay_is_made_of_what_is_open(app):
    store = Store()
    run = Worker(store, spec(**SPIRALS), name="the first").train(2).finish()
    app.session_state["nnviz.replay"] = {"run": run, "views": {"cost": {"kind": "Hinge"}}}
    opened(app, run)
    (job,) = [job for job in store.jobs.open_jobs() if job.kind == "replay"]
    assert (job.run, job.payload) == (run, {"views": {"cost": {"kind": "Hinge"}}})


def test_how_long_tensorflow_takes_is_known_from_earlier_starts(store):
    run_id = store.runs.create(spec(**SPIRALS))
    run = store.runs.get(run_id)
    assert cold_start.loading(store, None) is None
    assert cold_start.loading(store, run) == {"expected": cold_start.USUAL_SECONDS, "since": None}
    store.workers.beat("w", pid=1, host="here", state="warming")
    for seconds in (50.0, 4.0, 5.0, 6.0, 90.0, 7.0):
        store.workers.note_start(seconds)
    start = cold_start.loading(store, run)
    assert start["expected"] == 6.0  # of the last five
    assert start["since"] is not None
    store.workers.beat("w", pid=1, host="here", state="idle")
    assert cold_start.loading(store, run) is None
    store.runs.claim(run_id, pid=1)
    assert cold_start.loading(store, store.runs.get(run_id)) is None
