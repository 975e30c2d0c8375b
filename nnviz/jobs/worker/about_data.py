"""What was read of a data set, small enough to be kept with the run: what the command line says and the Data page shows."""

from typing import Any

from nnviz.data import Prepared

MOST = 50
"""Warnings that are kept."""


def about(prepared: Prepared) -> dict[str, Any]:
    """`rows` that were read, `rows_dropped` of them left out, of a table `columns` that are used besides the `targets`, of
    `all_columns`, and the `inputs` that the network gets of them, `read`: how (format, separator, decimal, encoding, header),
    `copies` (see `nnviz.data.splitting.copies.record`), `warnings` in words."""
    record = prepared.report.to_json()
    warnings = record["warnings"]
    more = [f"and {len(warnings) - MOST} more"] if len(warnings) > MOST else []
    return {
        "rows": record["rows"],
        "rows_dropped": record["rows_dropped"],
        **({} if record["shape"] else _columns(prepared, record)),
        "read": record["read"],
        "copies": record["copies"],
        "warnings": [*warnings[:MOST], *more],
    }


def _columns(prepared: Prepared, record: dict[str, Any]) -> dict[str, int]:
    counts = {"columns": len(prepared.encoder.inputs), "inputs": len(prepared.columns)}
    return counts | {"all_columns": len(record["columns"]), "targets": len(record["target"])}
