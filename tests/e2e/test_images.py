"""In a real browser: a zip of images by class is dropped, looked at and trained on."""

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import screenshot
from tests.data.shapes import files, zipped
from tests.e2e.looks import check_names
from tests.e2e.test_data_predict import choose_file
from tests.serving import Server

pytestmark = pytest.mark.e2e


def test_a_zip_of_images_is_read_and_trained_on(page: Page, dashboard: Server, tmp_path) -> None:
    path = tmp_path / "shapes.zip"
    path.write_bytes(zipped(files(20, top="shapes/") | {"shapes/circle/broken.png": b"no image"}))
    page.goto(f"{dashboard.url}/data")
    choose_file(page, path)
    expect(page.get_by_text("3 classes by the names of the folders")).to_be_visible(timeout=90_000)
    expect(page.get_by_text("Every image is 24 x 24")).to_be_visible()
    expect(page.get_by_text("circle/broken.png")).to_be_visible()
    expect(page.locator("figure")).to_have_count(24)
    screenshot(page, "data-images")
    page.get_by_role("button", name="Use this data").click()
    expect(page.get_by_text("images of 24 x 24 x 1")).to_be_visible()
    expect(page.get_by_role("list", name="Layers").get_by_text("Conv2D").first).to_be_visible()
    page.get_by_role("spinbutton", name="Epochs").first.fill("3")
    page.keyboard.press("Tab")
    page.locator(".st-key-train button:visible").first.click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-status]')].some(n => n.dataset.status === 'finished')", timeout=120_000
    )
    screenshot(page, "train-images")
    check_names(page, "circle", "cross", "square")
    # three epochs leave some wrong: beside each stands a training image of what it was taken for
    wrong = page.locator(".nv-case").filter(has_text="taken for").filter(has=page.locator(".nv-example + .nv-example"))
    expect(wrong.first).to_contain_text("%")
    expect(wrong.first.locator("canvas")).to_have_count(2)
