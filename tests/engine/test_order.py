import numpy as np

from nnviz.engine.order import batches, order


def test_an_epoch_takes_every_row_once_in_its_own_order() -> None:
    first = order(3, 0, 50)
    np.testing.assert_array_equal(np.sort(first), np.arange(50))
    np.testing.assert_array_equal(first, order(3, 0, 50))
    assert not np.array_equal(first, order(3, 1, 50))
    assert not np.array_equal(first, order(4, 0, 50))


def test_a_short_last_batch_is_filled_up_with_minus_one() -> None:
    found = batches(0, 5, 3, 7, 8, filled=2)
    assert found.shape == (3, 8)
    np.testing.assert_array_equal(found[0, :7], order(0, 5, 7))
    np.testing.assert_array_equal(found[1, :7], order(0, 6, 7))
    assert (found[:, 7] == -1).all()
    assert (found[2] == -1).all()
