"""What the pictures of a sweep show, before they are drawn."""

import numpy as np

from nnviz.charts.parallel import SHADES, parallel, parallel_figure
from nnviz.charts.trials import best_so_far, best_so_far_figure, front_figure, importance_figure, slice_figure, slice_of, words


def test_the_best_so_far_only_gets_better():
    scores = np.random.default_rng(0).random(30)
    curve = best_so_far(range(1, 31), scores, is_higher=True)
    assert curve.best.tolist() == [max(scores[: at + 1]) for at in range(30)]
    assert best_so_far([1, 4], [0.3, 0.5], is_higher=False).best.tolist() == [0.3, 0.3]
    assert len(best_so_far_figure(curve, title="Accuracy").data) == 2
    assert len(best_so_far([], [], is_higher=True).best) == 0


def test_a_slice_is_over_numbers_or_over_words():
    numbers = slice_of([0.001, 0.1], [0.5, 0.6], [1, 2], is_log=True)
    assert (numbers.x, numbers.is_log) == ([0.001, 0.1], True)
    kinds = slice_of(["relu", {"kind": "SGD", "momentum": 0.9}, True], [0.5, 0.6, 0.7], [1, 2, 3], is_log=True)
    assert (kinds.x, kinds.is_log) == (["relu", "SGD", "True"], False)
    assert slice_figure(numbers, title="Rate", goal="Accuracy").layout.xaxis.type == "log"


def test_lines_go_through_their_values():
    fields = [
        ("Rate", [0.001, 0.01, 0.1], True),
        ("Units", [8, 16, 32], False),
        ("Kind", ["b", "a", "b"], False),
        ("Same", [3, 3, 3], False),
    ]
    drawing = parallel(fields, [0.5, 0.9, 0.7], goal="Accuracy", is_higher=True)
    assert np.allclose(drawing.axes[0].places, [0, 0.5, 1])
    assert np.allclose(drawing.axes[1].places, [0, 1 / 3, 1])
    assert drawing.axes[2].places.tolist() == [1, 0, 1]
    assert drawing.axes[3].places.tolist() == [0.5] * 3
    assert drawing.best == 1
    assert parallel(fields, [0.5, 0.9, 0.7], goal="Loss", is_higher=False).best == 0
    assert drawing.shade.argmax() == 1
    assert max(drawing.shade) < len(SHADES)
    figure = parallel_figure(drawing)
    assert len(figure.data) == len(SHADES) + 1
    assert len(parallel_figure(parallel([], [], goal="Loss", is_higher=True)).data) == len(SHADES)


def test_markup_in_words_stays_words():
    assert "<b>" not in importance_figure({"<b>x</b>": 1.0}).data[0].y[0]
    assert len(front_figure([1, 2], [3, 4], [1, 2], [True, False], titles=("a", "b")).data) == 2
    assert words("x" * 60).endswith("…")
