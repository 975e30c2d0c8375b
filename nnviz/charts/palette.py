"""Colours that mean the same in every view: classes by number, runs by place. Blue and orange first, which colour-blind
people tell apart. The browser's own elements use the same scale (browser/common/theme.js)."""

SCALE = ("#2563eb", "#f97316", "#0d9488", "#a855f7", "#dc2626", "#ca8a04", "#0891b2", "#db2777", "#65a30d", "#64748b")
DIVERGING = ((0.0, "#2563eb"), (0.5, "#e8eaee"), (1.0, "#f97316"))
"""Low, middle and high of a regression's target."""


def colour(place: int) -> str:
    """The colour of a class or run; the scale repeats after ten."""
    return SCALE[place % len(SCALE)]


def faded(colour: str, alpha: float) -> str:
    """`#rrggbb` as rgba with `alpha` from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"
