"""How a run ended is said by the same words on every page."""

import json

import pytest

from nnviz.jobs.endings import end_words
from nnviz.ui.compare.selection import describe
from nnviz.ui.runs.columns import COLOURS, status_word, table_frame
from nnviz.ui.runs.rows import row_of
from tests.pages.example_runs import Worker, spec

WORDS = {"whole": "finished", "early": "ended early", "by hand": "stopped by hand"}


@pytest.fixture
def ids(store):
    asked = spec(data="spirals", training={"epochs": 8, "early_stopping": {"patience": 2}})
    return {
        "whole": Worker(store, asked, name="whole").train(8).finish(early_stop_epoch=None),
        "early": Worker(store, asked, name="early").train(5).finish(early_stop_epoch=5, kept_epoch=3),
        "by hand": Worker(store, asked, name="by hand").train(4).finish("stopped"),
    }


def test_runs_and_compare_say_it_as_the_train_page_does(ids, store, open_page):
    for name, run_id in ids.items():
        run = store.runs.get(run_id)
        assert end_words(run).lower().startswith(WORDS[name])
        assert f" · {WORDS[name]} · " in describe(run, run.name)
    rows = [row_of(store.runs.get(run_id), ()) for run_id in ids.values()]
    assert [list(words) for words in table_frame(rows, {})["status"]] == [[words] for words in WORDS.values()]
    assert set(WORDS.values()) <= {status_word(outcome) for outcome in COLOURS}
    page = open_page("compare", runs=",".join(ids.values()))
    cards = [json.loads(element.proto.json) for element in page.get("bidi_component") if "cards" in element.proto.json]
    about = {card["name"]: card["about"] for card in cards[0]["runs"]}
    assert {name: words in about[name] for name, words in WORDS.items()} == dict.fromkeys(WORDS, True)


@pytest.mark.parametrize("name", WORDS)
def test_runs_are_listed_by_how_they_ended(ids, store, open_page, name):
    status = {"whole": "finished", "early": "early", "by hand": "stopped"}[name]
    page = open_page("runs", status=status)
    assert not page.exception
    assert "1 of 3 runs match" in [caption.value for caption in page.caption]
    assert [run.name for run in store.listing.page(statuses=[status]).runs] == [name]
    assert WORDS[name].capitalize() in [option.content for option in page.get("button_group")[0].proto.options]
