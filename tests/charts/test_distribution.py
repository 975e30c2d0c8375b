import numpy as np

from nnviz.charts import categories, distribution_figure, numbers


def test_a_histogram_counts_every_finite_value_once() -> None:
    values = np.array([*np.random.default_rng(0).normal(size=500), np.nan, np.inf])
    shown = numbers(values)
    assert sum(shown.counts) == 500
    assert shown.missing == 2
    assert shown.edges is not None
    expected, _ = np.histogram(values[:500], bins=24)
    np.testing.assert_array_equal(shown.counts, expected)
    assert list(distribution_figure(shown).data[0].y) == list(shown.counts)


def test_few_values_give_few_bars_and_none_gives_none() -> None:
    assert len(numbers([1, 1, 2]).counts) == 2
    assert numbers([np.nan]) == ((), (), None, 1)
    assert len(distribution_figure(numbers([])).data[0].y) == 0


def test_categories_are_ranked_and_the_rest_gathered() -> None:
    shown = categories([*"aaabbc", None, float("nan"), *"defghij"], most=3)
    assert shown.labels == ("a", "b", "8 others")
    assert shown.counts == (3, 2, 8)
    assert shown.missing == 2
    figure = distribution_figure(categories(["<i>x</i>"]))
    assert figure.data[0].customdata[0] == "&lt;i&gt;x&lt;/i&gt;"
