"""One image file -> pixels of a given size. Whatever is wrong with it is said in words that fit after its name."""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "BMP", "GIF")
ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif")
MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")
MAX_PIXELS = 40_000_000
"""Of one image: an image is small on the disk whatever it unpacks to."""
COLOURED = 8
"""How far red, green and blue of a pixel may differ (of 255) before it counts as coloured: JPEG blurs them a little."""
_TURNED = 0x0112
_ON_ITS_SIDE = (5, 6, 7, 8)
_HOW_HELD = (b"eXIf", b"exif", b"XML:com.adobe.xmp")


class Unreadable(Exception):
    """An image that cannot be used; the text is the reason. `pixels`: as many as it says it has, 0 where it says nothing."""

    def __init__(self, reason: str, *, pixels: int = 0) -> None:
        super().__init__(reason)
        self.pixels = pixels


@dataclass(frozen=True)
class Head:
    """Height and width in pixels, the right way up; `grey`: stored without colour."""

    height: int
    width: int
    grey: bool


def is_image(content: bytes) -> bool:
    """Whether the first bytes are those of an image."""
    return content.startswith(MAGIC[:3]) or (content.startswith(b"BM") and content[6:10] == bytes(4))


def declared_pixels(start: bytes) -> int:
    """Pixels by the first bytes of a PNG, GIF or BMP, 0 where they do not tell: a look before anything is opened."""
    if start.startswith(MAGIC[0]) and start[12:16] == b"IHDR" and len(start) >= 24:
        width, height = struct.unpack(">II", start[16:24])
    elif start.startswith(MAGIC[2]) and len(start) >= 10:
        width, height = struct.unpack("<HH", start[6:10])
    elif start.startswith(MAGIC[3]) and len(start) >= 26:
        is_old = start[14:18] == b"\x0c\0\0\0"
        width, height = struct.unpack("<HH", start[18:22]) if is_old else map(abs, struct.unpack("<ii", start[18:26]))
    else:
        return 0
    return int(width * height)


def head(content: bytes, *, room: int = MAX_PIXELS) -> Head:
    """What an image says of itself, before its pixels are unpacked. Raises Unreadable, also for one of more than `room`
    pixels."""
    with _opened(content) as image:
        width, height = image.size
        if width * height > room:
            raise Unreadable(f"has {width:,} x {height:,} pixels", pixels=width * height)
        # of a PNG Pillow unpacks all to look behind the pixels for how it was held: only where something stands there
        is_plain = image.format == "PNG" and not any(word in content for word in _HOW_HELD)
        turned = not is_plain and image.getexif().get(_TURNED) in _ON_ITS_SIDE
        grey = image.mode in ("1", "L", "LA", "I", "F") or image.mode.startswith("I;")
    return Head(width, height, grey) if turned else Head(height, width, grey)


def pixels(content: bytes, *, height: int, width: int, channels: int) -> NDArray[np.uint8]:
    """uint8 (height, width, channels): stretched to that size, in grey (1) or colour (3). Of a moving image the first
    picture; what is transparent is white. Raises Unreadable."""
    with _opened(content) as image:
        longer = 2 * max(height, width)
        # a JPEG of many more pixels than are wanted is unpacked small at once
        image.draft(None, (longer, longer))  # type: ignore[arg-type]
        flat = _flat(ImageOps.exif_transpose(image))
        if flat.size != (width, height):
            flat = flat.resize((width, height), Image.Resampling.BILINEAR)
        resized = np.asarray(flat.convert("L" if channels == 1 else "RGB"), dtype=np.uint8)
    return resized.reshape(height, width, channels)


def is_coloured(rgb: NDArray[np.uint8]) -> bool:
    """Of pixels (..., 3)."""
    return bool((rgb.max(axis=-1) - rgb.min(axis=-1)).max(initial=0) > COLOURED)


def grey_of(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """uint8 (..., 1) of pixels (..., 3): 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), rounded as `pixels` does."""
    red, green, blue = (rgb[..., place].astype(np.uint32) for place in range(3))
    return ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16).astype(np.uint8)[..., None]


def _flat(image: Image.Image) -> Image.Image:
    """Without palette, transparency or more than 8 bits: mode L or RGB."""
    if image.mode == "I" or image.mode.startswith("I;"):
        return Image.fromarray((np.clip(np.asarray(image).astype(np.int64), 0, 65535) >> 8).astype(np.uint8))
    if image.mode in ("1", "L") and "transparency" not in image.info:
        return image.convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        clear = image.convert("RGBA")
        flat = Image.new("RGB", clear.size, "white")
        flat.paste(clear, mask=clear.getchannel("A"))
        return flat
    return image.convert("RGB")


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    declared = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                width, height = image.size
                declared = width * height
                if declared > MAX_PIXELS:
                    raise Unreadable(f"has {width:,} x {height:,} pixels, more than {MAX_PIXELS // 10**6} million")
                yield image
    except Unreadable:
        raise
    except UnidentifiedImageError as error:
        raise Unreadable("is no PNG, JPEG, BMP or GIF image") from error
    except Image.DecompressionBombError as error:
        raise Unreadable(f"has more than {MAX_PIXELS // 10**6} million pixels") from error
    except Exception as error:
        # the readers of broken images raise nearly anything
        raise Unreadable("is damaged or cut off", pixels=declared) from error


def stretched(image: NDArray[np.uint8], divide: float) -> NDArray[Any]:
    """Pixels in the unit of a network that divides its images by `divide`: 0..255 -> 0..divide."""
    return image if divide == 255 else image.astype(np.float32) * np.float32(divide / 255)
