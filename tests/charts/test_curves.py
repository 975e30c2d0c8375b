import numpy as np
import pytest

from nnviz.charts import curves, curves_figure
from nnviz.charts.curves import smooth

HISTORY = [
    {"epoch": e, "step": e * 5, "time": e / 2, "loss": 1 / e, "val_loss": 2 / e, "accuracy": 1 - 1 / e}
    for e in range(1, 11)
]


def test_training_and_validation_of_each_run_in_its_place() -> None:
    shown = curves({"a": HISTORY, "b": HISTORY[:3]}, names={"a": "first"})
    assert [(line.run, line.name, line.part, line.place) for line in shown.lines] == [
        ("a", "first", "training", 0),
        ("a", "first", "validation", 0),
        ("b", "b", "training", 1),
        ("b", "b", "validation", 1),
    ]
    np.testing.assert_allclose(shown.lines[1].y, [2 / e for e in range(1, 11)])
    assert len(shown.lines[3].y) == 3


@pytest.mark.parametrize(("axis", "first"), [("epoch", 1), ("step", 5), ("time", 0.5)])
def test_axes(axis: str, first: float) -> None:
    assert curves({"a": HISTORY}, axis=axis).lines[0].x[0] == first  # type: ignore[arg-type]


def test_epochs_without_a_value_and_runs_without_the_metric_are_left_out() -> None:
    shown = curves(
        {"a": [*HISTORY, {"epoch": 11, "step": 55, "time": 6}], "b": [{"epoch": 1, "step": 1, "time": 1, "mae": 3}]},
        metric="accuracy",
    )
    assert [(line.run, len(line.x)) for line in shown.lines] == [("a", 10)]


def test_smoothing_is_the_corrected_moving_average() -> None:
    values = np.array([3.0, 1.0, np.nan, 4.0])
    expected = [3, (0.5 * 3 + 1) / 1.5, np.nan, (0.25 * 3 + 0.5 * 1 + 4) / 1.75]
    np.testing.assert_allclose(smooth(values, 0.5), expected)
    with pytest.raises(ValueError, match="below 1"):
        curves({"a": HISTORY}, smoothing=1.0)


def test_the_figure_draws_two_weights_in_one_colour_and_a_name_as_plain_text() -> None:
    figure = curves_figure(curves({"a": HISTORY}, names={"a": "<b>bold</b>"}), log=True)
    training, validation = figure.data
    assert training.line.width > validation.line.width
    assert training.line.color == "#2563eb"
    assert validation.line.color == "rgba(37,99,235,0.6)"
    assert training.name == "&lt;b&gt;bold&lt;/b&gt;"
    assert [training.showlegend, validation.showlegend] == [True, False]
    assert figure.layout.yaxis.type == "log"
