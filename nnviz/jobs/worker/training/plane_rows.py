"""The rows of data on a plane, sent once as a frame: live views draw them over what the network answers."""

import msgpack
import numpy as np

from nnviz.data import Prepared
from nnviz.engine.training.live_views import drawn_rows
from nnviz.store import FrameRow

PARTS = ("train", "validation", "test")


def rows_frame(prepared: Prepared) -> FrameRow | None:
    """A frame `points`, or None where the data is no plane. Body: x, y (bytes float32, in their own unit), label
    (float32: class number; float64: target in its own unit), part (uint8: place in PARTS), row (uint32: its number in the
    data, from 0), kind (`classes` or `values`), names of the classes, extent, axes. Those rows that `drawn_rows` gives, part by
    part."""
    if prepared.plane is None:
        return None
    columns: dict[str, list[np.ndarray]] = {"x": [], "y": [], "label": [], "part": [], "row": []}
    for name, picked in drawn_rows(prepared).items():
        part = prepared.parts[name]
        if part.raw is None:
            continue
        target = part.y if prepared.task == "classification" else (part.y * prepared.target_scale + prepared.target_mean)[:, 0]
        columns["x"].append(part.raw[picked, 0])
        columns["y"].append(part.raw[picked, 1])
        columns["label"].append(target[picked])
        columns["part"].append(np.full(len(picked), PARTS.index(name)))
        columns["row"].append(part.rows[picked])
    kind = "classes" if prepared.task == "classification" else "values"
    types = {"part": "u1", "label": "<f4" if kind == "classes" else "<f8", "row": "<u4"}
    body = {
        name: np.concatenate(chunks).astype(types.get(name, "<f4")).tobytes() if chunks else b""
        for name, chunks in columns.items()
    }
    about = {"kind": kind, "names": list(prepared.classes), "extent": list(prepared.extent or ()), "axes": list(prepared.plane)}
    return FrameRow("points", 0, 0.0, msgpack.packb(body | about))
