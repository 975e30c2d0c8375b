"""In a real browser: bring a file, look at what it holds, train on it, predict with what was trained."""

import csv

import numpy as np
import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.conftest import screenshot
from tests.serving import Server

pytestmark = pytest.mark.e2e

_FITS = """() => { const table = document.querySelector("[data-testid=stDataFrame] .dvn-scroller");
    return table && table.scrollWidth <= table.clientWidth + 1; }"""


@pytest.fixture
def table(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "trees.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["height", "girth", "kind"])
        for kind in rng.integers(0, 2, 200):
            writer.writerow(
                [
                    f"{10 + 9 * kind + rng.normal():.2f}".replace(".", ","),
                    f"{3 - kind + rng.normal(0, 0.2):.2f}".replace(".", ","),
                    ["birch", "oak"][kind],
                ]
            )
    return path


def choose_file(page: Page, path) -> None:
    """As the button does: with the keyboard, since the input itself is hidden."""
    button = page.get_by_role("button", name="here").or_(page.get_by_role("button", name="another file"))
    with page.expect_file_chooser() as chooser:
        button.first.focus()
        page.keyboard.press("Enter")
    chooser.value.set_files(path)


def test_from_a_file_to_predictions(page: Page, dashboard: Server, table) -> None:
    page.goto(dashboard.url)
    page.get_by_role("link", name="Data").click()
    choose_file(page, table)
    expect(page.get_by_text("separator semicolon")).to_be_visible(timeout=90_000)
    expect(page.get_by_text("decimal comma")).to_be_visible()
    for width in (1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(_FITS)
    screenshot(page, "data-own-file")
    page.get_by_role("button", name="Use this data").click()
    expect(page.get_by_text("200 rows").first).to_be_visible()

    page.locator(".st-key-train button:visible").first.click()
    page.get_by_role("button", name="Full speed").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-status]')].some(n => n.dataset.status === 'finished')", timeout=120_000
    )
    page.get_by_role("link", name="Predict").click()
    expect(page.get_by_label("height", exact=True)).to_be_visible()
    page.get_by_label("height", exact=True).fill("21")
    page.get_by_label("girth", exact=True).fill("1.9")
    page.keyboard.press("Tab")
    expect(page.get_by_text("oak").first).to_be_visible(timeout=30_000)
    screenshot(page, "predict-row")

    page.get_by_text("A file of rows").click()
    choose_file(page, table)
    expect(page.get_by_text("Download all predictions")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("rows never seen in training")).to_be_visible()
    screenshot(page, "predict-file")
    with page.expect_download() as download:
        page.get_by_text("Download all predictions").click()
    with open(download.value.path(), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 200
    assert np.mean([row["prediction"] == row["label"] for row in rows]) > 0.9


def test_a_file_that_is_no_table_is_refused_and_changes_nothing(page: Page, dashboard: Server, tmp_path) -> None:
    page.goto(dashboard.url)
    page.get_by_role("link", name="Data").click()
    path = tmp_path / "paper.csv"
    path.write_bytes(b"%PDF-1.7 " + b"x" * 500)
    choose_file(page, path)
    expect(page.get_by_text("PDF document")).to_be_visible(timeout=90_000)
    expect(page.get_by_role("button", name="Use this data")).to_be_disabled()
    expect(page.get_by_text("The Train page still uses")).to_be_visible()


def test_a_large_upload_costs_the_web_process_little(page: Page, dashboard: Server, tmp_path) -> None:
    path = tmp_path / "large.csv"
    line = b"1.25,2.5,3.75,a\n" * 4096
    with path.open("wb") as file:
        file.write(b"a,b,c,d\n")
        for _ in range(100 * 2**20 // len(line)):
            file.write(line)
    page.goto(dashboard.url)
    page.get_by_role("link", name="Data").click()
    expect(page.get_by_role("button", name="here")).to_be_visible()
    assert dashboard.process is not None
    web = psutil.Process(dashboard.process.pid)
    before = web.memory_info().rss
    with page.expect_response(lambda response: "/nnviz/upload" in response.url, timeout=120_000) as answer:
        choose_file(page, path)
    assert answer.value.status == 200
    assert web.memory_info().rss - before < 60e6


def test_it_fits_a_phone(page: Page, dashboard: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(dashboard.url)
    expect(page.locator(".st-key-train button:visible").first).to_be_visible(timeout=60_000)
    for name in ("data", "predict"):
        page.goto(f"{dashboard.url}/{name}")
        expect(page.get_by_role("heading", name=name.capitalize()).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        screenshot(page, f"{name}-phone")
