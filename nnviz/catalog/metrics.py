"""Every metric that a run records; on other parts of the data its name is prefixed by `val_` or `test_`."""

from nnviz.catalog.entry import MetricEntry

METRICS: dict[str, MetricEntry] = {
    entry.name: entry
    for entry in (
        MetricEntry(
            name="loss",
            title="Loss",
            better="lower",
            help="The cost says of each row how far off its answer is; the loss is the mean over rows."
            " Training makes it smaller.",
        ),
        MetricEntry(
            name="accuracy", title="Accuracy", better="higher", percent=True, help="The share of rows whose class is right."
        ),
        MetricEntry(
            name="mae",
            title="Mean absolute error",
            short="MAE",
            better="lower",
            help="The average distance to the target, in the target's unit.",
        ),
        MetricEntry(
            name="rmse",
            title="Root mean squared error",
            short="RMSE",
            better="lower",
            help="The root of the average squared distance to the target, in the target's unit.",
        ),
        MetricEntry(
            name="r2",
            title="R\N{SUPERSCRIPT TWO}",
            better="higher",
            help="The share of the target's variance that is explained: 1 is perfect, 0 no better than the mean.",
        ),
        MetricEntry(
            name="balanced_accuracy",
            title="Balanced accuracy",
            better="higher",
            percent=True,
            help="The share of right answers in each class, averaged over the classes: rare ones count as much.",
        ),
        MetricEntry(
            name="f1",
            title="Macro F1",
            better="higher",
            help="The harmonic mean of precision and recall of each class, averaged over the classes.",
        ),
        MetricEntry(
            name="roc_auc",
            title="ROC AUC",
            better="higher",
            help="How surely a row of a class gets a higher score for it than another row; 0.5 is chance. With more than"
            " two classes the mean of each against the rest.",
        ),
        MetricEntry(
            name="pr_auc",
            title="PR AUC",
            better="higher",
            help="Average precision: the area under the curve of precision over recall, which tells more than ROC AUC"
            " where a class is rare. With more than two classes the mean of each against the rest.",
        ),
        MetricEntry(
            name="top3",
            title="Top-3 accuracy",
            better="higher",
            percent=True,
            help="The share of rows whose class is among the three that score highest.",
        ),
        MetricEntry(
            name="top5",
            title="Top-5 accuracy",
            better="higher",
            percent=True,
            help="The share of rows whose class is among the five that score highest.",
        ),
        MetricEntry(
            name="medae",
            title="Median absolute error",
            better="lower",
            help="Half of the rows miss the target by no more than this, in the target's unit: outliers do not count.",
        ),
    )
}

TASK_METRICS: dict[str, tuple[str, ...]] = {"classification": ("loss", "accuracy"), "regression": ("loss", "mae", "rmse", "r2")}

FINAL_METRICS: dict[str, tuple[str, ...]] = {
    "classification": ("balanced_accuracy", "f1", "roc_auc", "pr_auc", "top3", "top5"),
    "regression": ("medae",),
}
"""Taken once training is over, on validation and test rows, and whenever rows are evaluated."""
