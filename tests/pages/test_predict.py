"""The Predict page on a store with a finished run; what a worker would answer is written by the test."""

import pytest
from streamlit.testing.v1 import AppTest

from nnviz import jobs
from nnviz.errors import DataError
from nnviz.spec import RunSpec
from nnviz.ui.predict.answers import _percent
from nnviz.ui.predict.row_form import _digits, _step
from nnviz.ui.predict.table import _formats
from tests.pages.conftest import ROOT, TRAIN

ENCODER = {
    "version": 1,
    "shape": [],
    "divide": 1.0,
    "target": {"names": ["kind"], "task": "classification", "classes": ["<i>a</i>", "b"], "mean": [], "scale": []},
    "columns": [
        {"name": "width **cm**", "type": "number", "fill": [3.4], "centre": [3.5], "scale": [0.8]},
        {"name": "colour", "type": "category", "categories": ["blue", "red"]},
        {"name": "old", "type": "boolean"},
    ],
}
ANSWER = {
    "rows": 1,
    "columns": ["row", "prediction", "probability_<i>a</i>", "probability_b"],
    "table": [[1, "b", 0.25, 0.75]],
    "notes": [],
    "inputs": {"columns": ["colour"], "rows": [["red"]]},
    "images": [],
    "labels": [],
    "costs": [],
    "target": {"task": "classification", "names": ["kind"], "classes": ["<i>a</i>", "b"]},
}


def finished(store):
    run = store.runs.create(
        RunSpec.parse(
            {
                "data": {"kind": "builtin", "name": "iris"},
                "layers": [],
                "cost": {"kind": "CrossEntropy"},
                "optimizer": {"kind": "SGD"},
            }
        )
    )
    attempt = store.runs.claim(run, pid=1)
    store.runs.set_phase(run, attempt, "training", info={"task": "classification"}, encoder=ENCODER)
    store.runs.finish(run, attempt, "finished", weights=store.blobs.put(b"weights"))
    return run


@pytest.fixture
def asked(monkeypatch):
    """The payloads of the jobs that the page asked for; each is answered with `asked.answer`."""

    class Asked(list):
        answer = ANSWER

    requests = Asked()

    def submit(store, kind, *, run_id=None, payload=None):
        requests.append((kind, run_id, payload))
        number = store.jobs.add(kind, run_id=run_id, payload=payload)
        if isinstance(requests.answer, Exception):
            store.jobs.answer(number, error=requests.answer)
        elif requests.answer is not None:
            store.jobs.answer(number, result=requests.answer)
        return number

    monkeypatch.setattr(jobs, "submit", submit)
    return requests


@pytest.fixture
def app(store, tmp_path):
    folder = tmp_path / "app"
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "predict.py").symlink_to(ROOT / "pages" / "predict.py")
    (folder / "pages" / "train.py").write_text(TRAIN, encoding="utf-8")
    (folder / "app.py").write_text(
        'import streamlit as st\nst.navigation([st.Page("pages/train.py", default=True), st.Page("pages/predict.py")]).run()\n',
        encoding="utf-8",
    )

    def open_(**params):
        test = AppTest.from_file(str(folder / "app.py"), default_timeout=30)
        for name, value in params.items():
            test.query_params[name] = value
        test.switch_page("pages/predict.py").run()
        assert not test.exception
        return test

    return open_


def html(page):
    return " ".join(element.proto.body for element in page.get("html"))


def test_without_runs_it_invites_to_train(app):
    page = app()
    assert "No trained network yet" in html(page)
    page.button(key="predict.train").click().run()
    assert page.text[0].value.startswith("train")


def test_it_starts_from_the_usual_row_and_answers_each_change(app, store, asked):
    run = finished(store)
    page = app()
    assert asked == [("predict", run, {"rows": [{"width **cm**": "3.4", "colour": "blue", "old": "true"}]})]
    assert "75.0 %" in html(page)
    page.number_input[0].set_value(4.0).run()
    assert asked[-1][2]["rows"][0]["width **cm**"] == "4.0"
    page.run()
    assert len(asked) == 2


