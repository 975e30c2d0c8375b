"""Images to test with: circles, squares and crosses drawn at random places, as files by class."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

SHAPES = ("circle", "cross", "square")


def drawn(shape: str, seed: int, *, size: tuple[int, int] = (24, 24), colour: Any = 255, mode: str = "L") -> Image.Image:
    """`size`: width and height."""
    rng = np.random.default_rng(seed)
    side = int(rng.integers(10, 15))
    x, y = (int(rng.integers(1, length - side - 1)) for length in size)
    image = Image.new(mode, size, 0)
    pen = ImageDraw.Draw(image)
    box = (x, y, x + side, y + side)
    if shape == "circle":
        pen.ellipse(box, fill=colour)
    elif shape == "square":
        pen.rectangle(box, fill=colour)
    else:
        middle = side // 2
        pen.line((x, y + middle, x + side, y + middle), fill=colour, width=3)
        pen.line((x + middle, y, x + middle, y + side), fill=colour, width=3)
    return image


def body(image: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def zipped(files: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def files(each: int = 12, *, top: str = "", shapes: tuple[str, ...] = SHAPES, **more: Any) -> dict[str, bytes]:
    return {
        f"{top}{shape}/{number:03}.png": body(drawn(shape, 100 * place + number, **more))
        for place, shape in enumerate(shapes)
        for number in range(each)
    }


def write(folder: Path, contents: dict[str, bytes]) -> Path:
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
