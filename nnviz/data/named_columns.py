"""The columns that a spec names, under the names that they have in the table: letters may be composed in two ways that nobody
can tell apart."""

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

import pandas as pd

from nnviz.data.column_names import as_column, canonical, mended
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.tables import Arrays, Table
from nnviz.spec import BuiltinData, FileData, RunSpec, SyntheticData

D = TypeVar("D", bound=FileData | BuiltinData | SyntheticData)


def with_normalized_names(table: Table | Arrays, rules: Rules) -> Table | Arrays:
    """The table with the names of its columns as they are compared; what had to be renamed is added to its notes."""
    if rules.is_old or isinstance(table, Arrays):
        return table
    original = [str(name) for name in table.frame.columns]
    names = [canonical(name) for name in original]
    if names == original:
        return table
    names, notes = mended(names)
    return replace(
        table,
        frame=table.frame.set_axis(pd.Index(names, dtype="str"), axis=1),
        notes=(*table.notes, *notes),
        targets=tuple(as_column(name, names) for name in table.targets),
    )


def with_table_names(spec: RunSpec, columns: Collection[str]) -> RunSpec:
    """The spec with the names in `data` and `split` as the table has them."""
    names, split, data = _Names(columns), spec.split, data_with_table_names(spec.data, columns)
    changed = {field: names(name) for field in ("column", "by") if (name := getattr(split, field)) is not None}
    if data is spec.data and all(getattr(split, field) == name for field, name in changed.items()):
        return spec
    return spec.model_copy(update={"data": data, "split": split.model_copy(update=changed)})


def data_with_table_names(data: D, columns: Collection[str]) -> D:
    """A data block likewise."""
    if not isinstance(data, FileData) or Rules.of(data).is_old:
        return data
    names = _Names(columns)
    changed = {
        "target": names(data.target) if isinstance(data.target, str) else data.target,
        "drop": tuple(names(name) if isinstance(name, str) else name for name in data.drop),
        "columns": {names(name): column_spec for name, column_spec in data.columns.items()},
    }
    return data if all(getattr(data, name) == value for name, value in changed.items()) else data.model_copy(update=changed)


class _Names:
    def __init__(self, columns: Collection[str]) -> None:
        self.columns = {str(column) for column in columns}

    def __call__(self, name: str) -> str:
        return as_column(name, self.columns)
