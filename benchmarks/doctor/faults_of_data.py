"""Faults of rows: who labelled them, what stands beside them, how they were parted."""

from benchmarks.doctor.fault import Fault
from benchmarks.doctor.healthy import Spec

_TABLES = ("credit", "sensors", "wide_table", "gauges", "houses", "energy")
_LABELLED = ("credit", "sensors", "wide_table", "gauges")


def _tiny_validation(spec: Spec, severity: int) -> None:
    spec["split"]["validation"] = (0.03, 0.02, 0.015)[severity]


def _leak(spec: Spec, severity: int) -> None:
    spec["data"] |= {"leak": ("near", "copy", "code")[severity]}


def _rare(spec: Spec, severity: int) -> None:
    spec["data"] |= {"rare": (0.08, 0.05, 0.03)[severity]}
    spec["training"]["epochs"] = max(4, spec["training"]["epochs"] // 8)


def _wrong_labels(spec: Spec, severity: int) -> None:
    spec["data"] |= {"flipped": (0.1, 0.15, 0.2)[severity]}


def _copies(spec: Spec, severity: int) -> None:
    spec["data"] |= {"copies": severity + 2, "rows": spec["data"]["rows"] // (severity + 2)}


def _drift(spec: Spec, severity: int) -> None:
    spec["data"] |= {"drift": (1.5, 2.0, 3.0)[severity]}
    spec["split"] |= {"by": "day"}


def _spikes(spec: Spec, severity: int) -> None:
    spec["data"] |= {"spike": (1e3, 1e4, 1e6)[severity]}


FAULTS = (
    Fault(
        name="few validation rows",
        rules=("validation_too_small",),
        plant=_tiny_validation,
        sets=("iris", "wine", "breast_cancer", "diabetes", "moons", "credit", "houses", "energy"),
        harm="always",
    ),
    Fault(name="a column that gives it away", rules=("leakage",), plant=_leak, sets=_TABLES, harm="always"),
    Fault(name="rare classes", rules=("class_imbalance",), plant=_rare, sets=_LABELLED, harm="balanced"),
    Fault(name="wrong labels", rules=("wrong_labels",), plant=_wrong_labels, sets=_LABELLED),
    Fault(name="rows in both parts", rules=("overlapping_parts",), plant=_copies, sets=_TABLES, harm="always"),
    Fault(name="another time, other rows", rules=("shifted_parts",), plant=_drift, sets=_TABLES),
    Fault(name="columns with spikes", rules=("unscaled_input",), plant=_spikes, sets=_TABLES),
)
