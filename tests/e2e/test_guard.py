"""Errors wherever Streamlit runs code: in the page, a button's callback, a fragment, a dialog. A visitor sees a number."""

import re

import pytest
from playwright.sync_api import expect

from tests.serving import Server

pytestmark = pytest.mark.e2e

APP = """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from nnviz.ui.common.guard import guard, guarded, say

def fail():
    raise ZeroDivisionError("the secret of /srv/hidden/place")

@st.fragment
@guarded
def part():
    if st.button("in a fragment"):
        fail()

@st.dialog("Dialog")
@guarded
def dialog():
    fail()

if get_script_run_ctx(suppress_warning=True) is not None:
    with guard():
        st.button("in a callback", on_click=fail)
        part()
        if st.button("in a dialog"):
            dialog()
        if st.button("in the page"):
            fail()
        st.text("whole")
    if st.button("outside of the guard"):
        fail()
else:
    app = st.App(__file__, on_script_error=say)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guard")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    server = Server(folder / "home", script=folder / "app.py").start()
    yield server
    server.stop()


def test_a_visitor_sees_a_number_and_the_log_has_the_trace(server, browser):
    for where in ("in a callback", "in a fragment", "in a dialog", "in the page", "outside of the guard"):
        page = browser.new_page()
        page.goto(server.url)
        page.get_by_role("button", name=where).click(timeout=30_000)
        alert = page.get_by_role("alert").first
        expect(alert).to_contain_text("n unexpected error (", timeout=20_000)
        text = page.inner_text("body")
        assert not re.search(r"ZeroDivision|secret|hidden|Traceback|File \"|nnviz/ui", text), (where, text)
        number = re.search(r"error \((\w{8})\)", text)
        assert number is not None
        log = (server.home / "web.log").read_text("utf-8")
        assert number.group(1) in log, where
        page.close()
    assert "ZeroDivisionError: the secret of /srv/hidden/place" in log
