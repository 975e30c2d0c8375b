"""The draft in the address of a page: after a reload, as a link, and where somebody has damaged it."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnviz import jobs
from nnviz.catalog import COSTS
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec.packing import VERSION, pack
from nnviz.store import Store
from nnviz.ui.common.session import FIRST_DATASET, fresh, of_record
from tests.pages.conftest import everything, write_app
from tests.pages.example_runs import gallery
from tests.pages.test_runs import choose

DRAFT_PAGE = """
import streamlit as st

from nnviz.ui.common import draft_link, session

draft_link.take()
st.text(f"{session.draft().data['name']} {session.draft().origin}")
draft_link.keep(with_run=True)
"""
SPEC: dict[str, Any] = {
    "data": {"kind": "synthetic", "name": "moons", "samples": 120, "noise": 0.1, "seed": 3},
    "split": {"validation": 0.3, "test": 0.1, "seed": 4},
    "layers": [{"kind": "Dense", "units": 5, "activation": {"expression": "x * sigmoid(x)"}}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "SGD", "learning_rate": 0.125, "momentum": 0.5},
    "training": {"epochs": 7, "batch_size": 8},
}
FILE = {"kind": "file", "path": "penguins.csv", "sha256": "0" * 64, "target": "species"}


def opened(app: AppTest, text: str, **params: str) -> AppTest:
    app.query_params["draft"] = text
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert "unexpected error" not in everything(app)
    return app


def texts(app: AppTest) -> str:
    return " ".join(element.value for element in app.text)


def sent(app: AppTest) -> Any:
    """What the element is given that keeps the address."""
    return app.session_state["nnviz.draft_link.plain"]


def test_a_link_opens_as_the_whole_exercise(app: AppTest) -> None:
    draft = opened(app, pack(SPEC)).session_state["nnviz.draft"]
    record = draft.record()
    assert {name: record[name] for name in ("data", "split", "layers", "cost", "optimizer")} == {
        name: SPEC[name] for name in ("data", "split", "layers", "cost", "optimizer")
    }
    assert record["training"] | SPEC["training"] == record["training"]
    assert (draft.facts.rows, draft.facts.plane) == (120, ("x1", "x2"))
    assert app.number_input(key="rate:SGD:learning_rate").value == 0.125
    assert sent(app)[2] is False


def test_a_reload_is_another_session_with_the_same_address(app: AppTest) -> None:
    first = opened(app, pack(SPEC))
    first.number_input(key="rate:SGD:learning_rate").set_value(0.25).run()
    assert first.session_state["nnviz.draft"].optimizer["learning_rate"] == 0.25, "the address does not win again"
    packed = sent(first)[1]
    again = opened(AppTest.from_file(str(first._script_path), default_timeout=60), packed)
    assert again.session_state["nnviz.draft"].record() == first.session_state["nnviz.draft"].record()


def test_the_draft_of_every_first_visit_leaves_the_address_as_it_is(app: AppTest) -> None:
    app.run()
    assert sent(app)[2] is True
    app.number_input(key="rate:Adam:learning_rate").set_value(0.5).run()
    assert sent(app)[2] is False


def test_a_stack_that_is_a_presets_counts_as_that_preset() -> None:
    draft = fresh(FIRST_DATASET)
    assert of_record(draft.record(), draft.facts).preset == draft.preset


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.broken", "incomplete"),
        ("x" * 20_000, "20,000 letters"),
        ("7.abc", "later version"),
        (pack(SPEC | {"version": 2}), "later version"),
        (pack(SPEC | {"layers": [{"kind": "Dense", "units": 0}]}), "Layer 1, units"),
        (pack(SPEC | {"optimizer": {"kind": "Nothing"}}), "Optimizer, kind"),
        (pack(SPEC | {"data": {"kind": "builtin", "name": "spirals"}}), "cannot be opened"),
        (pack({"layers": []}), "cannot be opened"),
    ],
)
def test_what_cannot_be_opened_is_said_and_the_page_is_there(app: AppTest, text: str, words: str) -> None:
    opened(app, text)
    assert words in texts(app)
    assert "layers[" not in texts(app)
    assert app.session_state["nnviz.draft"].record()["data"]["name"] == FIRST_DATASET
    app.button(key="draft_note.close").click().run()
    assert words not in texts(app)


def test_a_file_that_is_not_here_is_named_and_all_else_is_taken_over(app: AppTest) -> None:
    spec = SPEC | {"data": FILE, "split": SPEC["split"] | {"by": "island"}}
    opened(app, pack(spec))
    assert "penguins.csv" in texts(app)
    record = app.session_state["nnviz.draft"].record()
    assert (record["layers"], record["cost"], record["optimizer"]) == (SPEC["layers"], SPEC["cost"], SPEC["optimizer"])
    assert (record["data"]["name"], record["split"]) == (FIRST_DATASET, SPEC["split"])


def test_a_file_without_its_bytes_is_never_opened_by_its_path(app: AppTest) -> None:
    spec = SPEC | {
        "data": {"kind": "file", "path": "/etc/passwd"},
        "cost": {"kind": next(kind for kind, entry in COSTS.items() if entry.tasks == ("regression",))},
    }
    opened(app, pack(spec))
    assert "/etc/passwd, which is not here" in texts(app)
    assert Store().jobs.open_jobs() == [] or all(job.kind != "read" for job in Store().jobs.open_jobs())
    assert app.session_state["nnviz.draft"].facts.task == "regression", "data that the cost is for"


def test_a_file_that_is_in_the_store_is_read_again(app: AppTest) -> None:
    store = Store()
    sha256 = store.blobs.put(b"a,b,kind\n" + b"".join(b"%d,%d,%s\n" % (i, -i, b"xy"[i % 2 : i % 2 + 1]) for i in range(40)))
    spec = SPEC | {"data": {"kind": "file", "path": "rows.csv", "sha256": sha256, "target": "kind"}}
    opened(app, pack(spec))
    assert "rows.csv" not in texts(app)
    store.workers.beat("me", pid=1, host="here", state="idle")
    job = next(job for job in iter(lambda: store.jobs.claim("me", training_at_once=1), None) if job.kind == "read")
    store.jobs.answer(job.id, result=Tasks(store).do(job))
    app.run()
    assert not app.exception
    draft = app.session_state["nnviz.draft"]
    assert (draft.data["path"], draft.facts.rows, draft.facts.outputs) == ("rows.csv", 40, 2)
    assert draft.report is not None
    assert draft.optimizer == SPEC["optimizer"]


def test_a_branch_of_a_run_that_is_not_here_starts_afresh(app: AppTest) -> None:
    opened(app, pack(SPEC | {"from": {"run": "abc", "step": 3}}))
    assert "is not here: it starts afresh" in texts(app)
    assert app.session_state["nnviz.draft"].branch is None


def test_a_run_in_the_address_wins_unless_a_draft_stands_beside_it(app: AppTest) -> None:
    store = Store()
    run_id = jobs.start_run(store, of_record(SPEC, fresh("moons").facts).spec())
    app.query_params["run"] = run_id
    app.run()
    assert app.session_state["nnviz.draft"].origin == run_id
    assert sent(app)[2] is True, "a link to a run stays short"
    app.number_input(key="rate:SGD:learning_rate").set_value(0.5).run()
    assert sent(app)[2] is False
    again = opened(AppTest.from_file(str(app._script_path), default_timeout=60), sent(app)[1], run=run_id)
    assert again.session_state["nnviz.draft"].optimizer["learning_rate"] == 0.5


def test_a_version_is_a_number_before_a_point() -> None:
    assert pack(SPEC).startswith(f"{VERSION}.")


@pytest.fixture
def elsewhere(store: Store, tmp_path: Path) -> AppTest:
    """Pages of runs, and one of the draft."""
    path = write_app(tmp_path)
    (tmp_path / "pages" / "train.py").write_text(DRAFT_PAGE, encoding="utf-8")
    return AppTest.from_file(str(path), default_timeout=30)


@pytest.mark.parametrize("page", ["runs", "compare"])
def test_a_session_that_begins_on_another_page_has_the_draft_of_its_address(elsewhere: AppTest, page: str) -> None:
    elsewhere.query_params["draft"] = pack(SPEC)
    elsewhere.switch_page(f"pages/{page}.py").run()
    assert not elsewhere.exception
    # the links between the pages have no parameters
    elsewhere.query_params.clear()
    elsewhere.switch_page(f"pages/{page}.py").run()
    elsewhere.switch_page("pages/train.py").run()
    assert texts(elsewhere).strip() == "moons"
    elsewhere.switch_page(f"pages/{page}.py").run()
    assert sent(elsewhere)[2] is False, "and every page keeps it"
    elsewhere.switch_page("pages/train.py").run()
    assert texts(elsewhere).strip() == "moons"


def test_a_run_that_is_trained_again_takes_the_place_of_the_draft_in_the_address(elsewhere: AppTest, store: Store) -> None:
    ids = gallery(store)
    elsewhere.query_params["draft"] = pack(SPEC)
    elsewhere.switch_page("pages/runs.py").run()
    choose(elsewhere, store, ids["wine"])
    elsewhere.query_params.clear()
    elsewhere.button(key="runs.again").click().run()
    assert not elsewhere.exception
    assert texts(elsewhere).strip() == f"wine {ids['wine']}"
