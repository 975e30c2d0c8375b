"""The picture and the words of the data on the Train page."""

import json

import pytest

from nnviz.store import Store
from nnviz.ui.common import worker_job
from tests.pages.example_runs import CNN, Worker, spec

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABc3UBGAAAAABJRU5ErkJggg=="  # one black pixel


def picture(app):
    (chart,) = [chart for chart in app.get("plotly_chart") if json.loads(chart.proto.spec)["layout"]["height"] < 300]
    return chart.proto.id.rpartition("-")[2], json.loads(chart.proto.spec)["layout"]["height"]


def captions(app):
    return [caption.value for caption in app.caption]


def test_the_points_are_as_large_beside_a_run_as_before_one(app):
    app.run()
    before = picture(app)
    assert "500 rows · 2 columns + target · 2 classes" in captions(app)
    run = Worker(Store(), spec(data="spirals"), name="one").train(2).finish()
    app.query_params["run"] = run
    app.run()
    assert not app.exception
    assert picture(app) == before


def test_images_are_shown_with_their_classes_once_a_worker_has_read_them(app, monkeypatch):
    asked = []

    def ask(kind, payload, **more):
        if kind != "read":
            return None
        asked.append(payload)
        images = [{"png": PNG, "label": f"<{number}>"} for number in range(24)]
        return worker_job.Answer(result={"images": images}) if len(asked) > 1 else None

    monkeypatch.setattr(worker_job, "ask", ask)
    app.run()
    assert not asked
    app.selectbox(key="dataset:spirals").set_value("digits").run()
    assert not any(PNG in block.proto.body for block in app.get("html"))
    app.run()
    assert not app.exception
    assert asked[-1] == {"data": {"kind": "builtin", "name": "digits"}}
    (markup,) = [block.proto.body for block in app.get("html") if PNG in block.proto.body]
    assert markup.count("<img") == 10
    assert "&lt;9&gt;" in markup


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"columns": 3, "inputs": 8, "all_columns": 5, "targets": 1}, "3 of 5 columns + target, 8 inputs"),
        ({"columns": 3, "inputs": 8}, "3 columns + target, 8 inputs"),
    ],
)
def test_the_columns_of_a_runs_file_are_counted_as_they_were_read(app, about, words):
    asked = spec(layers=CNN[3:]).with_("data", {"kind": "file", "path": "a.csv", "sha256": "0" * 64})
    info = {"shape": [8], "outputs": 2, "columns": ["a"] * 8, "classes": ["no", "yes"], "about_data": about}
    app.query_params["run"] = Worker(Store(), asked, name="one").train(1).finish(**info)
    app.run()
    assert not app.exception
    assert any(f" · {words} · 2 classes" in caption for caption in captions(app))