def test_a_number_that_no_network_can_compute_with_is_refused_at_its_field(app, store, asked):
    finished(store)
    page = app()
    page.number_input[0].set_value(1e308).run()
    assert not page.exception
    assert any("Must be a number from" in element.value and ":red[" in element.value for element in page.markdown)
    assert "75.0 %" not in html(page)
    assert len(asked) == 1
    page.number_input[0].set_value(1e20).run()
    assert len(asked) == 2


def test_names_and_labels_are_plain_text(app, store, asked):
    finished(store)
    page = app()
    assert "<i>a</i>" not in html(page)
    assert "&lt;i&gt;a&lt;/i&gt;" in html(page)
    assert page.number_input[0].label == r"width \*\*cm\*\*"


def test_the_address_names_the_run(app, store, asked):
    first = finished(store)
    finished(store)
    page = app(run=first)
    assert asked[0][1] == first
    assert page.query_params["run"] == first


def test_an_error_is_shown_with_its_remedy(app, store, asked):
    finished(store)
    asked.answer = DataError("the rows do not fit", where="row 3", remedy="Give others.")
    text = html(app())
    assert "The rows do not fit" in text
    assert "Give others." in text


def test_while_nobody_answers_it_says_so(app, store, asked):
    finished(store)
    asked.answer = None
    page = app()
    assert any("Predicting" in text.value for text in page.text)


def test_a_file_with_labels_shows_how_good_the_network_is(app, store, asked):
    run = finished(store)
    asked.answer = ANSWER | {
        "labels": ["b"],
        "costs": [0.29],
        "metrics": {"accuracy": 1.0, "loss": 0.29},
        "labelled": 1,
        "csv": "0" * 64,
        "worst": [[1, "b", 0.25, 0.75, "b", 0.29]],
    }
    page = app()
    page.session_state["predict.upload"] = {"file": {"sha256": "1" * 64, "name": "rows.csv", "size": 10, "time": 5}}
    page.button_group(key=f"predict.way.{run}").set_value("file").run()
    assert not page.exception
    assert asked[-1] == ("predict", run, {"sha256": "1" * 64, "name": "rows.csv"})
    assert "Loss (CrossEntropy)" in html(page)
    assert page.dataframe[0].value["loss"].tolist() == [0.29]
    page.selectbox(key=f"predict.cost.{run}").select("MeanSquaredError").run()
    assert asked[-1][2]["cost"] == "MeanSquaredError"


LABELLED = ANSWER | {
    "labels": ["b"],
    "costs": [0.29],
    "metrics": {"accuracy": 0.98, "loss": 0.1},
    "labelled": 300,
    "csv": "0" * 64,
    "worst": [[1, "b", 0.25, 0.75, "b", 0.29]],
}


def part(rows, accuracy=None):
    return {"rows": rows, "metrics": {"accuracy": accuracy, "loss": 0.2} if rows else {}}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            {"trained_on": part(210, 0.995), "others": part(90, 0.9)},
            ["90.0", "over 90 rows never seen in training", "210 of 300. On those: Accuracy 99.5", "On all: Accuracy 98.0"],
        ),
        (
            {"trained_on": part(0), "others": part(300, 0.98)},
            ["98.0", "over 300 rows with a label, none of them seen in training"],
        ),
        ({"trained_on": part(300, 0.98), "others": part(0)}, ["98.0", "all of them seen in training", "than on new ones"]),
        ({}, ["98.0", "over 300 rows with a label", "Rows that it was trained on may be among them"]),
    ],
)
def test_the_score_tells_rows_that_it_was_trained_on_from_others(app, store, asked, parts, words):
    run = finished(store)
    asked.answer = LABELLED | parts
    page = app()
    page.session_state["predict.upload"] = {"file": {"sha256": "1" * 64, "name": "rows.csv", "size": 10, "time": 5}}
    page.button_group(key=f"predict.way.{run}").set_value("file").run()
    text = html(page) + " ".join(caption.value for caption in page.caption)
    for word in words:
        assert word in text


