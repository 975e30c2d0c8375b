"""Every metric that a run records; on other parts of the data its name is prefixed by `val_` or `test_`."""

from nnviz.catalog.entry import MetricEntry

METRICS: dict[str, MetricEntry] = {entry.name: entry for entry in (
    MetricEntry(name="loss", title="Loss", better="lower", help="The value of the cost: what training makes small."),
    MetricEntry(name="accuracy", title="Accuracy", better="higher", percent=True,
                help="The share of rows whose class is right."),
    MetricEntry(name="mae", title="Mean absolute error", better="lower",
                help="The average distance to the target, in the target's unit."),
    MetricEntry(name="rmse", title="Root mean squared error", better="lower",
                help="The root of the average squared distance to the target, in the target's unit."),
    MetricEntry(name="r2", title="R\N{SUPERSCRIPT TWO}", better="higher",
                help="The share of the target's variance that is explained: 1 is perfect, 0 no better than the mean."),
)}

TASK_METRICS: dict[str, tuple[str, ...]] = {
    "classification": ("loss", "accuracy"),
    "regression": ("loss", "mae", "rmse", "r2"),
}
