"""A critical-difference diagram, as numbers."""

from nnviz.charts.ranks import rank_diagram, rank_diagram_figure

NAMES = ["a", "b", "c", "d"]


def diagram(ties):
    return rank_diagram(NAMES, [3.2, 1.1, 2.0, 3.7], lambda one, other: {NAMES[one], NAMES[other]} in ties, 1.2)


def test_the_best_is_first():
    assert diagram([]).names == ("b", "c", "a", "d")
    assert diagram([]).ranks == (1.1, 2.0, 3.2, 3.7)
    assert diagram([]).ties == ()


def test_bars_reach_as_far_as_all_are_tied():
    assert diagram([{"b", "c"}, {"a", "c"}, {"a", "d"}]).ties == ((0, 1), (1, 2), (2, 3))
    assert diagram([{"b", "c"}, {"a", "c"}, {"a", "b"}]).ties == ((0, 2),)
    assert diagram([{"a", "c"}, {"a", "d"}, {"c", "d"}, {"b", "c"}]).ties == ((0, 1), (1, 3))


def test_the_figure_has_a_dot_each_and_a_bar_a_tie():
    figure = rank_diagram_figure(diagram([{"b", "c"}]))
    assert list(figure.data[0].x) == [1.1, 2.0, 3.2, 3.7]
    assert len(figure.data) == 3
    assert list(figure.data[2].x) == [1, 2.2]
    assert figure.layout.yaxis.ticktext[1:] == ("b", "c", "a", "d")
