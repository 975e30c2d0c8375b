"""What a visitor sees where a page fails: our errors in words, others as a number, and never a trace."""

import logging
import re

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnviz.errors import DataError
from nnviz.store.runs.runs import Runs
from nnviz.store.runs.thin_curves import ThinCurves
from tests.pages.conftest import ROOT, everything
from tests.pages.example_runs import gallery

SECRET = "the secret of /srv/hidden/place.db"


@pytest.mark.parametrize(
    ("page", "part", "place"),
    [
        ("runs", Runs, "list_runs"),
        ("compare", Runs, "list_runs"),
        ("predict", Runs, "list_runs"),
        ("train", Runs, "get"),
        ("runs", ThinCurves, "of_runs"),
    ],
)
def test_an_unknown_error_is_a_number_and_its_trace_in_the_log(dashboard, store, monkeypatch, caplog, page, part, place):
    ids = gallery(store)

    def broken(*_args, **_more):
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(part, place, broken)
    with caplog.at_level(logging.ERROR, logger="nnviz.unexpected"):
        app = dashboard(page, **({"run": ids["adam"]} if page == "train" else {"runs": ids["adam"]}))
    assert not app.exception
    text = everything(app)
    number = re.search(r"n unexpected error \((\w{8})\)", text)
    assert number is not None
    for word in ("ZeroDivisionError", "secret", "hidden", "Traceback", str(ROOT), "site-packages"):
        assert word not in text
    logged = [record for record in caplog.records if record.name == "nnviz.unexpected"]
    assert number.group(1) in logged[0].getMessage()
    assert logged[0].exc_info is not None
    assert SECRET in str(logged[0].exc_info[1])


def test_our_own_errors_are_shown_in_words_without_folders(dashboard, store, monkeypatch):
    def broken(*_args, **_more):
        raise DataError("the rows <b>cannot</b> be read", where="/srv/hidden/rows\u202e.csv", remedy="Give others.")

    monkeypatch.setattr(Runs, "list_runs", broken)
    text = everything(dashboard("predict"))
    assert "The rows &lt;b&gt;cannot&lt;/b&gt; be read" in text
    assert "rows\\u202e.csv" in text
    assert "Give others." in text
    assert "hidden" not in text


def test_a_part_that_refreshes_does_not_fill_the_log(dashboard, store, monkeypatch, caplog):
    gallery(store)

    def broken(*_args, **_more):
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(ThinCurves, "of_runs", broken)
    with caplog.at_level(logging.ERROR, logger="nnviz.unexpected"):
        page = dashboard("runs")
        page.run()
        page.run()
    assert len([record for record in caplog.records if record.name == "nnviz.unexpected"]) == 1


def test_streamlits_signals_pass():
    from nnviz.ui.common.guard import guarded

    def page():
        import streamlit as st

        from nnviz.ui.common.guard import guarded

        @guarded
        def draw():
            st.session_state["drawn"] = st.session_state.get("drawn", 0) + 1
            if st.session_state["drawn"] == 1:
                st.rerun()
            st.text("before")
            st.stop()

        draw()
        st.text("after")

    app = AppTest.from_function(page).run(timeout=30)
    assert app.session_state["drawn"] == 2
    assert [text.value for text in app.text] == ["before"]
    assert guarded(lambda: 3)() == 3


def test_what_streamlit_catches_itself_goes_the_same_way():
    """Callbacks run outside of the page's call; the server hands their errors to the same words."""
    import nnviz.ui.common.guard

    source = (ROOT / "dashboard.py").read_text("utf-8")
    assert "on_script_error=say" in source
    assert nnviz.ui.common.guard.say.__name__ == "say"
    assert st.get_option("client.showErrorDetails") == "none"
