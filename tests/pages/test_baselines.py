"""Simple models below a run's results: asked for by one click, with one sentence about the network beside them."""

from dataclasses import replace

from nnviz.store import Store
from nnviz.ui.train.baselines import sentence
from tests.pages.conftest import everything
from tests.pages.example_runs import spec

MODELS = [
    {"name": "constant", "metrics": {"val_accuracy": 0.4, "val_f1": 0.2}},
    {"name": "boosting", "metrics": {"val_accuracy": 0.9}},
]
DOCUMENT = {"task": "classification", "rows": 20, "all": 90, "models": MODELS}


def ended(store, accuracy):
    run_id = store.runs.create(spec(data="iris"))
    store.runs.finish(run_id, store.runs.claim(run_id, pid=1), "finished", metrics={"val_accuracy": accuracy, "val_f1": accuracy})
    return store.runs.get(run_id)


def test_one_click_asks_for_them_and_a_sentence_says_what_came_of_it(app):
    app.run()
    store = Store()
    run = ended(store, 0.8)
    app.query_params["run"] = run.id
    app.run()
    assert not app.exception
    app.button(key="baselines.ask").click().run()
    (job,) = [job for job in store.jobs.open_jobs() if job.kind == "baselines"]
    assert job.run == run.id
    assert "Fitting simple models" in everything(app)
    store.baselines.put(run.spec, DOCUMENT)
    app.run()
    assert not app.exception
    words = [text.value.replace("\N{NO-BREAK SPACE}", " ") for text in app.text]
    beaten = "This network does not beat a simple model: Validation accuracy 80.0 %, Gradient boosting 90.0 % on the same rows."
    assert beaten in words
    assert "The simple models were fitted on 20 of 90 training rows, drawn at random." in [one.value for one in app.caption]
    table = app.dataframe[-1].value
    assert list(table["Model"]) == ["This network", "Baseline: The commonest class", "Baseline: Gradient boosting"]
    better = sentence(replace(run, metrics={"val_accuracy": 0.95}), DOCUMENT).replace("\N{NO-BREAK SPACE}", " ")
    assert (
        better
        == "Ahead of the simple models: Validation accuracy 95.0 %, the best of them, Gradient boosting, 90.0 % on the same rows."
    )
    store.close()


def test_nothing_stands_there_before_a_run_has_ended(app):
    app.run()
    store = Store()
    app.query_params["run"] = store.runs.create(spec(data="iris"))
    app.run()
    assert not any(button.key == "baselines.ask" for button in app.button)
    store.close()
