"""The gallery on the Train page: a case becomes the draft and is begun, its question is asked and told; a link begins one."""

from nnviz.catalog.gallery import CASES
from nnviz.jobs import remedies
from nnviz.store import Store
from nnviz.ui.train.gallery import record
from tests.pages.test_train_results import opened, rate


def plain(text):
    return text.replace("\\", "").replace("\N{WORD JOINER}", "")


def answers(app):
    return [plain(button.label) for button in app.button if (button.key or "").startswith("gallery_guess.")]


def words(app):
    return plain(" ".join(element.value for element in (*app.caption, *app.markdown)))


def test_a_case_is_begun_asked_about_and_told(app):
    app.run()
    app.session_state["nnviz.gallery"] = "dead_relu"
    app.run()
    assert not app.exception
    store = Store()
    [run] = store.runs.list_runs()
    assert run.name == "Case 3: Spirals, three hidden layers"
    assert run.control.pace == "watch"
    assert [event.data for event in store.runs.events(run.id) if event.kind == "gallery"] == [{"case": "dead_relu"}]
    assert rate(app).value == CASES["dead_relu"].spec["optimizer"]["learning_rate"]
    assert answers(app) == ["Dead units", "Overfitting", "Too much dropout", "Nothing: it is healthy", "Show me"]
    assert CASES["dead_relu"].lesson not in words(app)

    app.button("gallery_guess.overfitting").click().run()
    assert "Not quite. The answer is: dead units.** You said: overfitting." in words(app)
    assert CASES["dead_relu"].lesson in words(app)
    assert [event.text for event in store.runs.events(run.id) if event.kind == "guess"] == ["Guessed: Overfitting"]
    assert answers(app) == []
    app.button("gallery_next").click().run()
    assert {one.name for one in store.runs.list_runs()} == {run.name, "Case 4: Four quarters in two colours"}


def test_an_example_that_a_link_asks_for_is_told_at_once(app):
    app.query_params["example"] = "overfitting"
    app.run()
    [run] = Store().runs.list_runs()
    assert app.query_params == {"run": run.id}
    assert answers(app) == []
    assert "The answer is: overfitting." in words(app)
    app.run()
    assert len(Store().runs.list_runs()) == 1


def test_a_case_that_is_none_begins_nothing(app):
    app.query_params["case"] = "<b>no such case</b>"
    app.run()
    assert not app.exception
    assert Store().runs.list_runs() == []


def test_what_came_of_the_remedy_stands_over_the_run_that_mends(app):
    app.query_params["case"] = "rate_too_high"
    app.run()
    store = Store()
    [run] = store.runs.list_runs()
    store.runs.add_event(run.id, record.GUESS, "", data={"answer": "rate_too_high"})
    child = store.runs.get(store.runs.create(run.spec.with_("optimizer.learning_rate", 0.01)))
    remedies.begun(store, run, "rate_too_high", child)
    opened(app, child.id)
    assert "Mends case 1" in words(app)
    assert "The remedy is being trained" in words(app)
    text = f"Helped: validation loss 0.9 → 0.002 (before: {run.name})"
    store.runs.add_event(child.id, "outcome", text, data={"kind": "helped"})
    app.run()
    assert "**Helped: validation loss 0.9 → 0.002**" in words(app)
    app.button("gallery_back").click().run()
    assert app.query_params["run"] == run.id
