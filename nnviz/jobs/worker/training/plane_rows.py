"""The rows of data on a plane, sent once as a frame: live views draw them over what the network answers."""

import msgpack
import numpy as np

from nnviz.data import Prepared
from nnviz.store import FrameRow

MOST = 1000
PARTS = ("train", "validation", "test")


def rows_frame(prepared: Prepared) -> FrameRow | None:
    """A frame `points`, or None where the data is no plane. Body: x, y (bytes float32, in their own unit), label
    (float32: class number; float64: target in its own unit), part (uint8: place in PARTS), kind (`classes` or `values`),
    extent, axes. Of each part at most its share of 1,000 rows."""
    if prepared.plane is None:
        return None
    share = min(1.0, MOST / max(1, sum(len(part) for part in prepared.parts.values())))
    columns: dict[str, list[np.ndarray]] = {"x": [], "y": [], "label": [], "part": []}
    for place, name in enumerate(PARTS):
        part = prepared.parts.get(name)
        if part is None or part.raw is None:
            continue
        picked = np.linspace(0, len(part) - 1, round(len(part) * share)).astype(int)
        target = part.y if prepared.task == "classification" else (part.y * prepared.target_scale + prepared.target_mean)[:, 0]
        columns["x"].append(part.raw[picked, 0])
        columns["y"].append(part.raw[picked, 1])
        columns["label"].append(target[picked])
        columns["part"].append(np.full(len(picked), place))
    kind = "classes" if prepared.task == "classification" else "values"
    types = {"part": "u1", "label": "<f4" if kind == "classes" else "<f8"}
    body = {
        name: np.concatenate(chunks).astype(types.get(name, "<f4")).tobytes() if chunks else b""
        for name, chunks in columns.items()
    }
    return FrameRow(
        "points",
        0,
        0.0,
        msgpack.packb(body | {"kind": kind, "extent": list(prepared.extent or ()), "axes": list(prepared.plane)}),
    )
