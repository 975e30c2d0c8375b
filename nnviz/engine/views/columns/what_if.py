"""One row in the file's own values, and what the network answers to it with some of them changed."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.metrics.evaluate import predict
from nnviz.engine.network.network import Network
from nnviz.engine.records import ColumnLike, PreparedLike
from nnviz.errors import DataError, RequestError

MOST_LETTERS = 200
"""Of a value that somebody typed."""


def what_if(
    network: Network, prepared: PreparedLike, row: NDArray[np.float32], columns: Mapping[int, ColumnLike], values: Any
) -> dict[str, Any]:
    """Of an encoded `row` (1, inputs); `values`: what was typed, by the column's number as text.

    {fields: for each of `columns` {index, name, kind, unit, text (in the file), choices, and typed and why (it cannot be read)
    where somebody changed it}, before and after: probabilities of the classes or the targets in their own unit}. A value that
    cannot be read is left as it was. Raises RequestError for `values` that are none."""
    typed = _typed(values, columns)
    changed = np.array(row)
    fields = []
    for index, column in columns.items():
        field: dict[str, Any] = {
            "index": index,
            "name": column.name,
            "kind": column.kind,
            "unit": column.unit,
            "text": column.texts(row)[0],
            "choices": list(column.choices),
        }
        if index in typed:
            field["typed"] = typed[index]
            try:
                changed[0, column.first : column.end] = column.encoded(typed[index])
            except DataError as error:
                field["why"] = f"{error.what}. {error.remedy}"
        fields.append(field)
    both = predict(network, np.concatenate([row, changed]), mean=prepared.target_mean, scale=prepared.target_scale)
    return {"fields": fields, "before": both[0].tolist(), "after": both[1].tolist()}


def _typed(values: Any, columns: Mapping[int, ColumnLike]) -> dict[int, str]:
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise RequestError("values are named by their column", where="values")
    typed = {}
    for key, text in values.items():
        if not str(key).isdecimal() or int(key) not in columns:
            raise RequestError(f"this row has no column {str(key)[:40]!r}", where="values")
        if not isinstance(text, str) or len(text) > MOST_LETTERS:
            raise RequestError(f"a value has at most {MOST_LETTERS} letters", where="values")
        typed[int(key)] = text
    return typed
