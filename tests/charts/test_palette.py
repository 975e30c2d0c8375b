import json
import re

from nnviz.charts.palette import SCALE, colour, faded
from nnviz.stream.assets import FOLDER


def test_the_browser_and_the_figures_use_one_scale() -> None:
    script = (FOLDER / "common/theme.js").read_text(encoding="utf-8")
    match = re.search(r"light: (\[[^\]]*\])", script)
    assert match is not None
    assert tuple(json.loads(match.group(1))) == SCALE


def test_colours_repeat_and_fade() -> None:
    assert colour(12) == SCALE[2]
    assert faded("#2563eb", 0.5) == "rgba(37,99,235,0.5)"
