"""From arrays of images to arrays that can be trained on: all are brought into 0..1 by one number."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.data.clean_images import clean_images
from nnviz.data.columns.encode import Encoder
from nnviz.data.findings import with_findings
from nnviz.data.out_of_core.stored_rows import StoredImages
from nnviz.data.prepared import Part, Prepared, assembled
from nnviz.data.splitting import divide as parts
from nnviz.data.tables import Arrays
from nnviz.errors import DataError
from nnviz.spec import RunSpec


def prepare_images(arrays: Arrays, spec: RunSpec, *, scaled: bool) -> Prepared:
    """Cleans and splits images and fits what divides them. `scaled`: as of `prepare_table`, for images whose labels are
    numbers. Raises DataError with the file, or the field of the spec, and a remedy."""
    cleaned = with_findings(clean_images(arrays, spec.data), spec.data)
    for field, name in (("column", spec.split.column), ("by", spec.split.by)):
        if name is not None:
            raise DataError(
                f"images have no column {name!r}",
                where=f"split.{field}",
                remedy=f"Leave split.{field} out, or give x_train and x_test in the file.",
            )
    divided = parts.divide(cleaned, spec.split)
    cleaned, part_rows = replace(cleaned, report=divided.report), divided.rows
    target = cleaned.target_code(part_rows["train"], scaled=scaled)
    x: Any = cleaned.x
    if isinstance(x, StoredImages):
        train = x.taken(part_rows["train"])
        encoder = Encoder(
            target=target, shape=x.shape[1:], divide=_scale(train, float(train.largest.max(initial=0.0))), rules=cleaned.rules
        )
        y, coded = encoder.transform_target(cleaned.frame), x.coded(encoder)
        assert y is not None
        stored: dict[str, Any] = {part: coded.taken(rows) for part, rows in part_rows.items()}
        return assembled(
            encoder,
            {part: Part(x=stored[part], y=y[rows], rows=cleaned.rows[rows]) for part, rows in part_rows.items()},
            cleaned.report,
        )
    divide = arrays.divide or _divide(x[part_rows["train"]])
    encoder = Encoder(target=target, shape=x.shape[1:], divide=divide, rules=cleaned.rules)
    encoded, y = encoder.transform(x), encoder.transform_target(cleaned.frame)
    assert y is not None
    by_part = {part: Part(x=encoded[rows], y=y[rows], rows=cleaned.rows[rows]) for part, rows in part_rows.items()}
    return assembled(encoder, by_part, cleaned.report)


def _divide(x: NDArray[Any]) -> float:
    """What brings images into 0..1: the usual full scale that holds the largest training value, else that value."""
    return _scale(x, float(np.nanmax(np.abs(x), initial=0.0)))


def _scale(x: Any, largest: float) -> float:
    whole = np.issubdtype(x.dtype, np.integer) or bool(np.all(x[:100] == np.round(x[:100])))
    if whole and largest > 1:
        return next((full for full in (16.0, 255.0, 65535.0) if largest <= full), largest)
    return largest if largest > 1 else 1.0
