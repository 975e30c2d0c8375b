"""Live views: what a network does to the data while it trains, in a few kB a frame."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nnviz.engine.network.network import Network
from nnviz.engine.records import Frame, PreparedLike

FRAME_SECONDS = 0.25
SHARE = 0.02
"""Of the time that frames may take. What they push out of the processor's caches costs the next steps about as much again."""
WATCHED_SECONDS = 0.8
"""So long a run that is watched makes no frame at most: it rests in between, and may share its processor with seven others."""
RESOLUTION = 64
"""Of a plane's grid, a little less where rows are drawn on it: a frame asks for so many answers in all, squared."""
MOST_DRAWN = 1000
"""Rows that are drawn on a plane."""
WORST = 12
MOST_POINTS = 500
MOST_ROWS = 2000
"""Validation rows that a frame looks at."""
MOST_PIXELS = 32 * 32 * 3
EXAMPLE_SIDE = 16
"""Pixels of an example's longer side, at most."""


class FrameRenderer:
    """Makes frames: `plane` for data on a plane, else `confusion` for classes and `agreement` for numbers.

    plane: shape (rows, columns) of the grid, extent, axes; kind `classes`: values (bytes uint8: the class) and sure (bytes
      uint8: 0 where all classes are as likely, 255 where one is certain); kind `values`: values (bytes uint8) over range, in
      the target's own unit. Row by row from the lowest second input. Of each training and validation row that `drawn_rows`
      names, in that order: answers (bytes uint8: the class) and chances (bytes float32: how likely its own class is; not
      where the outputs are no probabilities); or errors (bytes float32: predicted minus true) in that unit. in_all: rows of part.
    confusion: counts[true][predicted]; worst: rows that are wrong, and after them right ones, by what they cost: row, truth,
      guess, loss, probability (of the guess), right (the probability of the truth; not where the outputs are none), values (of a
      table's first columns, as people write them), image. columns: the names of `values`, of columns_in_all. examples: small
      images of the training rows, one for each class that something was taken for. in_all: rows of part.
    agreement: true and predicted, in the target's own unit (the first target), which is called unit; typical: the error that
      half of the rows stay below, of so many rows, in_all; worst: likewise, those with the largest errors."""

    def __init__(self, network: Network, prepared: PreparedLike, is_watched: Callable[[], bool] = lambda: False) -> None:
        self.network = network
        self.prepared = prepared
        self._is_watched = is_watched
        part = prepared.parts.get("validation")
        self.part_name = "validation" if part is not None and len(part.y) else "train"
        self.part = prepared.parts[self.part_name]
        self._asked: tuple[NDArray[np.float32], NDArray[Any], int] | None = None
        self._examples: dict[int, dict[str, Any] | None] = {}
        self._next = 0.0
        self._frames = 0
        self.last = 0
        """The step of the last frame."""

    @property
    def view(self) -> str:
        if self.prepared.plane is not None:
            return "plane"
        return "confusion" if self.prepared.task == "classification" else "agreement"

    def due(self, step: int, epoch: int) -> Frame | None:
        """A frame, at most four a second, fewer where they would take more than 2 % of the time; of a run that is watched one
        each WATCHED_SECONDS, unless a single frame takes half as long."""
        now = time.perf_counter()
        if now < self._next:
            return None
        frame = self.now(step, epoch)
        took = time.perf_counter() - now
        # The first one compiles.
        wait = max(FRAME_SECONDS, took / SHARE if self._frames > 1 else 0.0)
        self._next = now + (min(wait, WATCHED_SECONDS) if took < WATCHED_SECONDS / 2 and self._is_watched() else wait)
        return frame

    def now(self, step: int, epoch: int) -> Frame:
        self._frames += 1
        self.last = step
        body = {"plane": self._plane, "confusion": self._confusion, "agreement": self._agreement}[self.view]()
        return Frame(view=self.view, step=step, epoch=epoch, body=body)

    def _plane(self) -> dict[str, Any]:
        if self._asked is None:
            self._asked = self._asked_of_a_plane()
        x, y, side = self._asked
        cells = side**2
        outputs = self.network.predict(x, batch_size=RESOLUTION**2)
        body: dict[str, Any] = {
            "shape": [side, side],
            "extent": list(self.prepared.extent or ()),
            "axes": list(self.prepared.plane or ()),
            "part": self.part_name,
            "in_all": len(self.part.y),
        }
        if self.prepared.task == "regression":
            own = self._own(outputs)[:, 0]
            values, errors = own[:cells], own[cells:] - self._own(y)[:, 0]
            body |= {"errors": errors.astype("<f4").tobytes(), "unit": getattr(self.prepared, "target_unit", "")}
            low, high = float(values.min()), float(values.max())
            return body | {"kind": "values", "range": [low, high], "values": _bytes((values - low) / max(high - low, 1e-12))}
        shares = outputs if self._scores_are_shares else _softmax(outputs)
        size = self.prepared.outputs
        picked = shares.argmax(axis=1).astype(np.uint8)
        if self._scores_are_shares:
            body["chances"] = shares[cells:][np.arange(len(y)), y].astype("<f4").tobytes()
        return body | {
            "kind": "classes",
            "classes": size,
            "values": picked[:cells].tobytes(),
            "answers": picked[cells:].tobytes(),
            "sure": _bytes((shares[:cells].max(axis=1) - 1 / size) / (1 - 1 / size)),
        }

    def _asked_of_a_plane(self) -> tuple[NDArray[np.float32], NDArray[Any], int]:
        """Inputs of the grid and, after them, of the rows that are drawn; their targets; the length of a side of the grid."""
        parts = self.prepared.parts
        drawn = [(parts[name], places) for name, places in drawn_rows(self.prepared).items() if name != "test"]
        side = math.isqrt(RESOLUTION**2 - sum(len(places) for _, places in drawn))
        x = [self.prepared.plane_grid(side), *(part.x[places] for part, places in drawn)]
        return (
            np.ascontiguousarray(np.concatenate(x), np.float32),
            np.concatenate([part.y[places] for part, places in drawn]),
            side,
        )

    @property
    def _scores_are_shares(self) -> bool:
        return self.network.cost.transform_name in ("softmax", "sigmoid")

    def _confusion(self) -> dict[str, Any]:
        x, y, rows = self._some()
        raw = self.network.raw(x)
        outputs = np.asarray(self.network.outputs_of(tf.constant(raw)))
        picked = np.asarray(self.network.cost.picked(tf.constant(raw)))
        size = self.prepared.outputs
        counts = np.bincount(y * size + picked, minlength=size * size).reshape(size, size)
        costs = self._costs(y, raw)
        most = [(int(at), float(costs[at])) for at in np.lexsort((-costs, picked == y))[:WORST]]
        worst = []
        for at, cost in most:
            item: dict[str, Any] = {
                "row": int(rows[at]),
                "truth": int(y[at]),
                "guess": int(picked[at]),
                "probability": float(outputs[at, picked[at]]),
                "loss": cost,
            }
            if self._scores_are_shares:
                item["right"] = float(outputs[at, y[at]])
            if is_picture(x[at]):
                item |= {"shape": list(x[at].shape), "image": pixels(x[at])}
            worst.append(item)
        body = {"part": self.part_name, "in_all": len(self.part.y), "counts": counts.tolist(), "worst": worst}
        return body | self._values(x, most, worst) | self._examples_of(worst)

    def _agreement(self) -> dict[str, Any]:
        x, y, rows = self._some()
        raw = self.network.raw(x)
        predicted = self._own(np.asarray(self.network.outputs_of(tf.constant(raw))))
        true = self._own(y)
        costs, misses = self._costs(y, raw), np.abs(predicted - true)[:, 0]
        most = [(int(at), float(costs[at])) for at in np.argsort(-misses, kind="stable")[:WORST]]
        worst: list[dict[str, Any]] = [
            {"row": int(rows[at]), "truth": float(true[at, 0]), "guess": float(predicted[at, 0]), "loss": cost}
            for at, cost in most
        ]
        return {
            "part": self.part_name,
            "in_all": len(self.part.y),
            "rows": len(true),
            "typical": float(np.median(misses)),
            "true": true[:MOST_POINTS, 0].tolist(),
            "predicted": predicted[:MOST_POINTS, 0].tolist(),
            "worst": worst,
            "unit": getattr(self.prepared, "target_unit", ""),
        } | self._values(x, most, worst)

    def _some(self) -> tuple[NDArray[np.float32], NDArray[Any], NDArray[np.int64]]:
        return self.part.x[:MOST_ROWS], self.part.y[:MOST_ROWS], self.part.rows[:MOST_ROWS]

    def _costs(self, y: NDArray[Any], raw: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.asarray(self.network.cost.calculate(y, raw, reduction="none"), np.float64)

    def _values(self, x: NDArray[np.float32], most: list[tuple[int, float]], worst: list[dict[str, Any]]) -> dict[str, Any]:
        """Puts what stands in the rows into `worst`; gives the names of the columns."""
        read = getattr(self.prepared, "first_columns", None)
        if read is None or not most:
            return {}
        columns, values, in_all = read(x[[at for at, _ in most]])
        for item, row in zip(worst, values, strict=False):
            item["values"] = row
        return {"columns": columns, "columns_in_all": in_all} if columns else {}

    def _examples_of(self, worst: list[dict[str, Any]]) -> dict[str, Any]:
        wrong = sorted({item["guess"] for item in worst if item["guess"] != item["truth"] and "image" in item})
        examples = [example for number in wrong if (example := self._example(number)) is not None]
        return {"examples": examples} if examples else {}

    def _example(self, number: int) -> dict[str, Any] | None:
        """The first training image of a class, small."""
        if number not in self._examples:
            train = self.prepared.parts["train"]
            places = np.flatnonzero(np.asarray(train.y) == number)
            image = _shrunk(np.asarray(train.x[int(places[0]) : int(places[0]) + 1])[0]) if len(places) else None
            self._examples[number] = (
                None if image is None else {"class": number, "shape": list(image.shape), "image": pixels(image)}
            )
        return self._examples[number]

    def _own(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """In the target's own unit: in float64, since a float32 has no digits left for a small spread around a large mean."""
        own: NDArray[np.float64] = values.astype(np.float64) * self.prepared.target_scale + self.prepared.target_mean
        return own


def shown_loss(network: Network, prepared: PreparedLike) -> tuple[float, str]:
    """The mean cost of up to 2,000 validation rows (training rows where there are none), and the name of their part."""
    part = prepared.parts.get("validation")
    name = "validation" if part is not None and len(part.y) else "train"
    rows = prepared.parts[name]
    raw = network.raw(np.asarray(rows.x[:MOST_ROWS], np.float32))
    return float(np.mean(network.cost.calculate(rows.y[:MOST_ROWS], raw, reduction="none"))), name


def drawn_rows(prepared: PreparedLike) -> dict[str, NDArray[np.int64]]:
    """The rows that a plane draws: their places in each part, of all parts together at most about 1,000."""
    parts = {name: part for name in ("train", "validation", "test") if (part := prepared.parts.get(name)) is not None}
    share = min(1.0, MOST_DRAWN / max(1, sum(len(part.y) for part in parts.values())))
    return {name: np.linspace(0, len(part.y) - 1, round(len(part.y) * share)).astype(np.int64) for name, part in parts.items()}


def _bytes(shares: NDArray[Any]) -> bytes:
    return np.round(np.clip(np.nan_to_num(shares), 0, 1) * 255).astype(np.uint8).tobytes()


def _softmax(raw: NDArray[np.float32]) -> NDArray[np.float32]:
    shares: NDArray[np.float32] = np.exp(raw - raw.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def pixels(image: NDArray[np.float32]) -> bytes:
    low, high = float(image.min()), float(image.max())
    return _bytes((image - low) / max(high - low, 1e-12))


def is_picture(row: NDArray[np.float32]) -> bool:
    return 2 <= row.ndim <= 3 and row.size <= MOST_PIXELS


def _shrunk(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means of squares of pixels, as many as make its longer side at most 16."""
    step = -(-max(image.shape[:2]) // EXAMPLE_SIDE)
    height, width = (side // step * step for side in image.shape[:2])
    if step == 1 or not height or not width:
        return image
    squares = image[:height, :width].reshape(height // step, step, width // step, step, *image.shape[2:])
    small: NDArray[np.float32] = squares.mean(axis=(1, 3))
    return small
