"""Addresses that nobody made by clicking: each gives a sentence or is ignored."""

import json

import pytest

from nnviz import jobs
from tests.pages.conftest import everything
from tests.pages.example_runs import Worker, spec

FILE = {"kind": "file", "path": "a.csv", "sha256": "0" * 64}
# Streamlit itself ignores an address of more than half a megabyte.
WORDS = {
    "deep": "[" * 100_000,
    "digits": "9" * 5000,
    "NUL": "a\0b,\0",
    "long": "x" * 500_000,
    "directions": "\u202eabc\u2066",
    "link": "[a](http://evil.example) <img src=x onerror=alert(1)>",
    "number": "1e999",
}
JSON = {
    "broken": '{"kind":',
    "deep": "[" * 100_000,
    "deep object": '{"a":' * 15_000 + "1" + "}" * 15_000,
    "digits": "9" * 5000,
    "long": "x" * 500_000,
    "NUL": "a\0b",
    "list": "[1,[2]]",
    "text": '"a"',
    "null": "null",
    "nan": "NaN",
}
BLOCKS = {
    "no kind": {},
    "kind of another type": {"kind": [1]},
    "no such set": {"kind": "builtin", "name": "x"},
    "set of another kind": {"kind": "builtin", "name": "spirals"},
    "name of another type": {"kind": "synthetic", "name": {"a": 1}},
    "digits": {"kind": "synthetic", "name": "spirals", "samples": 10**400},
    "infinite": {"kind": "synthetic", "name": "spirals", "noise": float("inf")},
    "surrogate": FILE | {"target": "\ud800"},
    "surrogate as path": FILE | {"path": "\ud800\u202e\0.csv"},
    "long path": FILE | {"path": "x" * 5000},
    "target of another type": FILE | {"target": {"a": 1}},
    "columns of another type": FILE | {"columns": [1]},
    "columns": FILE | {"columns": {"\ud800": {"use": False}}},
    "read of another type": FILE | {"read": "x"},
    "odd reading": FILE | {"read": {"separator": "\0", "encoding": "\ud800", "decimal": "x"}},
    "size": FILE | {"image_size": [10**9, -1]},
    "task": FILE | {"task": "\u202e"},
    "header": FILE | {"header": "yes"},
    "deep": FILE | {"columns": {"a": json.loads("[" * 500 + "]" * 500)}},
}
PARAMS = [
    ("train", ["run"]),
    ("runs", ["status"]),
    ("runs", ["find"]),
    ("compare", ["runs"]),
    ("compare", ["metric", "x", "log", "smoothing"]),
    ("predict", ["run"]),
]


@pytest.fixture
def quiet(monkeypatch):
    """No worker answers: the pages show that they wait."""
    for module in (jobs, jobs.launcher):
        monkeypatch.setattr(module, "ensure_supervisor", lambda url: None)


def well(page):
    assert not page.exception
    text = everything(page)
    assert "unexpected error" not in text
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize(("page", "params"), PARAMS)
def test_no_parameter_breaks_a_page(dashboard, quiet, store, page, params):
    run = Worker(store, spec(), name="a run").train(3).finish()
    others = {"runs": run} if page == "compare" and params != ["runs"] else {}
    for value in WORDS.values():
        text = well(dashboard(page, **others | dict.fromkeys(params, value)))
        assert len(text) < 900_000  # a value of 1 MB is not repeated
        assert params == ["find"] or "](http" not in text


@pytest.mark.parametrize("text", [*JSON.values(), *map(json.dumps, BLOCKS.values())], ids=[*JSON, *BLOCKS])
def test_no_data_block_breaks_the_data_page(dashboard, quiet, store, text):
    well(dashboard("data", data=text))


def test_an_address_that_names_no_data_says_so(dashboard, quiet, store):
    page = dashboard("data", data='{"kind":')
    assert any("names no data" in caption.value for caption in page.caption)
    assert not any("names no data" in caption.value for caption in dashboard("data").caption)


def test_a_link_in_an_address_is_no_link(dashboard, quiet, store):
    page = dashboard("train", run="[a](http://evil.example)")
    assert "not here" in page.warning[0].value
    assert "[a](http" not in page.warning[0].value
