"""Files with columns in people's writing, prepared as a run would."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from nnviz.data.columns.report import Report
from nnviz.data.prepare import load
from nnviz.data.prepared import Prepared
from nnviz.spec import RunSpec

NARROW = "\u202f"


def csv(columns: dict[str, list[Any]], separator: str = ";") -> bytes:
    rows = [list(columns), *zip(*columns.values(), strict=True)]
    return "\n".join(separator.join(map(str, row)) for row in rows).encode()


def prepared(
    tmp_path: Any,
    content: bytes,
    *,
    name: str = "rows.csv",
    target: str = "y",
    rules: int = 2,
    split: dict[str, Any] | None = None,
    columns: dict[str, Any] | None = None,
    decimal: str | None = None,
) -> Prepared:
    path = tmp_path / name
    path.write_bytes(content)
    spec = RunSpec.model_validate(
        {
            "data": {
                "kind": "file",
                "path": str(path),
                "target": target,
                "task": "regression",
                "columns": columns or {},
                "read": {"rules": rules, "decimal": decimal},
            },
            "split": split or {},
            "layers": [{"kind": "Dense", "units": 1}],
            "cost": {"kind": "MeanSquaredError"},
            "optimizer": {"kind": "Adam"},
        }
    )
    return load(spec)


def notes_on(report: Report, column: str) -> list[str]:
    return [words for words in report.warnings if words.startswith(f"column {column!r}")]


def every(prepared: Prepared, of: str) -> np.ndarray[Any, Any]:
    """x or y of all rows, in the order of the file."""
    parts = list(prepared.parts.values())
    order = np.argsort(np.concatenate([part.rows for part in parts]))
    return np.concatenate([getattr(part, of) for part in parts])[order]


def targets(prepared: Prepared) -> np.ndarray[Any, Any]:
    code = prepared.encoder.target
    return every(prepared, "y").ravel() * code.scale[0] + code.mean[0]


VALUES = np.round(np.linspace(300, 4000, 60), 2)


def french(value: float) -> str:
    return f"{value:,.2f}".replace(",", NARROW).replace(".", ",")


def stamps(form: str, count: int = 120, **step: float) -> list[str]:
    return [(datetime(2024, 3, 1, 0, 15) + index * timedelta(**step)).strftime(form) for index in range(count)]
