import numpy as np
import pytest

from nnviz.store.records import Curve, EpochRow, StepBlock
from nnviz.stream import messages
from tests.stream.runs import column


def block(start: int, values: np.ndarray, *, series: str = "loss") -> StepBlock:
    stop = start + len(values)
    return StepBlock(series, start, stop, start / 100, stop / 100, 0.0, values.astype(np.float32))


def test_few_points_travel_as_they_are() -> None:
    packed = messages.step_columns([block(10, np.array([3.0, 2.0])), block(12, np.array([1.0]))])["loss"]
    np.testing.assert_array_equal(column(packed, "step"), [11, 12, 13])
    np.testing.assert_array_equal(column(packed, "value"), [3, 2, 1])
    assert column(packed, "time")[-1] == pytest.approx(0.13)


@pytest.mark.parametrize("count", [60, 2_800, 100_000])
def test_an_update_of_a_fast_run_keeps_extremes_and_the_last_point_in_few_bytes(count: int) -> None:
    values = np.random.default_rng(0).normal(size=count)
    values[count // 3], values[count // 2] = 50, -50
    packed = messages.step_columns([block(0, values)])["loss"]
    values_sent = column(packed, "value")
    assert len(values_sent) <= messages.APPEND_POINTS
    assert (values_sent.max(), values_sent.min()) == (50, -50)
    assert column(packed, "step")[-1] == count
    assert np.all(np.diff(column(packed, "step").astype(int)) > 0)


@pytest.mark.parametrize("count", [2_001, 100_000])
def test_a_backlog_holds_at_most_2000_points(count: int) -> None:
    steps = np.arange(1.0, count + 1)
    values = np.sin(steps / 50)
    packed = messages.curve_columns(Curve(steps, steps / 10, values, values, values))
    assert len(column(packed, "value")) <= 2000
    assert column(packed, "step")[-1] == count


def test_a_curve_that_came_as_blocks_shows_both_extremes() -> None:
    steps = np.array([256.0, 512.0])
    curve = Curve(steps, steps / 100, np.array([1.0, 2.0]), low=np.array([0.5, 1.5]), high=np.array([3.0, 4.0]))
    packed = messages.curve_columns(curve)
    np.testing.assert_array_equal(column(packed, "value"), [0.5, 3, 1.5, 4])
    np.testing.assert_array_equal(column(packed, "step"), [128, 256, 384, 512])


def test_nan_and_infinity_travel() -> None:
    values = np.full(3000, 1.0)
    values[1500:] = np.nan
    values[-1] = np.inf
    packed = messages.step_columns([block(0, values)])["loss"]
    values_sent = column(packed, "value")
    assert np.isnan(values_sent).any()
    assert values_sent[-1] == np.inf


def test_values_by_epoch_carry_epoch_and_step() -> None:
    rows = [EpochRow("loss", float(epoch), epoch * 7, 1 / epoch, epoch / 10) for epoch in range(1, 4)]
    packed = messages.epoch_columns([*rows, EpochRow("val_loss", 3.0, 21, float("nan"), 0.3)])
    np.testing.assert_array_equal(column(packed["loss"], "epoch"), [1, 2, 3])
    np.testing.assert_array_equal(column(packed["loss"], "step"), [7, 14, 21])
    assert np.isnan(column(packed["val_loss"], "value")).all()


def test_summarised_epochs_show_both_extremes_and_end_on_the_last_value() -> None:
    steps = np.array([100.0, 200.0])
    curve = Curve(steps, steps / 10, np.array([1.0, 2.0]), low=np.array([0.5, 1.5]), high=np.array([3.0, 4.0]), epoch=steps / 5)
    packed = messages.epoch_curve_columns(curve)
    np.testing.assert_array_equal(column(packed, "step"), [50, 100, 150, 200])
    np.testing.assert_array_equal(column(packed, "epoch"), [10, 20, 30, 40])
    np.testing.assert_array_equal(column(packed, "value"), [0.5, 3, 1.5, 2])
    late = Curve(steps + 1000, steps, curve.value, low=curve.low, high=curve.high, epoch=steps)
    np.testing.assert_array_equal(column(messages.epoch_curve_columns(late), "step"), [1050, 1100, 1150, 1200])


def test_epochs_read_whole_are_shown_as_they_are() -> None:
    values = np.array([1.0, np.nan, np.inf])
    steps = np.arange(1.0, 4.0)
    packed = messages.epoch_curve_columns(Curve(steps, steps, values, low=values, high=values, epoch=steps))
    np.testing.assert_array_equal(column(packed, "value"), values)
