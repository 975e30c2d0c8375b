import numpy as np

from nnviz.charts import activation, activation_figure


def test_the_slope_is_the_derivative() -> None:
    shown = activation(np.tanh, low=-3, high=3, points=61)
    np.testing.assert_allclose(shown.y, np.tanh(shown.x))
    np.testing.assert_allclose(shown.slope, 1 - np.tanh(shown.x) ** 2, atol=1e-9)


def test_a_constant_and_what_is_not_finite() -> None:
    assert activation(lambda x: 0.5).slope.tolist() == [0] * 201
    assert np.isnan(activation(np.log).y[0])


def test_the_figure_shows_both() -> None:
    assert [trace.name for trace in activation_figure(activation(np.tanh)).data] == ["f(x)", "f′(x)"]
