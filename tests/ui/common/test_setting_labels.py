"""What settings are called: on the pages, in their scripts, and in texts that speak of a spec's paths."""

import json
from pathlib import Path

import pytest

from nnviz.catalog import COSTS, LAYERS, OPTIMIZERS, SCHEDULES
from nnviz.spec import RunSpec
from nnviz.ui.common.settings.labels import label_for, nouns, page_words, without_paths
from nnviz.ui.common.spec_settings import settings
from tests.pages.example_runs import spec

CASES = json.loads((Path(__file__).parents[2] / "assets" / "setting_labels.json").read_text())


def test_they_are_called_the_same_in_the_scripts():
    """The same cases as in tests/js/live/run/setting_labels.test.js."""
    for block, names in CASES["nouns"].items():
        assert nouns()[block].items() >= names.items()
    assert {path: label_for(path) for path in CASES["labels"]} == CASES["labels"]
    assert {text: without_paths(text) for text in CASES["texts"]} == CASES["texts"]


def test_every_parameter_has_a_noun():
    for block, entries in (("layers", LAYERS), ("cost", COSTS), ("optimizer", OPTIMIZERS), ("schedule", SCHEDULES)):
        for entry in entries.values():
            assert {param.name for param in entry.params} <= nouns()[block].keys()


def test_what_may_be_changed_while_it_trains_is_called_as_a_difference_is():
    layers = ({"kind": "Dense", "units": 8, "kernel_regularizer": {"kind": "L2", "l2": 0.01}}, {"kind": "Dropout", "rate": 0.2})
    one = spec(layers=layers, optimizer={"kind": "SGD", "learning_rate": 0.1, "momentum": 0.5})
    listed = settings(RunSpec.parse(one.to_json()))
    for path in ("optimizer.learning_rate", "optimizer.momentum", "training.batch_size"):
        assert label_for(path) == listed[path].noun
    assert label_for("layers[1].rate") == f"{listed['layers[1].rate'].noun} of layer 2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('keep them together: split.duplicates "together"', "keep them together: “Keep copies together” in the split"),
        ("split.by then divides the rows at random", "“Split by” then divides the rows at random"),
        ('set data.read.decimal to ","', 'set “Decimal mark” to ","'),
        ("save the file as UTF-8 or set data.read.encoding", "save the file as UTF-8 or set “Encoding”"),
        ("set data.columns.when it was.elapsed to true", "set “Elapsed time as an input, too” of column when it was to true"),
        ('values are amounts, set data.task to "regression".', "values are amounts, choose numbers for what its column holds."),
        ("Leave out split.fold or split.column.", "Leave out fold or column of the parts."),
        ("a file data.csv with 3 rows", "a file data.csv with 3 rows"),
    ],
)
def test_a_text_for_the_command_line_is_said_in_the_words_of_the_page(text, words):
    assert page_words(text) == words
