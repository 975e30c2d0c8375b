import numpy as np

from nnviz.engine.loop.shuffle import Orders, order


def test_an_epoch_takes_every_row_once_in_its_own_order() -> None:
    first = order(3, 0, 50)
    np.testing.assert_array_equal(np.sort(first), np.arange(50))
    np.testing.assert_array_equal(first, order(3, 0, 50))
    assert not np.array_equal(first, order(3, 1, 50))
    assert not np.array_equal(first, order(4, 0, 50))


def test_a_short_last_batch_is_filled_up_with_minus_one() -> None:
    orders = Orders(7, count=3, steps=2, batch=4).batches(0, 5, 2, then=5).numpy().reshape(3, 8)
    np.testing.assert_array_equal(orders[0, :7], order(0, 5, 7))
    np.testing.assert_array_equal(orders[1, :7], order(0, 6, 7))
    assert (orders[:, 7] == -1).all()
    assert (orders[2] == -1).all()


def test_orders_made_ahead_are_those_of_their_epochs() -> None:
    orders = Orders(9, count=4, steps=3, batch=3)
    for seed, first, filled, then in (
        (1, 0, 1, 0),
        (1, 0, 3, 2),
        (1, 2, 3, 4),
        (1, 4, 4, 8),
        (1, 20, 2, 21),
        (2, 20, 4, 23),
        (1, 3, 1, 3),
        (1, 3, 1, 4),
        (1, 4, 1, 4),
    ):
        rows = orders.batches(seed, first, filled, then=then).numpy().reshape(4, 9)
        for place in range(filled):
            np.testing.assert_array_equal(rows[place], order(seed, first + place, 9))
