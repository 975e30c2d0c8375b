from nnviz.charts import sparkline, sparkline_figure

HISTORY = [{"epoch": e, "loss": float(e)} for e in range(100)]


def test_it_keeps_both_ends_and_falls_back_to_training() -> None:
    shown = sparkline(HISTORY)
    assert shown.metric == "loss"
    assert (shown.values[0], shown.values[-1], len(shown.values)) == (0, 99, 40)
    assert list(sparkline_figure(shown).data[0].y) == list(shown.values)


def test_what_is_not_finite_is_left_out() -> None:
    assert sparkline([{"val_loss": float("nan")}, {"val_loss": 2.0}]).values == (2.0,)
    assert sparkline([]).values == ()
