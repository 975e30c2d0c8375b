"""The learning-rate finder on the Train page: asked for, done by a worker's code in this process, used."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnviz.jobs import launcher
from nnviz.jobs.worker.tasks import Tasks
from nnviz.store import Store
from nnviz.ui.train import rate_finder
from nnviz.ui.train.rate_finder import no_choice, why


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("NNVIZ_STORE", f"sqlite:///{tmp_path}/nnviz.db")
    monkeypatch.setattr(launcher, "ensure_supervisor", lambda url: None)
    monkeypatch.setattr(rate_finder, "_dialog", lambda: None)
    st.cache_resource.clear()
    store = Store()
    yield store
    store.close()
    st.cache_resource.clear()


def page() -> None:
    """What the dialog holds, beside the fields: a dialog itself lasts one run of an AppTest."""
    import streamlit as st

    from nnviz.ui.common.session import draft
    from nnviz.ui.train import rate_finder
    from nnviz.ui.train.optimizer_panel import learning

    learning()
    if "nnviz.find_rate" in st.session_state:
        rate_finder._watch()
    st.text(f"rate {draft().optimizer['learning_rate']}")


def opened(store: Store) -> tuple[AppTest, int]:
    app = AppTest.from_function(page, default_timeout=30).run()
    assert not app.exception
    app.button(key="find_rate").click().run()
    assert not app.exception
    job = store.jobs.open_jobs()[-1]
    assert job.kind == "find_rate"
    return app, job.id


def claimed(store: Store) -> object:
    store.workers.beat("me", pid=1, host="here", state="idle")
    return store.jobs.claim("me", training_at_once=1)


def test_what_the_finder_suggests_goes_into_the_draft(store: Store) -> None:
    app, number = opened(store)
    job = claimed(store)
    seen = []
    store_report = store.jobs.report
    tasks = Tasks(store)
    store.jobs.report = lambda job_id, progress: seen.append(progress) or store_report(job_id, progress)  # type: ignore[method-assign]
    answer = tasks.do(job)  # type: ignore[arg-type]
    assert len(answer["rates"]) == len(answer["losses"]) > 100
    assert len(seen) > 0
    assert seen[0]["status"] == "running"
    assert launcher.progress(store, number) == seen[-1]
    assert launcher.result(store, number) is None
    store.jobs.answer(number, result=answer)
    app.run()
    assert not app.exception
    rate = float(f"{answer['suggestion']:.3g}")
    assert 1e-4 < rate < 0.5
    assert app.button(key="find_rate.use").label == f"Use {rate:g}"
    app.button(key="find_rate.use").click().run()
    app.run()
    assert app.number_input(key="rate:Adam:learning_rate").value == rate
    assert app.text[-1].value == f"rate {rate}"


def test_stop_takes_the_job_back_and_shows_what_there_is(store: Store) -> None:
    app, number = opened(store)
    job = claimed(store)
    assert job is not None
    part = {
        "rates": [1e-3, 1e-2],
        "losses": [1.0, 0.9],
        "smoothed": [1.0, 0.9],
        "asked": 200,
        "suggestion": None,
        "rule": "",
        "rises": None,
        "status": "running",
    }
    assert store.jobs.report(number, part)
    app.run()
    app.button(key="find_rate.stop").click().run()
    assert not app.exception
    assert not store.jobs.report(number, part)
    cancelled = store.jobs.get(number)
    assert cancelled is not None
    assert cancelled.status == "cancelled"
    assert "nothing to suggest" in app.warning[0].value


def test_an_error_is_shown_in_words(store: Store) -> None:
    app, number = opened(store)
    job = claimed(store)
    assert job is not None
    job.payload["spec"]["data"] = {"kind": "file", "path": "/nowhere/rows.csv"}
    from nnviz.errors import NnvizError

    with pytest.raises(NnvizError) as refusal:
        Tasks(store).do(job)  # type: ignore[arg-type]
    store.jobs.answer(number, error=refusal.value)
    app.run()
    assert not app.exception
    assert "cannot be opened by its path" in app.error[0].value
    assert "Traceback" not in refusal.value.message


def test_a_schedule_is_drawn_over_the_steps_of_the_whole_training(store: Store) -> None:
    app = AppTest.from_function(page, default_timeout=30).run()
    app.selectbox(key="schedule:Adam").set_value("OneCycle").run()
    assert not app.exception
    assert app.number_input(key="schedule:OneCycle:total_steps").value == math.ceil(300 / 16) * 300
    app.selectbox(key="schedule:Adam").set_value("PiecewiseConstantDecay").run()
    app.text_input(key="schedule:PiecewiseConstantDecay:boundaries").set_value("10, 20").run()
    app.text_input(key="schedule:PiecewiseConstantDecay:values").set_value("0.1, 0.01, 0.001").run()
    assert not app.exception
    schedule = app.session_state["nnviz.draft"].optimizer["schedule"]
    assert schedule == {"kind": "PiecewiseConstantDecay", "boundaries": [10, 20], "values": [0.1, 0.01, 0.001]}
    app.text_input(key="schedule:PiecewiseConstantDecay:values").set_value("a lot").run()
    assert not app.exception
    assert any("Numbers with commas" in caption.value for caption in app.caption)


def test_the_rule_that_chose_is_in_words() -> None:
    swept = {"suggestion": 0.01234, "rule": "steepest", "rises": 0.3}
    assert why(swept) == "Why 0.0123: there the loss falls fastest. It begins to rise at 0.3."
    assert why(swept | {"rises": None}).endswith("it does not rise again.")
    assert "begins to rise at 0.3; this is a tenth" in why({"suggestion": 0.03, "rule": "tenth", "rises": 0.3})
    assert "No rate stands out" in no_choice(stopped=False, rate=0.01)
    assert no_choice(stopped=False, rate=0.01).endswith("Yours stays as it is: 0.01.")


def test_where_no_rate_stands_out_the_curve_is_drawn_and_the_rate_stays(store: Store) -> None:
    app, number = opened(store)
    claimed(store)
    flat = {
        "rates": [1e-3, 1e-2],
        "losses": [1.0, 1.1],
        "smoothed": [1.05, 1.05],
        "asked": 2,
        "suggestion": None,
        "rule": "",
        "rises": None,
        "status": "finished",
    }
    store.jobs.answer(number, result=flat)
    app.run()
    assert not app.exception
    assert "No rate stands out" in app.warning[0].value
    assert len(app.get("plotly_chart")) == 1
    assert not [button for button in app.button if button.key == "find_rate.use"]
    assert app.text[-1].value == f"rate {app.number_input(key='rate:Adam:learning_rate').value:g}"
