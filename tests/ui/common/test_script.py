"""The short script that Streamlit gets of an element."""

import json
import re
from typing import Any

import pytest
import streamlit as st

from nnviz.stream import assets
from nnviz.ui.common import script


def registered(monkeypatch: pytest.MonkeyPatch, entry: str, style: str) -> dict[str, Any]:
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(st.components.v2, "component", lambda name, **options: calls.append({"name": name} | options))
    script.component("nnviz_test", entry, style)
    return calls[0]


def test_it_asks_for_all_modules_at_once_and_starts_the_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    options = registered(monkeypatch, "upload/upload.js", "upload/upload.css")
    listed = re.search(r"const modules = (\[.*\]);", options["js"])
    assert listed is not None
    assert json.loads(listed[1]) == [assets.url(name) for name in assets.modules("upload/upload.js")]
    assert "modulepreload" in options["js"]
    assert options["css"] == assets.text("upload/upload.css")


def test_what_it_says_where_a_module_does_not_load_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "_", lambda message: 'nicht "geladen"')
    options = registered(monkeypatch, "upload/upload.js", "upload/upload.css")
    assert r', "nicht \"geladen\"");' in options["js"]


def test_messages_are_those_of_the_entry_and_what_it_imports() -> None:
    words = script.messages("compare/comparison.js")
    assert "Remove from the comparison" in words
    assert "Add layer" not in words
