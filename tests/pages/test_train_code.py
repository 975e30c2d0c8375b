"""The draft as Keras code on the Train page, and what can be taken away of a run."""

import ast
from pathlib import Path

from nnviz.store import Store
from tests.pages.example_runs import Worker, spec

ROOT = Path(__file__).parents[2]


def script_of(app):
    return next(block.value for block in app.code if block.language == "python")


def test_the_code_follows_each_edit(app):
    app.run()
    assert not app.exception
    assert not [block for block in app.code if block.language == "python"]  # closed
    app.session_state["code"] = True
    app.run()
    ast.parse(script_of(app))
    assert 'model.add(layers.Dense(32, activation="tanh"))' in script_of(app)
    assert "x, y = spirals(500, 0.2" in script_of(app)
    next(box for box in app.selectbox if box.label == "Optimizer").set_value("RMSprop").run()
    next(field for field in app.number_input if field.label == "Epochs").set_value(7).run()
    assert "optimizer=keras.optimizers.RMSprop(0.01)" in script_of(app) or "RMSprop(learning_rate=0.01)" in script_of(app)
    assert "EPOCHS = 7" in script_of(app)


def test_what_has_no_plain_keras_form_is_said_instead(app, monkeypatch):
    from nnviz.errors import NotYet
    from nnviz.ui.train import code_view

    def refuse(*_args):
        raise NotYet("a Strange cannot be written", where="layers[0]")

    monkeypatch.setattr(code_view, "script", refuse)
    app.session_state["code"] = True
    app.run()
    assert not [block for block in app.code if block.language == "python"]
    assert any("layers[0]: a Strange cannot be written" in line.value for line in app.text)


def test_an_ended_run_is_exported_by_a_job(app):
    store = Store()
    run = Worker(store, spec(), name="mine").train(3).finish()
    app.query_params["run"] = run
    app.run()
    app.button("export.script").click().run()
    assert not app.exception
    (job,) = [job for job in store.jobs.open_jobs() if job.kind == "export"]
    assert (job.run, job.payload) == (run, {"to": "script"})
