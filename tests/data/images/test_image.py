"""One image file: the same pixels by every format, upright, on white, in grey as Pillow makes it."""

import numpy as np
from PIL import Image

from nnviz.data.images import image as picture
from tests.data.shapes import body, drawn


def test_every_format_gives_the_same_pixels():
    image = drawn("cross", 5)
    wanted = np.asarray(image)
    for kind in ("PNG", "BMP", "GIF"):
        np.testing.assert_array_equal(picture.pixels(body(image, kind), height=24, width=24, channels=1)[..., 0], wanted)
    jpeg = picture.pixels(body(image, "JPEG", quality=95), height=24, width=24, channels=1)[..., 0]
    assert np.abs(jpeg.astype(int) - wanted).mean() < 6
    moving = body(image, "GIF", save_all=True, append_images=[Image.new("L", (24, 24), 90)])
    np.testing.assert_array_equal(picture.pixels(moving, height=24, width=24, channels=1)[..., 0], wanted)
    deep = Image.fromarray(wanted.astype(np.uint16) * 257)
    np.testing.assert_array_equal(picture.pixels(body(deep), height=24, width=24, channels=1)[..., 0], wanted)


def test_what_is_transparent_is_white_and_photographs_are_turned_upright():
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert (picture.pixels(body(clear), height=8, width=8, channels=1) == 255).all()
    image = Image.new("L", (8, 4), 0)
    image.paste(255, (0, 0, 4, 4))
    exif = Image.Exif()
    exif[0x0112] = 6
    content = body(image, "PNG", exif=exif)
    assert (picture.head(content).height, picture.head(content).width) == (8, 4)
    turned = picture.pixels(content, height=8, width=4, channels=1)[..., 0]
    np.testing.assert_array_equal(turned, np.rot90(np.asarray(image), -1))


def test_grey_of_colours_is_what_pillow_makes_of_them():
    rgb = np.random.default_rng(0).integers(0, 256, (50, 50, 3)).astype(np.uint8)
    np.testing.assert_array_equal(picture.grey_of(rgb)[..., 0], np.asarray(Image.fromarray(rgb).convert("L")))
