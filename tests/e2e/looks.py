"""Steps of browser tests that look at colours and lines, and at the rows with the highest loss."""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page, expect

from nnviz.colours import rgb

_POINTS = """colours => {
    const fills = new Set([...document.querySelectorAll('.js-plotly-plot .point')].map(point => getComputedStyle(point).fill));
    const canvas = document.querySelector('.nv-learned .nv-stage canvas');
    if (!canvas?.width) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const has = ([r, g, b]) => {
        for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b) return true;
        return false;
    };
    return colours.every(colour => fills.has(`rgb(${colour.join(', ')})`) && has(colour));
}"""
_LINES = """() => [...document.querySelectorAll('.nv-panel')].map(panel => {
    const box = node => {
        const { left, top, right, bottom } = node.getBoundingClientRect();
        return { left, top, right, bottom };
    };
    const probe = document.createElement('i');
    panel.append(probe);
    const colour = text => { probe.style.color = text; return getComputedStyle(probe).color; };
    const lines = panel.querySelector('.nv-plot').data.filter(line => ['training', 'validation'].includes(line.name));
    const facts = {
        panel: box(panel),
        lines: Object.fromEntries(lines.map(line => [line.name, { colour: colour(line.line.color), dash: line.line.dash }])),
        values: Object.fromEntries([...panel.querySelectorAll('[data-part]')].map(
            n => [n.dataset.part, getComputedStyle(n).color])),
        ends: Object.fromEntries([...panel.querySelectorAll('.nv-end')].map(
            n => [n.textContent, { ...box(n), colour: getComputedStyle(n).color }])),
    };
    probe.remove();
    return facts;
})"""


def lines_of(page: Page) -> list[dict[str, Any]]:
    """Of each panel: its box, its lines with their colour and dash, the colours of its numbers, its labels at the lines' ends."""
    panels: list[dict[str, Any]] = page.evaluate(_LINES)
    return panels


def labelled_lines(page: Page) -> list[dict[str, Any]]:
    """As `lines_of`, once the labels have the colours of their lines: they are drawn after them, within 5 seconds."""
    for _attempt in range(50):
        panels = lines_of(page)
        ends = [(panel["lines"].get(part), end) for panel in panels for part, end in panel["ends"].items()]
        if all(line and line["colour"] == end["colour"] for line, end in ends):
            break
        page.wait_for_timeout(100)
    return panels


def check_lines(page: Page) -> None:
    """Training and validation differ by hue and dash, are named at their ends, and their numbers have their colours."""
    panels = labelled_lines(page)
    assert panels
    for panel in panels:
        lines, ends = panel["lines"], panel["ends"]
        assert set(lines) == set(ends) == set(panel["values"]) == {"training", "validation"}
        assert len({line["colour"] for line in lines.values()}) == 2
        assert len({line["dash"] for line in lines.values()}) == 2
        for part, line in lines.items():
            assert line["colour"] == ends[part]["colour"] == panel["values"][part]
            assert ends[part]["left"] >= panel["panel"]["left"]
            assert ends[part]["right"] <= panel["panel"]["right"] + 1
        upper, lower = sorted(ends.values(), key=lambda end: end["top"])
        assert upper["bottom"] <= lower["top"] + 1


def check_worst_row(page: Page, *columns: str) -> None:
    """A row with a high loss says what it is and what it was taken for, and on hover what stands in it."""
    case = page.locator(".nv-case").first
    expect(case).to_contain_text("is ")
    case.scroll_into_view_if_needed()
    case.hover()
    for column in columns:
        expect(page.locator(".nv-tip:not(.nv-unit-tip)")).to_contain_text(column)
    page.mouse.move(0, 0)
    expect(page.locator(".nv-tip:not(.nv-unit-tip)")).to_have_count(0)
    case.focus()
    expect(page.locator(".nv-tip:not(.nv-unit-tip)")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".nv-tip:not(.nv-unit-tip)")).to_have_count(0)


def check_names(page: Page, *names: str) -> None:
    """The names of classes stand whole over their columns and beside their rows."""
    heads = page.locator(".nv-matrix th")
    expect(heads).to_have_count(2 * len(names))
    for name in names:
        expect(heads.filter(has_text=name).first).to_be_visible()
    cut = page.evaluate(
        "() => [...document.querySelectorAll('.nv-matrix th span')].filter(n => n.scrollWidth > n.clientWidth + 1"
        " || n.scrollHeight > n.clientHeight + 1).map(n => n.textContent)"
    )
    assert cut == []


def check_points(page: Page, classes: Sequence[str]) -> None:
    """Both pictures of the rows, at the data and at the result, have the colours of the first two classes."""
    page.wait_for_function(_POINTS, arg=[list(rgb(colour)) for colour in classes[:2]], timeout=20_000)


_WRONG = """() => {
    const sentences = [...document.querySelectorAll('.nv-note b')].map(node => node.textContent);
    const words = (sentences.find(text => text.includes(' validation ')) ?? '').replace('None of', '0 of');
    const [wrong, all] = (words.match(/\\d[\\d,]*/g) ?? []).map(number => Number(number.replace(',', '')));
    const accuracy = document.querySelectorAll('.nv-panel')[1]?.querySelector('[data-part=validation]')?.textContent;
    const marks = [...document.querySelectorAll('.nv-mark')].map(node => node.textContent.includes('wrong'));
    return Math.abs(100 * (1 - wrong / all) - parseFloat(accuracy)) < 0.06
        && marks.filter(Boolean).length === Math.min(wrong, marks.length)
        && marks.every((isWrong, i) => !isWrong || i < wrong);
}"""


def check_wrong_rows(page: Page) -> None:
    """How many rows are wrong agrees with the accuracy above; in the list the wrong ones come first, with a word."""
    page.wait_for_function(_WRONG, timeout=20_000)
