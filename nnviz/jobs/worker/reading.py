"""What the job `read` answers: what a data set holds, what would be done with it, and enough of it to be drawn."""

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz import data
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.columns.report import preview
from nnviz.data.readers.read import read as read_bytes
from nnviz.data.tables import Table
from nnviz.errors import DataError, SpecError
from nnviz.spec import FileData, RunSpec

MAX_POINTS = 1000
MAX_COLUMNS = 500
IMAGES = 24


def report(
    spec: RunSpec,
    *,
    blob: Callable[[str], bytes] | None = None,
    base: Path | None = None,
    on_read: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """`report`: the report's JSON. `facts`: shape, outputs, task, rows, columns, classes, plane. `parts`: rows of each.
    For data in a plane `points`, up to 1,000 of [x, y, class number or value], and `extent`; for images `images`: some
    of them, as PNG in base64, with their label.

    A table that can be read but not used as it was asked for gives `trouble` (an error's JSON), `columns` (all names)
    and `preview` instead. Raises DataError, SpecError."""
    try:
        prepared = data.load(spec, blob=blob, base=base, on_read=on_read)
    except (DataError, SpecError) as error:
        table = _table(spec.data, blob)
        if table is None:
            raise
        head = table.preview or preview(table.frame, rules=Rules.of(spec.data))
        return {
            "trouble": error.to_json(),
            "columns": [str(name) for name in table.frame.columns],
            "read": dict(table.read),
            "preview": [list(row) for row in head],
        }
    answer: dict[str, Any] = {
        "report": prepared.report.to_json(),
        "facts": {
            "shape": list(prepared.shape),
            "outputs": prepared.outputs,
            "task": prepared.task,
            "rows": prepared.report.rows - prepared.report.rows_dropped,
            "columns": list(prepared.columns)[:MAX_COLUMNS],
            "classes": list(prepared.classes),
            "plane": list(prepared.plane) if prepared.plane else None,
        },
        "parts": {name: len(part) for name, part in prepared.parts.items()},
    }
    if prepared.plane:
        answer |= {"points": _points(prepared), "extent": list(prepared.extent or ())}
    if len(prepared.shape) == 3:
        answer["images"] = _images(prepared)
    return answer


def _table(block: Any, blob: Callable[[str], bytes] | None) -> Table | None:
    if not isinstance(block, FileData) or block.sha256 is None or blob is None:
        return None
    try:
        table = read_bytes(blob(block.sha256), name=block.path, data=block)
    except DataError:
        return None
    return table if isinstance(table, Table) else None


def _points(prepared: data.Prepared) -> list[list[float]]:
    parts = [part for part in prepared.parts.values() if part.raw is not None]
    share = min(1.0, MAX_POINTS / max(1, sum(len(part) for part in parts)))
    is_class = prepared.task == "classification"
    points = []
    for part in parts:
        assert part.raw is not None
        # evenly over the part, which is in the order of the file
        chosen = np.linspace(0, len(part) - 1, int(len(part) * share)).astype(int)
        y = part.y if is_class else part.y[:, 0] * prepared.target_scale[0] + prepared.target_mean[0]
        points += [
            [float(x0), float(x1), int(label) if is_class else float(label)]
            for (x0, x1), label in zip(part.raw[chosen], y[chosen], strict=True)
            if np.isfinite([x0, x1]).all()
        ]
    return points


def _images(prepared: data.Prepared) -> list[dict[str, str]]:
    """Some training images, the classes taking turns."""
    part = prepared.parts["train"]
    if prepared.task == "classification":
        turns = np.zeros(len(part), dtype=np.int64)
        for number in range(prepared.outputs):
            places = np.flatnonzero(part.y == number)
            turns[places] = np.arange(len(places))
        chosen = np.lexsort((part.y, turns))[:IMAGES]
        labels = [prepared.classes[int(label)] for label in part.y[chosen]]
    else:
        chosen = np.arange(min(IMAGES, len(part)))
        own = part.y[chosen, 0] * prepared.target_scale[0] + prepared.target_mean[0]
        labels = [f"{value:.4g}" for value in own]
    return [{"png": png(part.x[index]), "label": label} for index, label in zip(chosen, labels, strict=True)]


def png(image: NDArray[np.float32]) -> str:
    """An image of values in 0..1, (height, width, channels), as a PNG in base64."""
    from PIL import Image

    pixels = np.clip(np.nan_to_num(image) * 255, 0, 255).astype(np.uint8)
    drawn = Image.fromarray(pixels[..., :3] if pixels.shape[-1] >= 3 else pixels[..., 0])
    drawn.thumbnail((96, 96))
    file = io.BytesIO()
    drawn.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
