"""Cross-validation from the browser: five folds by a choice and a press."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nnviz.store import Store
from tests.conftest import screenshot
from tests.e2e.test_main_line import ready, run_id, train
from tests.serving import Server

pytestmark = pytest.mark.e2e


def test_five_folds_from_the_interface(page: Page, dashboard: Server) -> None:
    ready(page, dashboard)
    page.get_by_role("button", name="Split:").click()
    page.locator("[class*='st-key-split-way'] input").first.click()
    page.get_by_role("option", name="k folds", exact=True).click()
    expect(page.get_by_role("button", name="Split: 5 folds, test 20%")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Epochs", exact=True).fill("40")
    page.get_by_label("Epochs", exact=True).press("Enter")
    page.wait_for_timeout(1000)
    train(page)
    expect(page.get_by_text("5 runs: 5 finished")).to_be_visible(timeout=90_000)
    store = Store(dashboard.store_url)
    runs = store.runs.group_runs(store.runs.get(run_id(page)).group)
    assert [run.label for run in runs] == [f"fold {number}/5" for number in range(1, 6)]
    values = [100 * run.metrics["val_accuracy"] for run in runs]
    text = f"{np.mean(values):.1f} ± {np.std(values):.1f}\N{NO-BREAK SPACE}%"
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(text)
    # each of the five has a point for training and one for validation in each epoch, of loss and of accuracy
    least = 5 * 4 * runs[0].spec.training.epochs // 2
    page.wait_for_function(
        "least => Number(document.querySelector('.st-key-group [data-points]')?.dataset.points) >= least", arg=least
    )
    screenshot(page, "train-folds")
    page.get_by_test_id("stButtonGroup").get_by_text("fold 2/5").click()
    page.wait_for_url(f"**run={runs[1].id}*")
    store.close()
