"""Specs of before reading rules had versions get version 1 written in, so that their runs read as they always did."""

import json
from typing import Any

from nnviz.store.documents import unique

FIRST_SCHEMA = "0004"
"""The version of the tables from which on every spec is one of today."""


def with_rules_of_old(text: Any) -> Any:
    """The JSON text of a spec with `data.read.rules` = 1 where its data is a file and it names no rules. What is no such
    text, or cannot be read, is answered as it is: it is for others to say so."""
    try:
        record = json.loads(text, object_pairs_hook=unique)
        return json.dumps(record) if _write(record) else text
    except (ValueError, TypeError, RecursionError, MemoryError):
        return text


def with_payload_of_old(text: Any) -> Any:
    """The same for the payload of a job that waits, where it holds a spec."""
    try:
        record = json.loads(text, object_pairs_hook=unique)
        return json.dumps(record) if isinstance(record, dict) and _write(record.get("spec")) else text
    except (ValueError, TypeError, RecursionError, MemoryError):
        return text


def _write(spec: Any) -> bool:
    data = spec.get("data") if isinstance(spec, dict) else None
    if not isinstance(data, dict) or data.get("kind") != "file":
        return False
    read = data.setdefault("read", {})
    if not isinstance(read, dict) or "rules" in read:
        return False
    read["rules"] = 1
    return True
