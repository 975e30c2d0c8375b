import numpy as np
import pytest

from nnviz.charts import scatter, scatter_figure


def test_classes_keep_their_points_and_unnamed_ones_get_a_number() -> None:
    x = np.array([[0.0, 1], [2, 3], [4, 5]])
    points = scatter(x, np.array([0, 2, 0]), classes=["no"], names=("width", "height"))
    assert points.classes == ("no", "1", "2")
    np.testing.assert_array_equal(points.target, [0, 2, 0])
    assert points.extent == pytest.approx((-0.32, 4.32, 0.68, 5.32))
    figure = scatter_figure(points)
    assert [list(trace.x) for trace in figure.data] == [[0, 4], [], [2]]
    # no colours of their own: by their order they get those of the theme, also where a class has no points
    assert {trace.marker.color for trace in figure.data} == {None}


def test_values_get_a_scale() -> None:
    points = scatter(np.zeros((4, 2)), np.array([0.5, 1, 2, 3]), task="regression")
    assert points.classes == ()
    figure = scatter_figure(points)
    marker = figure.data[0].marker
    np.testing.assert_array_equal(figure.data[0].customdata, [0.5, 1, 2, 3])
    np.testing.assert_allclose(marker.color, np.array([0.5, 1, 2, 3]) - 1.625)
    # the mean is in the middle of a diverging scale, which Plotly takes where a range goes through 0
    assert (marker.cmin, marker.cmax, marker.autocolorscale, marker.colorscale) == (-1.375, 1.375, True, None)


def test_many_points_are_thinned_and_other_shapes_refused() -> None:
    assert len(scatter(np.zeros((5000, 2)), np.zeros(5000), most=2000).x) <= 2000
    with pytest.raises(ValueError, match=r"\(5, 3\)"):
        scatter(np.zeros((5, 3)), np.zeros(5))
