"""New rows for a trained network, as a whole file of them."""

from typing import Any

import pandas as pd
from numpy.typing import NDArray

from nnviz.data.columns.encode import Encoder
from nnviz.data.readers.matching_text import Wanted, read_new
from nnviz.data.readers.read import read
from nnviz.data.tables import Arrays, Table
from nnviz.errors import DataError
from nnviz.spec import FileData


def read_rows(content: bytes, *, name: str, encoder: Encoder, data: FileData | None = None) -> "pd.DataFrame | NDArray[Any]":
    """New rows for a trained network, to be given to `encoder.transform` (and `transform_target` where labels are
    present): a table, or for images their array. Columns that it does not know are ignored.
    Raises DataError that names the columns it misses."""
    options = data.model_copy(update={"path": name}) if data is not None else FileData(kind="file", path=name)
    options = options.model_copy(update={"read": options.read.model_copy(update=encoder.rules.read_fields())})
    loaded = read(
        content,
        name=name,
        data=options,
        text=None
        if encoder.rules.is_old
        else lambda content: read_new(content, name=name, wanted=wanted_by(encoder, options))[0],
    )
    if encoder.is_images:
        if not isinstance(loaded, Arrays):
            raise DataError(
                "this is a table, but the network was trained on images",
                where=name,
                remedy=f"Give an .npz file whose x has the shape (rows, {', '.join(map(str, encoder.shape))}).",
            )
        return loaded.x
    if isinstance(loaded, Arrays):
        raise DataError(
            "this file holds images, but the network was trained on a table",
            where=name,
            remedy=f"Give a table with the columns {', '.join(encoder.inputs[:8])}.",
        )
    absent = [column for column in encoder.inputs if column not in loaded.frame.columns]
    if absent and loaded.read.get("header") is False and options.header is None:
        # A few rows of words leave it open whether the first holds names; the columns that are wanted settle it.
        named = read(content, name=name, data=options.model_copy(update={"header": True}))
        if isinstance(named, Table) and set(encoder.inputs) <= set(named.frame.columns):
            return named.frame
    if absent:
        few = ", ".join(repr(column) for column in absent[:8]) + (f" and {len(absent) - 8} more" if len(absent) > 8 else "")
        raise DataError(
            f"missing column{'s' if len(absent) > 1 else ''} {few}",
            where=name,
            remedy="The network was trained with them: add them, with blanks where the value is not known.",
        )
    return loaded.frame


def wanted_by(encoder: Encoder, options: FileData) -> Wanted:
    """What new rows for a network must bring."""
    numbers = [code.name for code in encoder.columns if code.type == "number"]
    plain = [code.name for code in encoder.columns if code.type == "number" and not code.way]
    if encoder.target.task == "regression":
        ways = encoder.target.ways or ("",) * len(encoder.target.names)
        plain += [name for name, way in zip(encoder.target.names, ways, strict=True) if not way]
    return Wanted(
        columns=encoder.inputs, numbers=numbers, plain=plain, targets=encoder.target.names, form=encoder.form, options=options
    )
