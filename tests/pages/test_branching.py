"""Branches on the pages: the draft that goes on from a run, the note that says so, and the family of runs."""

from dataclasses import replace
from pathlib import Path

from nnviz.store import Store
from nnviz.ui.runs.lineage import family
from tests.pages.example_runs import Worker, spec
from tests.pages.test_runs import choose

ROOT = Path(__file__).parents[2]


def ended(store, **options):
    """A run of 60 planned epochs of 10 steps that ended after 20, with snapshots after 5, 10 and 20 epochs."""
    worker = Worker(
        store, spec(data="spirals", layers=({"kind": "Dense", "units": 7, "activation": "relu"},), **options), name="the first"
    )
    worker.train(20)
    store.runs.set_phase(
        worker.id,
        worker.attempt,
        "training",
        info={
            "shape": [2],
            "outputs": 2,
            "task": "classification",
            "rows": {"train": 320},
            "columns": ["x1", "x2"],
            "classes": ["0", "1"],
            "plane": ["x1", "x2"],
        },
    )
    step = store.runs.get(worker.id).step
    store.snapshots.add(worker.id, worker.attempt, [(step * epoch // 20, float(epoch), 1.0, b"a state") for epoch in (5, 10, 20)])
    return worker.finish(), step


def branch_from(app, run, step):
    """As the button under the curves asks for it."""
    app.session_state["nnviz.branch"] = {"run": run, "step": step}
    return app.run()


def texts(app):
    return [text.value for text in app.text]


def test_a_branch_is_taken_into_the_draft_changed_and_started(app):
    store = Store()
    run, step = ended(store)
    app.query_params["run"] = run
    app.run()
    assert not [text for text in texts(app) if text.startswith("Branch of")]
    next(field for field in app.number_input if field.label == "Learning rate").set_value(0.5).run()
    branch_from(app, run, step)
    assert not app.exception
    assert f"Branch of the first from epoch 20 · step {step:,}: change what you like, then press Train." in texts(app)
    # the fields show the run's settings again, not what was typed before
    rate = next(field for field in app.number_input if field.label == "Learning rate")
    assert rate.value == 0.001
    rate.set_value(0.25).run()
    app.button("train").click().run()
    assert not app.exception
    (child,) = [one for one in store.runs.list_runs() if one.id != run]
    assert child.spec.branch.model_dump() == {"run": run, "step": step}
    assert (child.spec.optimizer.learning_rate, child.spec.training.epochs) == (0.25, 60)
    # once it is started there is no more to be done for it
    assert f"Branch of the first from epoch 20 · step {step:,}." in texts(app)
    assert child.spec.layers == store.runs.get(run).spec.layers
    app.button("branch.remove").click().run()
    assert not [text for text in texts(app) if text.startswith("Branch of")]


def test_the_moment_that_is_shown_and_what_was_changed_until_then(app):
    store = Store()
    run, step = ended(store, epochs=20)
    worker = store.runs.get(run)
    store.runs.add_event(run, "changed", "...", data={"name": "optimizer.learning_rate", "before": 0.001, "after": 0.125})
    app.query_params["run"] = run
    app.run()
    branch_from(app, run, step // 2 + 1)
    draft = app.session_state["nnviz.draft"]
    assert draft.branch == {"run": run, "step": step // 2}
    assert draft.optimizer["learning_rate"] == 0.001  # it was changed later
    assert draft.training["epochs"] == 20
    branch_from(app, run, step)
    draft = app.session_state["nnviz.draft"]
    assert (draft.branch["step"], draft.optimizer["learning_rate"]) == (step, 0.125)
    assert draft.training["epochs"] == 40  # all that were planned are done: as many again
    assert worker.is_ended
    branch_from(app, run, 0)
    draft = app.session_state["nnviz.draft"]
    assert (draft.branch, draft.training["epochs"]) == (None, 20)  # before the first step: anew, with the same seed


def test_a_branch_that_cannot_start_says_why(app):
    store = Store()
    run, step = ended(store)
    app.query_params["run"] = run
    app.run()
    branch_from(app, run, step)
    app.session_state["nnviz.draft"] = replace(app.session_state["nnviz.draft"], branch={"run": run, "step": step + 1})
    app.run()
    assert any("not among those recorded" in text for text in texts(app))
    assert app.button("train").disabled
    app.session_state["nnviz.draft"] = replace(app.session_state["nnviz.draft"], branch={"run": "nobody", "step": 1})
    app.run()
    assert "Branch of a run that is not here any more." in texts(app)
    assert app.button("train").disabled
    assert not app.exception


def test_the_family_stands_as_a_tree_under_the_table(store, open_page):
    run, step = ended(store)
    branch = {"run": run, "step": step // 2}
    ids = [run]
    for name, parent in (("child <b>", branch), ("other", branch | {"step": step})):
        ids.append(Worker(store, spec(data="spirals").with_("from", parent), name=name).train(2).finish())
    ids.append(Worker(store, spec(data="spirals").with_("from", {"run": ids[1], "step": 1}), name="grandchild").train(1).finish())
    alone = Worker(store, spec(), name="alone").train(1).finish()
    runs = store.runs.list_runs()
    relatives = family(runs, store.runs.get(ids[3]))
    assert [(one.run.id, one.depth) for one in relatives] == [(ids[0], 0), (ids[1], 1), (ids[3], 2), (ids[2], 1)]
    assert [one.epoch for one in relatives[:2]] == [None, 10]
    assert [one.run.id for one in family(runs, store.runs.get(alone))] == [alone]
    page = choose(open_page("runs"), store, ids[3])
    (tree,) = [html.proto.body for html in page.get("html") if "grandchild" in html.proto.body]
    assert "<strong>grandchild</strong>" in tree
    assert "child &lt;b&gt;" in tree
    assert "from epoch 10 · finished" in tree
