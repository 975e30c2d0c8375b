"""The editor in a real browser: cards that are added, edited, dragged, wrapped and undone, and what Python has of them."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.stack.editor_page import REDRAW, card, drag, eventually, result, visit, wait_for

pytestmark = pytest.mark.e2e


def test_shows_shapes_parameters_and_the_cost_last(page: Page) -> None:
    expect(card(page, 0)).to_contain_text("48 params")
    expect(card(page, 1)).to_contain_text("544 params")
    expect(card(page, 2)).to_contain_text("272 each")
    expect(page.locator(".item.cost")).to_contain_text("Dense 2 · softmax · then the loss")
    expect(page.locator(".item.cost .handle")).to_have_count(0)
    expect(page.locator(".status")).to_contain_text("626 parameters")
    expect(page.locator(".status .good")).to_be_visible()


def test_adds_a_layer_before_the_cost_and_after_a_chosen_card(page: Page) -> None:
    page.get_by_role("button", name="Add layer").click()
    page.get_by_role("menuitem", name="BatchNormalization").click()
    wait_for(page, ["Dense", ["Dense", "Dropout"], "BatchNormalization"])
    card(page, 0).focus()
    page.get_by_role("button", name="Add layer").click()
    page.get_by_role("menuitem", name="Dropout Sets").click()
    edit = wait_for(page, ["Dense", "Dropout", ["Dense", "Dropout"], "BatchNormalization"])
    assert edit["layers"][1]["rate"] == 0.2


def test_edits_units_in_place_and_refuses_what_is_out_of_range(page: Page) -> None:
    card(page, 0).click()
    units = page.get_by_label("Units", exact=True)
    units.fill("24")
    expect(card(page, 0)).to_contain_text("72 params")
    eventually(page, lambda edit: edit["layers"][0]["units"] == 24)
    units.fill("0")
    units.blur()
    expect(page.locator(".field-error").first).to_contain_text("whole number from 1 to 65536")
    page.wait_for_timeout(400)
    assert result(page)["layers"][0]["units"] == 24
    expect(units).to_have_value("0")
    units.fill("32")
    expect(page.locator(".field-error").first).to_be_empty()
    expect(card(page, 0)).to_contain_text("96 params")


def test_a_repeat_varies_units_over_its_copies(page: Page) -> None:
    card(page, 2).click()
    units = page.get_by_label("Units", exact=True)
    units.fill("64 / 2**i")
    expect(card(page, 2)).to_contain_text("64 / 2**i units")
    # 16 -> 64 -> 32: 16 * 64 + 64 + 64 * 32 + 32; then 32 * 2 + 2 for the cost and 48 for the first layer.
    expect(page.locator(".status")).to_contain_text(f"{16 * 64 + 64 + 64 * 32 + 32 + 66 + 48:,} parameters")
    units.fill("8, 4, 2")
    expect(page.locator(".field-error").first).to_contain_text("3 values for 2 copies")


def test_drags_a_card_into_a_repeat_and_out_of_it(page: Page) -> None:
    drag(page, 0, page.locator(".item[data-kind=Dropout]"), below=False)
    wait_for(page, [["Dense", "Dense", "Dropout"]])
    drag(page, 3, page.locator(".item.repeat"), below=False)
    wait_for(page, ["Dropout", ["Dense", "Dense"]])


def test_wraps_in_a_repeat_and_counts_its_copies(page: Page) -> None:
    card(page, 0).focus()
    page.keyboard.press("r")
    wait_for(page, [["Dense"], ["Dense", "Dropout"]])
    page.get_by_role("button", name="More copies").first.click()
    expect(card(page, 0)).to_contain_text(f"{48 + 2 * 272} params")
    eventually(page, lambda edit: edit["layers"][0]["times"] == 3)
    card(page, 0).click()
    page.locator(".actions").get_by_role("button", name="Unwrap").click()
    wait_for(page, ["Dense", ["Dense", "Dropout"]])


def test_removes_and_undoes(page: Page) -> None:
    before = result(page)["layers"]
    card(page, 1).focus()
    page.keyboard.press("Delete")
    wait_for(page, ["Dense"])
    expect(page.locator(".snack")).to_contain_text("Removed Repeat")
    page.get_by_role("button", name="Undo").click()
    wait_for(page, ["Dense", ["Dense", "Dropout"]])
    assert result(page)["layers"] == before


def test_moves_by_keyboard_into_and_out_of_a_repeat(page: Page) -> None:
    card(page, 0).focus()
    page.keyboard.press("Alt+ArrowDown")
    wait_for(page, [["Dense", "Dense", "Dropout"]])
    page.keyboard.press("Alt+ArrowUp")
    wait_for(page, ["Dense", ["Dense", "Dropout"]])
    page.keyboard.press("ArrowDown")
    expect(card(page, 1)).to_be_focused()
    page.keyboard.press("d")
    wait_for(page, ["Dense", ["Dense", "Dropout"], ["Dense", "Dropout"]])
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator(".item.cost .editor")).to_be_visible()


def test_a_wrong_card_is_mended_by_its_button(page: Page, address: str) -> None:
    visit(page, f"{address}/?image")
    wrong = page.locator(".item.wrong")
    expect(wrong).to_contain_text("Flatten needed before Dense: input is 26x26x4")
    expect(wrong.locator("b")).to_have_count(0)
    wrong.get_by_role("button", name="Insert Flatten").click()
    wait_for(page, ["Conv2D", "Flatten", "Dense"])
    expect(page.locator(".item.wrong")).to_have_count(0)
    expect(page.locator(".status .good")).to_be_visible()


def test_the_cost_is_chosen_on_its_card(page: Page) -> None:
    page.get_by_role("combobox", name="Cost").select_option("Huber")
    page.locator(".item.cost .main").click()
    page.get_by_label("Delta", exact=True).fill("2")
    eventually(page, lambda edit: edit["cost"] == {"kind": "Huber", "delta": 2})


@pytest.mark.parametrize("face", [".item[data-id] > .card > .main", ".item.cost .main"])
def test_an_answer_between_press_and_release_swallows_no_click(page: Page, face: str) -> None:
    words = page.locator(f"{face} .ellipsis").first.bounding_box()
    assert words
    page.mouse.move(words["x"] + 5, words["y"] + 5)
    page.mouse.down()
    page.locator(".stack").evaluate(REDRAW)
    page.mouse.up()
    expect(page.locator(face).first).to_have_attribute("aria-expanded", "true")


def test_undoes_step_by_step(page: Page) -> None:
    card(page, 0).focus()
    page.keyboard.press("d")
    wait_for(page, ["Dense", "Dense", ["Dense", "Dropout"]])
    card(page, 1).click()
    page.get_by_label("Units", exact=True).fill("5")
    eventually(page, lambda edit: edit["layers"][1]["units"] == 5)
    card(page, 0).focus()
    page.keyboard.press("Control+z")
    eventually(page, lambda edit: edit["layers"][1]["units"] == 16)
    page.keyboard.press("Control+z")
    wait_for(page, ["Dense", ["Dense", "Dropout"]])


def test_a_finger_drags_on_a_small_screen(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    visit(page, address)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    touch = context.new_cdp_session(page)
    start = page.locator(".item[data-id] > .card > .handle").first.bounding_box()
    end = page.locator(".item[data-kind=Dropout]").bounding_box()
    assert start
    assert end
    x, y = start["x"] + 12, start["y"] + 12
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for share in (0.3, 0.7, 1):
        point = {"x": x, "y": y + (end["y"] + 2 - y) * share}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    wait_for(page, [["Dense", "Dense", "Dropout"]])
    context.close()


def test_presets_replace_the_layers_and_can_be_undone(page: Page) -> None:
    page.get_by_role("button", name="Presets").click()
    page.get_by_role("menuitem", name="Deep net").click()
    wait_for(page, [["Dense"]])
    page.get_by_role("button", name="Undo").click()
    wait_for(page, ["Dense", ["Dense", "Dropout"]])


def test_edits_outrun_a_slow_page_and_none_is_lost(page: Page, address: str) -> None:
    visit(page, f"{address}/?slow")
    for count in (3, 4, 5):
        card(page, 0).focus()
        page.keyboard.press("d")
        expect(page.locator(".stack > .list > .item")).to_have_count(count)
    wait_for(page, ["Dense", "Dense", "Dense", "Dense", ["Dense", "Dropout"]])
    expect(page.locator(".stack > .list > .item")).to_have_count(5)


def test_the_page_can_replace_the_stack(page: Page) -> None:
    card(page, 0).focus()
    page.keyboard.press("d")
    wait_for(page, ["Dense", "Dense", ["Dense", "Dropout"]])
    page.get_by_role("button", name="another stack").click()
    assert wait_for(page, ["Dense"])["layers"][0]["units"] == 3
    expect(page.locator(".stack > .list > .item")).to_have_count(1)


def test_blocks_are_built_by_keyboard_and_mouse(page: Page) -> None:
    """A Residual around a layer, a Parallel with a layer in its second branch and a third one, a number over the copies."""
    page.set_viewport_size({"width": 1280, "height": 1600})

    def nested(layers: list[dict[str, Any]]) -> list[Any]:
        return [
            [layer["kind"], *map(nested, layer.get("branches", [layer["layers"]] if "layers" in layer else []))]
            if "layers" in layer or "branches" in layer
            else layer["kind"]
            for layer in layers
        ]

    def wait_for_blocks(*wanted: Any) -> dict[str, Any]:
        return eventually(page, lambda edit: nested(edit["layers"]) == list(wanted) and edit["error"] is None)

    repeat = ["Repeat", ["Dense", "Dropout"]]
    card(page, 0).focus()
    page.keyboard.press("s")
    edit = wait_for_blocks(["Residual", ["Dense"]], repeat)
    assert edit["layers"][0]["project"] is True, "2 inputs, 16 units: the skip is projected"
    expect(page.locator(".residual .joint")).to_contain_text("adds the input, projected")
    assert edit["parameters"] == 626 + 2 * 16
    card(page, 1).focus()
    page.keyboard.press("p")
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], []]]], repeat)
    expect(page.get_by_role("list", name="Branch 2")).to_have_attribute("data-empty", "passes its input on")
    expect(page.locator(".less:visible")).to_have_count(0)

    page.get_by_role("button", name="Add a layer to branch 2").click()
    page.get_by_role("menuitem", name="Activation").click()
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation"]]]], repeat)
    page.get_by_role("button", name="Add branch").click()
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation"], []]]], repeat)
    drag(page, 6, page.get_by_role("list", name="Branch 3"), below=False)
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation"], ["Dropout"]]]], ["Repeat", ["Dense"]])
    page.locator(".item[data-kind='Dropout'] > .card > .main").focus()
    page.keyboard.press("Alt+ArrowUp")
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation", "Dropout"], []]]], ["Repeat", ["Dense"]])
    page.get_by_role("button", name="Remove branch 3").click()
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation", "Dropout"]]]], ["Repeat", ["Dense"]])
    page.get_by_role("button", name="Undo").click()
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation", "Dropout"], []]]], ["Repeat", ["Dense"]])

    card(page, 1).click()
    page.get_by_label("Join", exact=True).select_option("add")
    expect(page.locator(".parallel.wrong")).to_contain_text("branches of 16 and 2 cannot be added")
    page.get_by_label("Join", exact=True).select_option("concatenate")
    expect(page.locator(".wrong")).to_have_count(0)
    card(page, 6).click()
    page.get_by_role("button", name="Units varies over the copies").click()
    expect(page.get_by_label("Units", exact=True)).to_have_value("16, 16")
    page.get_by_label("Units", exact=True).fill("16 / 2**i")
    edit = eventually(page, lambda edit: edit["layers"][1]["layers"][0]["units"] == {"each": "16 / 2**i"})
    page.get_by_role("button", name="Units varies over the copies").click()
    eventually(page, lambda edit: edit["layers"][1]["layers"][0]["units"] == 16)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add layer").click()
    page.get_by_role("menuitem", name="Residual").click()
    edit = wait_for_blocks(
        ["Residual", [["Parallel", ["Dense"], ["Activation", "Dropout"], []]]], ["Repeat", ["Dense", ["Residual", ["Dense"]]]]
    )
    assert edit["layers"][1]["layers"][1]["layers"][0]["units"] == 16, "as wide as what it is given"
    expect(page.locator(".wrong")).to_have_count(0)
    page.keyboard.press("Shift+R")
    wait_for_blocks(["Residual", [["Parallel", ["Dense"], ["Activation", "Dropout"], []]]], ["Repeat", ["Dense", "Dense"]])


def test_what_an_optimizer_does_opens_by_a_quick_press_and_by_a_slow_one(page: Page) -> None:
    button, body = page.get_by_role("button", name="What Adam does"), page.get_by_test_id("stPopoverBody")
    button.click()
    expect(body).to_contain_text("moving mean of the gradient")
    expect(body.get_by_text("the slope of the loss at this weight")).to_be_visible()
    page.keyboard.press("Escape")
    expect(body).to_have_count(0)
    box = button.bounding_box()
    assert box
    page.mouse.move(box["x"] - 80, box["y"] - 40)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=8)
    page.wait_for_timeout(700)
    page.mouse.down()
    page.wait_for_timeout(90)
    page.mouse.up()
    expect(body).to_be_visible()
    page.wait_for_timeout(300)
    expect(body).to_be_visible()
