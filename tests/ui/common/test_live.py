"""What the browser's live elements are sent, beside the runs themselves."""

from nnviz.catalog import METRICS
from nnviz.catalog.views import VIEWS
from nnviz.ui.common.live import measures, views


def test_how_metrics_are_called_and_shown_is_sent_from_the_catalog() -> None:
    sent = measures()
    assert [measure["name"] for measure in sent] == list(METRICS)
    assert {measure["name"] for measure in sent if measure["percent"]} == {"accuracy", "balanced_accuracy", "top3", "top5"}
    assert {measure["name"]: measure["title"] for measure in sent}.items() >= {
        "loss": "Loss",
        "mae": "MAE",
        "rmse": "RMSE",
        "f1": "Macro F1",
    }.items()
    assert all(measure["help"].endswith(".") for measure in sent)


def test_views_are_offered_where_the_data_has_them() -> None:
    for task in ("classification", "regression"):
        for shape in ((2,), (8, 8, 1)):
            sent = views(task, shape, {"GRU"})
            there = [view.name for view in VIEWS.values() if view.exists_for(task, shape, {"GRU"})]
            assert [view["name"] for view in sent] == there
            assert "network" in {view["name"] for view in sent}
