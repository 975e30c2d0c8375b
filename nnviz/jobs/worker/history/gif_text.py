"""Texts in the pictures of a film: whole where there is room, smaller or cut where there is not."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]

SIZES = (12, 11, 10, 9)
BESIDE, ABOVE = 150, 110
"""Room for names beside and above a matrix, at most."""


@cache
def font(size: int) -> Any:
    return ImageFont.load_default(size)


def in_one_line(text: Any) -> str:
    return " ".join(str(text).split())


def width(text: str, size: int) -> float:
    return float(font(size).getlength(text))


def size_for(texts: Sequence[str], room: float) -> int | None:
    """The largest size at which every text is at most `room` pixels wide."""
    return next((size for size in SIZES if all(width(text, size) <= room for text in texts)), None)


def fitted(text: str, room: float, size: int) -> str:
    """The text, or as much of it as `room` pixels hold with an ellipsis."""
    if width(text, size) <= room:
        return text
    while text and width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def upwards(text: str, size: int, *, ink: Colour, paper: Colour) -> Image.Image:
    """The text on paper, to be read from below."""
    line = Image.new("RGB", (round(width(text, size)) + 2, size + 4), paper)
    ImageDraw.Draw(line).text((1, size), text, ink, font=font(size), anchor="ls")
    return line.rotate(90, expand=True)


def name_matrix(image: Image.Image, box: Box, names: Sequence[str], *, ink: Colour, paper: Colour) -> tuple[float, float]:
    """Writes the names of classes beside the rows of a matrix and over its columns, upright where they do not fit in; gives where
    the cells begin."""
    if not names:
        return box[0], box[1]
    pen = ImageDraw.Draw(image)
    longest = max(width(name, SIZES[0]) for name in names)
    beside = min(longest, BESIDE)
    left = box[0] + beside + 8
    wide = (box[2] - left) / len(names)
    size = size_for(names, wide - 4)
    top = box[1] + (20 if size else min(longest, ABOVE) + 8)
    high = (box[3] - top) / len(names)
    small = size_for(names, beside) or SIZES[-1]
    for place, name in enumerate(names):
        pen.text((left - 6, top + (place + 0.5) * high), fitted(name, beside, small), ink, font=font(small), anchor="rm")
        middle = left + (place + 0.5) * wide
        if size:
            pen.text((middle, top - 4), name, ink, font=font(size), anchor="ms")
        else:
            turned = upwards(fitted(name, ABOVE, 11), 11, ink=ink, paper=paper)
            image.paste(turned, (round(middle - turned.width / 2), round(top - 4 - turned.height)))
    return left, top
