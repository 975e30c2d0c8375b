"""What many tests share: a browser, a page in it, a dashboard of their own."""

import gc
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import launch_options
from tests.serving import QUICK_XLA, Server

# Most of the suite's time is compilation: it is done with less care here. The dashboards that a browser visits compile as
# always (`serving.Server`).
os.environ.setdefault("XLA_FLAGS", QUICK_XLA)
SCREENSHOTS = Path(os.environ.get("NNVIZ_SCREENSHOTS", Path(__file__).parent.parent / "screenshots"))


@pytest.fixture(scope="module", autouse=True)
def settled_heap() -> None:
    """Spares later collections what earlier modules have left (compiled functions, above all): walking it took a fifth of the
    suite's time, and four fifths of that of a test that draws pages."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
        yield launched
        launched.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """A failed browser test leaves a picture of its page."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page is not None:
        with suppress(Exception):
            screenshot(page, f"failed-{item.name}"[:100])
    return report


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of 1440x900 that fails its test when a script in it throws."""
    errors: list[Any] = []
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.on("pageerror", lambda error: errors.append(error))
    yield opened
    context.close()
    assert not errors, errors


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One dashboard with warm workers for the tests that only look and train."""
    server = Server(home=tmp_path_factory.mktemp("dashboard")).start()
    yield server
    server.stop()


@pytest.fixture
def own_dashboard(tmp_path: Path) -> Iterator[Server]:
    """A dashboard for a test that kills processes or needs an empty store."""
    server = Server(home=tmp_path / "home").start()
    yield server
    server.stop()


def screenshot(page: Page, name: str) -> None:
    """Kept under `screenshots/`, where one can look at what the test saw."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
