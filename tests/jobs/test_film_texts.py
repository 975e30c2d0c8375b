"""Names of classes in the pictures of a film."""

import numpy as np
from PIL import Image

from nnviz.jobs.worker.history import gif_text

INK, PAPER, BOX = (0, 0, 0), (255, 255, 255), (20, 40, 420, 440)


def named(names):
    image = Image.new("RGB", (440, 460), PAPER)
    left, top = gif_text.name_matrix(image, BOX, names, ink=INK, paper=PAPER)
    return np.asarray(image.convert("L")) < 128, left, top


def test_a_name_is_whole_where_there_is_room_and_has_an_ellipsis_where_there_is_not():
    assert gif_text.fitted("Iris versicolor", 150, 12) == "Iris versicolor"
    cut = gif_text.fitted("a name that is far too long for the place that it has", 100, 12)
    assert cut.startswith("a name")
    assert cut.endswith("…")
    assert gif_text.width(cut, 12) <= 100
    assert gif_text.in_one_line("two\n lines") == "two lines"


def test_names_become_smaller_before_they_are_cut():
    name = "Adelie penguin"
    wide = gif_text.width(name, 12)
    assert gif_text.size_for([name], wide) == 12
    assert gif_text.size_for([name], wide - 1) < 12
    assert gif_text.size_for([name], 10) is None


def test_names_have_room_beside_and_above_the_cells_and_stay_in_the_picture():
    for names in (["a", "b"], ["Iris-setosa", "Iris-versicolor", "Iris-virginica"], ["an unusually long name of a class"] * 14):
        ink, left, top = named(names)
        beside = gif_text.width(names[-1], 12)
        assert left - BOX[0] >= min(beside, gif_text.BESIDE)
        assert not ink[round(top) :, round(left) :].any(), "a name stands in the cells"
        assert ink[: round(top), round(left) :].any()
        assert ink[round(top) :, : round(left)].any()
        assert not ink[: BOX[1] - 2].any()
        assert not ink[:, : BOX[0] - 2].any()
