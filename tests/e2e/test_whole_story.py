"""From a messy file to a comparison and predictions, as an engineer would do it, with a picture of every stop."""

import csv
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nnviz.store import Store
from tests.conftest import screenshot
from tests.e2e.looks import check_names, check_worst_row, check_wrong_rows
from tests.e2e.test_data_predict import choose_file
from tests.e2e.test_main_line import choose, run_id, shown_step, wait_for_status, wait_for_step, wait_until_ended
from tests.serving import Server

pytestmark = pytest.mark.e2e


@pytest.fixture
def penguins(tmp_path: Path) -> Path:
    """A semicolon-separated table with a decimal comma, missing values and three classes by name."""
    rng = np.random.default_rng(3)
    path = tmp_path / "penguins.csv"
    islands = ["Biscoe", "Dream", "Torgersen"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["bill_mm", "flipper_mm", "mass_g", "island", "species"])
        for kind in rng.integers(0, 3, 330):
            bill = f"{38 + 5 * kind + rng.normal(0, 1.2):.1f}".replace(".", ",")
            row = [
                bill,
                f"{190 + 14 * (kind == 2) + rng.normal(0, 4):.0f}",
                f"{3700 + 900 * (kind == 2) + rng.normal(0, 200):.0f}",
                islands[int(rng.integers(0, 3))],
                ["Adelie", "Chinstrap", "Gentoo"][kind],
            ]
            if rng.random() < 0.1:
                row[int(rng.integers(0, 4))] = "NA"
            writer.writerow(row)
    return path


def test_from_a_messy_file_to_a_comparison_and_predictions(page: Page, dashboard: Server, penguins: Path) -> None:
    store = Store(dashboard.store_url)
    page.goto(dashboard.url)
    page.get_by_role("link", name="Data").click()
    choose_file(page, penguins)
    expect(page.get_by_text("separator semicolon")).to_be_visible(timeout=90_000)
    # it alone tells the species apart, and is known before they are
    page.get_by_role("button", name="Keep bill_mm").click()
    expect(page.get_by_role("button", name="Keep bill_mm")).to_have_count(0)
    expect(page.get_by_text("4 columns + target, ")).to_be_visible()
    screenshot(page, "story-1-report")
    page.get_by_role("button", name="Use this data").click()

    expect(page.get_by_text("330 rows").first).to_be_visible()
    first = page.locator(".item[data-id] > .card > .main").first
    first.focus()
    page.keyboard.press("r")
    page.get_by_role("button", name="More copies").first.click()
    expect(page.locator(".item.repeat").first).to_be_visible()
    page.get_by_role("combobox", name="Cost").select_option("MeanSquaredError")
    page.locator(".st-key-train button:visible").first.click()
    wait_for_step(page)
    seen = shown_step(page)
    page.reload()
    wait_for_step(page, seen)
    screenshot(page, "story-2-training")
    one = run_id(page)
    wait_until_ended(store, one)
    check_names(page, "Adelie", "Chinstrap", "Gentoo")
    check_worst_row(page, "bill_mm", "island")
    check_wrong_rows(page)
    wait_for_status(page, "finished")
    run = store.runs.get(one)
    assert run.spec_json["layers"][0]["kind"] == "Repeat"
    assert run.spec_json["cost"]["kind"] == "MeanSquaredError"
    assert run.info["classes"] == ["Adelie", "Chinstrap", "Gentoo"]

    choose(page, "Optimizer", "RMSprop")
    page.wait_for_timeout(1000)
    page.locator(".st-key-train button:visible").first.click()
    page.wait_for_url(lambda url: "run=" in url and one not in url)
    two = run_id(page)
    page.get_by_role("button", name="Full speed").click()
    wait_until_ended(store, two)
    wait_for_status(page, "finished")
    assert store.runs.get(two).spec.optimizer.kind == "RMSprop"
    screenshot(page, "story-3-second")

    page.goto(f"{dashboard.url}/compare?runs={one},{two}")
    expect(page.get_by_text("Optimizer", exact=True).first).to_be_visible(timeout=30_000)
    page.wait_for_function("() => [...document.querySelectorAll('.nv-live')].some(n => Number(n.dataset.points) > 50)")
    screenshot(page, "story-4-compare")

    page.goto(f"{dashboard.url}/predict?run={two}")
    page.get_by_text("A file of rows").click()
    choose_file(page, penguins)
    expect(page.get_by_text("Download all predictions")).to_be_visible(timeout=30_000)
    screenshot(page, "story-5-predict")
    with page.expect_download() as download:
        page.get_by_text("Download all predictions").click()
    with open(download.value.path(), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 330
    assert np.mean([row["prediction"] == row["label"] for row in rows]) > 0.9
