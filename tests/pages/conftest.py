"""A store of its own for each test, and the pages behind the smallest router that knows them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnviz import jobs
from nnviz.jobs import launcher
from nnviz.store import Store

ROOT = Path(__file__).parents[2]
ROUTER = """
import streamlit as st

st.navigation([st.Page(f"pages/{name}.py", default=name == "train") for name in ("train", "runs", "compare")]).run()
"""
TRAIN = """
import streamlit as st

from nnviz.ui.common.session import draft

st.text(f"train {st.query_params.get('run', '-')} {draft().origin or '-'}")
"""


def write_app(folder: Path, *, router: str = ROUTER) -> Path:
    """The router with the pages Runs and Compare as they are, and a Train page that says what it was asked for."""
    (folder / "pages").mkdir()
    for name in ("runs", "compare"):
        (folder / "pages" / f"{name}.py").symlink_to(ROOT / "pages" / f"{name}.py")
    (folder / "pages" / "train.py").write_text(TRAIN, encoding="utf-8")
    (folder / "app.py").write_text(router, encoding="utf-8")
    return folder / "app.py"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("NNVIZ_STORE", f"sqlite:///{tmp_path}/nnviz.db")
    st.cache_resource.clear()
    st.cache_data.clear()
    store = Store()
    yield store
    store.close()
    st.cache_resource.clear()


@pytest.fixture
def open_page(store: Store, tmp_path: Path) -> Callable[..., AppTest]:
    """Opens a page of the app, with query parameters."""
    app = write_app(tmp_path)

    def opened(name: str, **params: str) -> AppTest:
        test = AppTest.from_file(str(app), default_timeout=30)
        for key, value in params.items():
            test.query_params[key] = value
        test.switch_page(f"pages/{name}.py").run()
        assert not test.exception
        return test

    return opened


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The Train page as it is, in a store of its own that no worker serves."""
    monkeypatch.setenv("NNVIZ_STORE", f"sqlite:///{tmp_path}/nnviz.db")
    for module in (jobs, launcher):
        monkeypatch.setattr(module, "ensure_supervisor", lambda url: None)
    st.cache_resource.clear()
    yield AppTest.from_file(str(ROOT / "pages" / "train.py"), default_timeout=60)
    st.cache_resource.clear()


@pytest.fixture
def dashboard(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens a page behind the router as it is. It stands where there is no folder `pages`: AppTest would run the files in
    there by themselves, without the router."""
    monkeypatch.setattr(launcher, "ensure_supervisor", lambda url: None)
    router = (ROOT / "dashboard.py").read_text("utf-8").replace(", default=True", "").replace('"pages/', f'"{ROOT}/pages/')

    def opened(page: str, **params: str) -> AppTest:
        named = router.replace(f'pages/{page}.py"', f'pages/{page}.py", default=True')
        (tmp_path / "router.py").write_text(named, encoding="utf-8")
        test = AppTest.from_file(str(tmp_path / "router.py"), default_timeout=60)
        for name, value in params.items():
            test.query_params[name] = value
        return test.run()

    return opened


def everything(page: AppTest) -> str:
    """All that the page says."""
    return " ".join(str(element.proto) for element in page.main) + " ".join(block.proto.body for block in page.get("html"))
