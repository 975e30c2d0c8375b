"""Amazon SageMaker Debugger's built-in rules for deep learning, from its developer guide ("List of Debugger built-in rules") and
the configurations that its client ships (`ruleConfigs.json`: losses and tensors are saved every 500 steps)."""

import numpy as np

from benchmarks.doctor.published.system import Published, System
from nnviz.doctor import Evidence

GRADIENT = 1e-7
"""VanishingGradient `threshold`: of the mean of absolute values."""
LAYER = 0.5
"""DeadRelu and SaturatedActivation `threshold_layer`: 50 % of a layer's nodes."""
LARGE, SMALL = 10.0, 1e-8
"""WeightUpdateRatio `large_threshold`, `small_threshold`."""
VARIANCES = 10.0
"""PoorWeightInitialization `threshold`: of the largest to the smallest variance of weights of a layer."""
IMBALANCE, LABELS = 10.0, 500
"""ClassImbalance `threshold_imbalance`, `samples`."""
STEPS, LESS, MORE = 500, 0.1, 5.0
"""LossNotDecreasing: the steps between saved losses, and `diff_percent`, `increase_threshold_percent`."""
OVERFIT = 0.1
"""Overfit `ratio_threshold`, with `patience` 1."""
PATIENCE_TRAIN, PATIENCE_VALIDATION, DELTA = 5, 10, 0.01
"""Overtraining `patience_train`, `patience_validation`, `delta`."""


def _vanishing(evidence: Evidence) -> bool:
    # the mean of absolute values is at most their root mean square, which is what norms give: this fires a little later
    sizes = [
        layer.gradient / np.sqrt(layer.count)
        for moment in evidence.moments
        for layer in moment.layers
        if layer.gradient is not None and layer.count
    ]
    return bool(sizes) and min(sizes) < GRADIENT


def _exploding(evidence: Evidence) -> bool:
    losses = [points.value for name, points in (*evidence.series.items(), *evidence.epochs.items()) if name.endswith("loss")]
    return evidence.status == "diverged" or any(not np.isfinite(value).all() for value in losses)


def _share_above(evidence: Evidence, name: str, limit: float) -> bool:
    shares = [getattr(layer, name) for moment in evidence.moments for layer in moment.layers if layer.path != "cost"]
    return any(share is not None and share > limit for share in shares)


def _update_ratio(evidence: Evidence) -> bool:
    ratios = [layer.ratio for moment in evidence.moments for layer in moment.layers if layer.ratio is not None]
    return bool(ratios) and (max(ratios) > LARGE or min(ratios) < SMALL)


def _poor_weights(evidence: Evidence) -> bool:
    if not evidence.moments or evidence.moments[0].step > 0:
        return False
    variances = [layer.weights**2 / layer.count for layer in evidence.moments[0].layers if layer.count]
    return len(variances) > 1 and max(variances) > VARIANCES * min(variances)


def _imbalance(evidence: Evidence) -> bool:
    shares = evidence.data.class_shares.get("train", np.empty(0)) if evidence.data is not None else np.empty(0)
    rows = evidence.data.rows.get("train", 0) * evidence.epoch if evidence.data is not None else 0
    return len(shares) > 1 and rows >= LABELS and bool(shares.max() > IMBALANCE * shares.min())


def _not_decreasing(evidence: Evidence) -> bool:
    """From one saved loss to the next; of runs of fewer than 1,000 steps a tenth of them is taken as the interval. By epoch,
    since single batches would make it fire nearly always. A small rise is allowed, as `increase_threshold_percent` says."""
    points = evidence.points("loss")
    if points is None:
        return False
    interval = STEPS if points.step[-1] >= 2 * STEPS else max(10.0, points.step[-1] / 10)
    saved = [0]
    for place, step in enumerate(points.step):
        if step - points.step[saved[-1]] >= interval:
            saved.append(place)
    values = points.value[saved]
    change = 100 * np.diff(values) / np.maximum(np.abs(values[:-1]), 1e-12)
    return bool(((change > -LESS) & (change <= 0) | (change > MORE)).any())


def _overfit(evidence: Evidence) -> bool:
    train, held_out = evidence.points("loss"), evidence.points("val_loss")
    if train is None or held_out is None:
        return False
    beside = np.interp(held_out.step, train.step, train.value)
    return bool(((held_out.value - beside) > OVERFIT * np.maximum(np.abs(beside), 1e-12)).any())


def _waited(values: np.ndarray, patience: int) -> bool:
    best, waited, longest = np.inf, 0, 0
    for value in values:
        best, waited = (value, 0) if value < best - DELTA else (best, waited + 1)
        longest = max(longest, waited)
    return longest > patience


def _overtraining(evidence: Evidence) -> bool:
    train, held_out = evidence.points("loss"), evidence.points("val_loss")
    if train is None or held_out is None:
        return False
    return _waited(train.value, PATIENCE_TRAIN) and _waited(held_out.value, PATIENCE_VALIDATION)


SYSTEM = System(
    name="SageMaker Debugger",
    source="docs.aws.amazon.com/sagemaker, List of Debugger built-in rules; smdebug_rulesconfig, ruleConfigs.json",
    rules=(
        Published(name="DeadRelu", fires=lambda e: _share_above(e, "dead", LAYER), means=("dead_relu",)),
        Published(name="ExplodingTensor", fires=_exploding, means=("diverged", "rate_too_high", "exploding_gradient")),
        Published(name="PoorWeightInitialization", fires=_poor_weights, means=("poor_initialisation",)),
        Published(name="SaturatedActivation", fires=lambda e: _share_above(e, "saturated", LAYER), means=("saturated",)),
        Published(name="VanishingGradient", fires=_vanishing, means=("vanishing_gradient",)),
        Published(name="WeightUpdateRatio", fires=_update_ratio, means=("rate_too_high", "rate_too_low")),
        Published(name="ClassImbalance", fires=_imbalance, means=("class_imbalance",)),
        Published(
            name="LossNotDecreasing",
            fires=_not_decreasing,
            means=("plateau", "rate_too_low", "rate_too_high", "underfitting", "no_better_than_baseline"),
        ),
        Published(name="Overfit", fires=_overfit, means=("overfitting", "too_large")),
        Published(name="Overtraining", fires=_overtraining, means=("trained_too_long", "overfitting")),
    ),
    left_out={
        "AllZero, TensorVariance, UnchangedTensor": "no default says which tensors, or no default threshold",
        "ClassImbalance, second part": "wrong answers by class are not in the evidence",
        "PoorWeightInitialization, second part": "percentiles of gradients are not in the evidence",
        "CheckInputImages, Confusion": "the mean of input images, and a confusion matrix, are not in the evidence",
        "SimilarAcrossRuns, StalledTrainingRule, NLPSequenceRatio, rules of XGBoost": "not of these trainings",
    },
)
