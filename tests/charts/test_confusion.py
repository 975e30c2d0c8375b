import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix

from nnviz.charts import confusion, confusion_figure


def test_counts_equal_scikit_learns() -> None:
    generator = np.random.default_rng(0)
    true, predicted = generator.integers(0, 4, 300), generator.integers(0, 4, 300)
    shown = confusion(true, predicted, classes="abcd")
    np.testing.assert_array_equal(shown.counts, confusion_matrix(true, predicted))
    np.testing.assert_allclose(shown.shares, confusion_matrix(true, predicted, normalize="true"))
    assert shown.accuracy == pytest.approx(accuracy_score(true, predicted))
    np.testing.assert_array_equal(confusion_figure(shown).data[0].customdata, shown.counts)


def test_a_class_without_rows_has_no_shares_and_no_rows_no_accuracy() -> None:
    assert confusion([0, 0], [0, 2], classes="abc").shares[1].tolist() == [0, 0, 0]
    assert np.isnan(confusion([], [], classes="ab").accuracy)


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="outside 0 to 1"):
        confusion([0, 2], [0, 1], classes="ab")
    with pytest.raises(ValueError, match=r"\(1,\)"):
        confusion([0, 1], [0], classes="ab")


def test_many_classes_are_drawn_without_names() -> None:
    shown = confusion(np.arange(40), np.arange(40), classes=[str(k) for k in range(40)])
    assert len(confusion_figure(shown).layout.xaxis.tickvals) == 0
