"""What colours promise: the same everywhere, readable on light and dark pages, and apart from one another."""

import json
import re
import tomllib
from dataclasses import asdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from nnviz.charts import rate
from nnviz.colours import DARK, LIGHT, class_colour, faded, mixed
from nnviz.stream.assets import FOLDER
from nnviz.ui.runs import columns
from nnviz.ui.train import whose
from tests.colour_science import BLINDNESS, contrast, distance, lab

ROOT = Path(__file__).parent.parent
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
LOOKS = {"light": LIGHT, "dark": DARK}
TEXT, LINE = 4.5, 3.0
"""Contrasts by WCAG 2.1 (1.4.3 and 1.4.11)."""
CAPTION = 0.6
"""How strong Streamlit draws the text of captions."""
looks = pytest.mark.parametrize("look", LOOKS)


def paper_of(look):
    return CONFIG[look]["backgroundColor"]


def of_browser(name):
    """The palette `name` of the browser's elements."""
    script = (FOLDER / "common/palette.js").read_text(encoding="utf-8")
    body = re.search(rf"const {name} = (\{{.*?\n\}});", script, re.DOTALL)[1]
    return json.loads(re.sub(r",(\s*[}\]])", r"\1", re.sub(r"(\w+):", r'"\1":', body)))


@pytest.mark.parametrize("name", ["LIGHT", "DARK"])
def test_the_browser_has_the_same_colours(name):
    assert of_browser(name) == json.loads(json.dumps(asdict(LOOKS[name.lower()])))


@looks
def test_the_figures_that_streamlit_draws_have_them(look):
    colours, theme = LOOKS[look], CONFIG[look]
    assert theme["chartCategoricalColors"] == list(colours.classes)
    levels = [2 * place / 9 - 1 for place in range(10)]
    scale = [mixed(colours.middle, colours.low if at < 0 else colours.high, abs(at)) for at in levels]
    assert theme["chartDivergingColors"] == scale


@looks
def test_texts_can_be_read(look):
    colours, paper, ink = LOOKS[look], paper_of(look), CONFIG[look]["textColor"]
    texts = {
        "text": ink,
        "link": CONFIG[look]["linkColor"],
        "caption": mixed(paper, ink, CAPTION),
        "training": colours.training,
        "validation": colours.validation,
        "wrong": colours.wrong,
    }
    assert {name: colour for name, colour in texts.items() if contrast(colour, paper) < TEXT} == {}


@looks
def test_the_dots_for_how_a_run_fares_can_be_seen(look):
    css = (FOLDER / "compare/comparison.css").read_text(encoding="utf-8")
    start = '.comparison[data-theme="dark"] {' if look == "dark" else ".comparison { --waiting"
    dots = re.findall(r"--(waiting|running|finished|stopped|failed): (#\w+)", css[css.index(start) :].partition("}")[0])
    assert len(dots) == 5
    assert {name for name, colour in dots if contrast(colour, paper_of(look)) < LINE} == set()


@pytest.mark.parametrize("style", ["live/live.css", "compare/comparison.css", "stack/stack_editor.css"])
@looks
def test_muted_texts_of_style_sheets_can_be_read(style, look):
    """Those that are mixed of the text's colour and the page's."""
    css = (FOLDER / style).read_text(encoding="utf-8")
    shares = re.findall(r"--(?:nv-muted|faint): color-mix\(in srgb, var\(--[\w-]+\) (\d+)%", css)
    assert shares
    for share in shares:
        assert contrast(mixed(paper_of(look), CONFIG[look]["textColor"], int(share) / 100), paper_of(look)) >= TEXT


@looks
def test_lines_and_points_can_be_seen(look):
    colours, paper = LOOKS[look], paper_of(look)
    drawn = [*colours.classes, *colours.runs, colours.training, colours.validation, colours.low, colours.high, colours.edge]
    assert {colour for colour in drawn if contrast(colour, paper) < LINE} == set()


@looks
def test_runs_have_at_least_twelve_colours_that_differ(look):
    runs = [lab(colour) for colour in LOOKS[look].runs]
    assert len(runs) >= 12
    assert min(distance(one, other) for one, other in combinations(runs, 2)) >= 15


@pytest.mark.parametrize("blindness", [None, *BLINDNESS])
@looks
def test_classes_parts_and_signs_stay_apart_for_the_colour_blind(look, blindness):
    colours = LOOKS[look]
    meanings = {
        "first class": colours.classes[0],
        "second class": colours.classes[1],
        "training": colours.training,
        "validation": colours.validation,
        "low": colours.low,
        "high": colours.high,
    }
    seen = {name: lab(colour, blindness) for name, colour in meanings.items()}
    close = {
        (one, other): round(apart, 1) for one, other in combinations(seen, 2) if (apart := distance(seen[one], seen[other])) < 10
    }
    assert close == {}


def test_distances_are_those_of_the_formulas_authors():
    """Rows of the table of Sharma, Wu and Dalal (2005)."""
    assert distance((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert distance((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)
    assert distance((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)) == pytest.approx(1.2644, abs=1e-4)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#ffffff", "#777777") == pytest.approx(4.48, abs=0.01)


@looks
def test_a_figure_that_does_not_know_the_page_can_be_seen_on_it(look):
    for colour in (rate.LINE, rate.MARK, LOOKS[look].edge):
        assert contrast(colour, paper_of(look)) >= LINE


def test_a_colour_in_css():
    assert class_colour(12) == f"light-dark({LIGHT.classes[2]}, {DARK.classes[2]})"
    assert faded("#2563eb", 0.5) == "rgba(37,99,235,0.5)"
    assert mixed("#000000", "#ffffff", 0.2) == "#333333"


def test_statuses_can_be_read_on_their_colours():
    assert {status for status, colour in columns.COLOURS.items() if contrast(colour, "#ffffff") < TEXT} == set()


@looks
@pytest.mark.parametrize("pale", [1.0, 0.2], ids=["as it is", "beside another draft"])
def test_counts_can_be_read_on_every_cell_of_a_confusion_matrix(look, pale):
    """`pale`: the `saturate` of the page, by the matrix of https://www.w3.org/TR/filter-effects-1/#feColorMatrixElement."""
    script = (FOLDER / "live/learned/shades.js").read_text(encoding="utf-8")
    right, wrong = map(float, re.search(r"isRight \? ([\d.]+) : ([\d.]+);", script).groups())
    assert pale == 1 or f"saturate({str(pale).lstrip('0')})" in whose.style(run=None, is_changed=True)
    paper, ink = paper_of(look), CONFIG[look]["textColor"]
    cells = [mixed(paper, ink, right), mixed(paper, LOOKS[look].wrong, wrong)]
    assert min(contrast(saturated(ink, pale), saturated(cell, pale)) for cell in cells) >= TEXT


def saturated(colour, amount):
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    grey = np.array([0.213, 0.715, 0.072])
    channels = (amount * np.eye(3) + (1 - amount) * grey) @ channels
    return "#" + "".join(f"{round(value):02x}" for value in channels.clip(0, 255))
