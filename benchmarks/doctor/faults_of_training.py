"""Faults of the optimizer, its rate, the batches and the epochs."""

from benchmarks.doctor.fault import Change, Fault
from benchmarks.doctor.healthy import Spec


def _rate(*factors: float) -> Change:
    def plant(spec: Spec, severity: int) -> None:
        spec["optimizer"]["learning_rate"] *= factors[severity]

    return plant


def _sgd_rate(spec: Spec, severity: int) -> None:
    spec["optimizer"] = {"kind": "SGD", "learning_rate": (3.0, 10.0, 100.0)[severity]}


def _slow_default(spec: Spec, severity: int) -> None:
    spec["optimizer"] = {"kind": ("Ftrl", "Adagrad", "Adadelta")[severity]}


def _one_batch(spec: Spec, severity: int) -> None:
    spec["training"]["batch_size"] = 4096
    spec["optimizer"]["learning_rate"] /= (2, 3, 5)[severity]


def _tiny_batch(spec: Spec, severity: int) -> None:
    spec["training"]["batch_size"] = (2, 1, 1)[severity]
    spec["optimizer"]["learning_rate"] *= (2, 2, 4)[severity]


def _too_long(spec: Spec, severity: int) -> None:
    spec["training"]["epochs"] = int(spec["training"]["epochs"] * (6, 8, 10)[severity])


def _too_short(spec: Spec, severity: int) -> None:
    spec["training"]["epochs"] = max(2, int(spec["training"]["epochs"] * (0.1, 0.06, 0.03)[severity]))


def _early_end(spec: Spec, severity: int) -> None:
    """The rate falls to next to nothing within the first epochs."""
    spec["optimizer"]["schedule"] = {"kind": "ExponentialDecay", "decay_steps": 10, "decay_rate": (0.7, 0.5, 0.3)[severity]}


FAULTS = (
    Fault(name="rate x 100", rules=("rate_too_high",), plant=_rate(100, 300, 1000)),
    Fault(name="SGD, huge rate", rules=("rate_too_high",), plant=_sgd_rate),
    Fault(name="rate / 300", rules=("rate_too_low",), plant=_rate(1 / 100, 1 / 300, 1 / 1000)),
    Fault(name="a default that is too slow", rules=("rate_too_low", "trained_too_short"), plant=_slow_default),
    Fault(name="a schedule that ends at once", rules=("plateau", "rate_too_low"), plant=_early_end),
    Fault(name="one batch an epoch", rules=("batch_too_large", "rate_too_low"), plant=_one_batch, unlike=("plane", "diabetes")),
    Fault(
        name="one row a batch",
        rules=("batch_too_small", "rate_too_high"),
        plant=_tiny_batch,
        unlike=("digits", "digits_cnn", "mnist", "plane"),
    ),
    Fault(name="a few epochs", rules=("trained_too_short", "rate_too_low"), plant=_too_short),
    Fault(
        name="far too many epochs",
        rules=("trained_too_long", "overfitting"),
        plant=_too_long,
        sets=("moons", "gaussians", "iris", "wine", "breast_cancer", "plane", "wide_table", "sensors"),
    ),
)
