"""The browser's files: modules of their own, that the look-up of messages and the preloading follow."""

import re

import pytest

from nnviz.stream import assets
from nnviz.ui.common.i18n import for_script

SCRIPTS = sorted(name for name in assets.names() if name.endswith(".js") and name != assets.PLOTLY)
ENTRIES = ("live/live.js", "stack/stack_editor.js", "upload/upload.js", "compare/comparison.js", "live/replay/replay.js")
SILENT = ("draft/draft_keeper.js",)
"""Elements without words."""
WITHIN = {"common/element.js", "live/replay/start.js"}
"""Imported by none: the script that Streamlit makes of an element begins with its text; what a replay begins with."""


def test_every_script_is_reached_from_a_page_element() -> None:
    assert {module for entry in (*ENTRIES, *SILENT) for module in assets.modules(entry)} | WITHIN == set(SCRIPTS)


@pytest.mark.parametrize("entry", ENTRIES)
def test_modules_are_the_entry_and_all_that_it_imports_once(entry: str) -> None:
    modules = assets.modules(entry)
    assert modules[0] == entry
    assert len(set(modules)) == len(modules)
    assert set(modules) <= assets.names()
    assert "common/messages.js" in modules


def test_a_bundle_holds_every_module_after_those_that_it_imports() -> None:
    bundle = assets.bundle("live/replay/replay.js")
    names = [name for name, _text in bundle]
    assert names[-1] == "live/replay/replay.js"
    assert sorted(names) == sorted(assets.modules("live/replay/replay.js"))
    for place, (_name, text) in enumerate(bundle):
        assert not re.search(r'^(?:import|export) [^;"]*from "\.', text, re.MULTILINE)
        assert set(re.findall(r' from "nnviz:([^"]+)";', text)) <= set(names[:place])


def test_messages_are_those_of_all_modules() -> None:
    words = for_script(assets.source("stack/stack_editor.js"))
    assert {"Add layer", "at position {n}: {what}", "✓ Slope agrees with differences at {points} points."} <= set(words)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_short_builds_no_markup_and_says_nothing_untranslated(name: str) -> None:
    source = assets.text(name)
    assert len(source.splitlines()) <= 300
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source)
    assert not re.search(r'(?:title|label|placeholder"?): "[A-Z][a-z]+ ', source)


def test_urls_hold_a_hash_of_all_files() -> None:
    assert re.fullmatch(r"/nnviz/assets/[0-9a-f]{16}/live/live\.js", assets.url("live/live.js"))
    assert assets.url(assets.PLOTLY).split("/")[3] != assets.url("live/live.js").split("/")[3]
