"""What the doctor says of the draft on the Train page, before anything is trained, and the button that changes it; and the remedy
of a finding as the panel under the curves asks for it."""

from nnviz.doctor import RateRange
from nnviz.store import Store
from nnviz.ui.train import rate_finder
from tests.pages.example_runs import Worker, spec
from tests.pages.test_train_results import SPIRALS, opened, rate


def notes(app):
    values = [element.value.replace("\\", "") for element in app.markdown]
    return [value for value in values if value.startswith("**")]


def test_a_rate_far_above_the_usual_is_spoken_of_and_changed_with_one_click(app):
    app.run()
    assert notes(app) == []
    usual = rate(app).value
    rate(app).set_value(50 * usual).run()
    [note] = notes(app)
    assert "Learning rate too high" in note
    assert f"is 50 times what is usual for Adam. Try {usual:g}, or press Find a rate." in note
    app.button("draft_notes.rate_too_high").click().run()
    assert notes(app) == []
    assert rate(app).value == usual
    assert app.session_state["nnviz.draft"].optimizer["learning_rate"] == usual


def test_what_the_rate_finder_saw_of_this_draft_is_spoken_of_and_of_another_one_not(app):
    app.run()
    usual = rate(app).value
    swept = rate_finder.swept_parts(app.session_state["nnviz.draft"].spec())
    app.session_state["nnviz.find_rate.range"] = (RateRange(4 * usual, 6 * usual), swept)
    rate(app).set_value(8 * usual).run()
    [note] = notes(app)
    assert f"from {6 * usual:.2g} on the loss grew. Try {4 * usual:g}." in note
    app.session_state["nnviz.find_rate.range"] = (RateRange(4 * usual, 6 * usual), swept | {"batch_size": 7})
    app.run()
    assert notes(app) == []


def test_a_remedy_that_was_asked_for_is_trained_at_once_and_both_runs_know(app):
    store = Store()
    run = Worker(store, spec(**SPIRALS), name="the first").train(10)
    change = {"optimizer.learning_rate": 0.0005}
    finding = {"rule": "rate_too_high", "title": "Too high", "text": "It jumps.", "remedy": {"from_step": None, "set": change}}
    run.finish()
    store.findings.replace(run.id, [finding], step=10)
    opened(app, run.id)
    app.session_state["nnviz.remedy"] = {"run": run.id, "rule": "rate_too_high"}
    app.run()
    [child] = [one for one in store.runs.list_runs() if one.id != run.id]
    assert child.spec.optimizer.learning_rate == rate(app).value == 0.0005
    assert child.spec.branch is None
    assert app.query_params["run"] == child.id
    assert [event.data["run"] for event in store.runs.events(run.id) if event.kind == "remedy"] == [child.id]
    assert [event.data["run"] for event in store.runs.events(child.id) if event.kind == "mends"] == [run.id]
    app.run()
    assert len(store.runs.list_runs()) == 2


def test_a_remedy_of_a_finding_that_is_gone_says_so(app):
    store = Store()
    run = Worker(store, spec(**SPIRALS), name="the first").train(10)
    run.finish()
    opened(app, run.id)
    app.session_state["nnviz.remedy"] = {"run": run.id, "rule": "rate_too_high"}
    app.run()
    assert any("any more" in warning.value for warning in app.warning)
    assert len(store.runs.list_runs()) == 1
