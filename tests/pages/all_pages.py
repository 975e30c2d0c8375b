"""All pages as they are, behind the smallest router that knows them, on any store."""

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnviz.jobs import launcher
from tests.pages.conftest import ROOT

PAGES = ("train", "data", "runs", "compare", "predict")
ROUTER = f"""
import streamlit as st

st.navigation([st.Page(f"pages/{{name}}.py", default=name == "train") for name in {PAGES!r}]).run()
"""


def opener(folder: Path, monkeypatch: pytest.MonkeyPatch, *, url: str) -> Callable[..., AppTest]:
    """A function that draws a page without a worker, with query parameters, and fails where it ends in an exception."""
    monkeypatch.setenv("NNVIZ_STORE", url)
    monkeypatch.setattr(launcher, "ensure_supervisor", lambda url: None)
    monkeypatch.setattr("nnviz.jobs.ensure_supervisor", lambda url: None)
    st.cache_data.clear()
    (folder / "pages").mkdir()
    for name in PAGES:
        (folder / "pages" / f"{name}.py").symlink_to(ROOT / "pages" / f"{name}.py")
    (folder / "app.py").write_text(ROUTER)

    def opened(name: str, **params: str) -> AppTest:
        st.cache_resource.clear()
        test = AppTest.from_file(str(folder / "app.py"), default_timeout=60)
        for key, value in params.items():
            test.query_params[key] = value
        test.switch_page(f"pages/{name}.py").run()
        assert not test.exception, (name, params, test.exception)
        return test

    return opened