def test_rows_with_the_wrong_class_are_marked(app, store, asked):
    run = finished(store)
    asked.answer = LABELLED | {
        "rows": 3,
        "worst": [[3, "b", 0.25, 0.75, "<i>a</i>", 1.4], [1, "b", 0.25, 0.75, "b", 0.29], [2, "b", 0.4, 0.6, "", None]],
    }
    page = app()
    page.session_state["predict.upload"] = {"file": {"sha256": "1" * 64, "name": "rows.csv", "size": 10, "time": 5}}
    page.button_group(key=f"predict.way.{run}").set_value("file").run()
    assert not page.exception
    assert page.dataframe[0].value["wrong"].tolist() == ["✗", "", ""]


def test_numbers_stand_as_people_write_them(app, store, asked):
    run = finished(store)
    asked.answer = ANSWER | {
        "columns": ["row", "prediction"],
        "table": [[1, 463540.27], [2, 51234.5]],
        "labels": [463000, ""],
        "costs": [0.3, None],
        "inputs": {"columns": ["colour"], "rows": [["red"], ["blue"]]},
        "csv": "0" * 64,
        "target": {"task": "regression", "names": ["price"], "classes": [], "scale": [80000.0]},
    }
    page = app()
    assert "463,540" in html(page)
    assert any(caption.value == "Weights of epoch 0" for caption in page.caption)
    page.session_state["predict.upload"] = {"file": {"sha256": "1" * 64, "name": "rows.csv", "size": 10, "time": 5}}
    page.button_group(key=f"predict.way.{run}").set_value("file").run()
    assert not page.exception
    frame = page.dataframe[0].value
    assert frame["prediction"].tolist() == [463540.27, 51234.5]
    assert frame["label"].tolist()[0] == 463000
    assert [_formats(frame)[name](value) for name, value in (("prediction", 463540.27), ("label", 463000), ("loss", 0.3))] == [
        "463,540",
        "463,000",
        "0.3000",
    ]


def test_a_table_of_hostile_names_is_shown_as_text(app, store, asked):
    run = finished(store)
    hidden, link = "a\u200b", "http://evil.example/" + "x" * 500
    asked.answer = ANSWER | {
        "columns": ["row", "prediction", f"probability_{hidden}", f"probability_{link}"],
        "csv": "0" * 64,
        "csv_safe": "1" * 64,
        "table": [[1, "\u202e=1+1", 0.25, 0.75]],
        "target": {"task": "classification", "names": ["k"], "classes": [hidden, link]},
        "inputs": {"columns": ["row", "a\u200b", "a\\u200b", link], "rows": [["\x00", "b\nc", "<i>", "d"]]},
    }
    page = app()
    page.session_state["predict.upload"] = {"file": {"sha256": "1" * 64, "name": "\u202e<b>.csv", "size": 10, "time": 5}}
    page.button_group(key=f"predict.way.{run}").set_value("file").run()
    assert not page.exception
    frame = page.dataframe[0].value
    assert frame["prediction"].tolist() == ["\\u202e=1+1"]
    assert [name for name in frame.columns if len(name) > 100 or not name.isprintable()] == []
    assert frame["a\\u200b"].tolist() == ["b⏎c"]
    assert frame["a\\u200b (2)"].tolist() == ["<i>"]
    assert "\\u202e&lt;b&gt;.csv" in html(page)
    first, second = [link.proto.url for link in page.get("link_button")]
    assert "1" * 64 in first  # for spreadsheets
    assert "0" * 64 in second


@pytest.mark.parametrize(("scale", "digits", "step"), [(250.0, 0, 10.0), (31.0, 0, 1.0), (4.0, 1, 0.1), (0.8, 2, 0.01)])
def test_a_field_counts_in_steps_that_suit_its_column(scale, digits, step):
    assert _digits(scale) == digits
    assert _step(scale) == step


def test_a_share_never_claims_certainty():
    assert [_percent(share) for share in (0.99999, 0.5, 0.00001)] == ["> 99.9 %", "50.0 %", "< 0.1 %"]
