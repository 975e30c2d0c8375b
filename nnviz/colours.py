"""All colours that mean something, for light and dark pages; the browser's elements have the same (browser/common/palette.js),
and Streamlit the classes and the diverging scale (.streamlit/config.toml). Blue and orange are classes, and nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Colours as `#rrggbb`. `classes`: by number; `training`, `validation`: the rows that a curve is of; `low`, `middle`, `high`:
    values with a sign, or around a mean; `wrong`: predictions; `runs`: by place; `outline`: around points in a class's colour;
    `edge`: around those in the colour of a value."""

    classes: tuple[str, ...]
    training: str
    validation: str
    low: str
    middle: str
    high: str
    wrong: str
    runs: tuple[str, ...]
    outline: str = "#0e131a"
    edge: str = "#7a8494"


LIGHT = Palette(
    classes=("#2563eb", "#ea580c", "#0d9488", "#a855f7", "#dc2626", "#a16207", "#0891b2", "#db2777", "#4d7c0f", "#64748b"),
    training="#703493",
    validation="#0f6b52",
    low="#349f4a",
    middle="#e8eaee",
    high="#c64691",
    wrong="#c81e1e",
    runs=(
        "#c14ae7",
        "#235c1a",
        "#a50200",
        "#388cf3",
        "#443a4b",
        "#328f84",
        "#81941c",
        "#e95d64",
        "#352bbf",
        "#5a4317",
        "#8f889d",
        "#b2733b",
        "#ab185c",
        "#234343",
    ),
)
DARK = Palette(
    classes=("#60a5fa", "#fb923c", "#2dd4bf", "#c084fc", "#f87171", "#facc15", "#22d3ee", "#f472b6", "#a3e635", "#94a3b8"),
    training="#e0c3ff",
    validation="#00dba2",
    low="#caf07b",
    middle="#39424f",
    high="#f7409c",
    wrong="#f87171",
    runs=(
        "#3cf66c",
        "#fb68d9",
        "#c07d1f",
        "#0e829e",
        "#1dedfe",
        "#b6bef6",
        "#f0d83c",
        "#eca49a",
        "#e62813",
        "#88707d",
        "#785cf8",
        "#777964",
        "#c5cfba",
        "#509d06",
    ),
)
OUTLINE = 0.55
"""How strong the outline around a point is."""


def class_colour(number: int) -> str:
    """The colour of a class in CSS, by the theme of the page; the colours repeat after ten."""
    place = number % len(LIGHT.classes)
    return f"light-dark({LIGHT.classes[place]}, {DARK.classes[place]})"


def faded(colour: str, alpha: float) -> str:
    """`#rrggbb` as rgba with `alpha` from 0 to 1."""
    return f"rgba({','.join(map(str, rgb(colour)))},{alpha:g})"


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb`, 0 to 255."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def mixed(one: str, other: str, share: float) -> str:
    """`#rrggbb` between two colours: `share` of the other, 0 to 1."""
    parts = (round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)
