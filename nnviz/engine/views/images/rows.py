"""The pictures that the view chooses from, and their order: as they come, or the wrong ones first."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.engine.network.network import Network
from nnviz.engine.records import PreparedLike
from nnviz.engine.views.view_request import ViewRequest, rows_of
from nnviz.errors import RequestError

MOST_ORDERED = 500
"""Rows that are put in order by what is wrong with them."""
MOST_VALUES = 4_000_000
"""Of all rows that are looked at together: of large pictures fewer are taken."""
SIDE = 64
"""Pixels of a picture's longer side as it is drawn."""


class Rows:
    """The validation rows, or where there are none the training rows."""

    def __init__(self, network: Network, prepared: PreparedLike) -> None:
        self.network, self.prepared = network, prepared
        self.name, self.part = rows_of(prepared)
        self.count = len(self.part.y)

    def picture(self, row: int) -> NDArray[np.float32]:
        """Float32 (1, height, width, channels)."""
        return np.asarray(self.part.x[row : row + 1], np.float32)

    def truth(self, row: int) -> dict[str, float]:
        """The class, or the first target in its own unit."""
        y, prepared = self.part.y[row], self.prepared
        if prepared.task == "classification":
            return {"truth": int(y)}
        return {"truth": float((np.asarray(y, np.float64) * prepared.target_scale + prepared.target_mean).ravel()[0])}

    def some(self, most: int) -> NDArray[np.float32]:
        """The first rows, at most so many."""
        size = int(np.prod(self.prepared.shape))
        return np.asarray(self.part.x[: max(1, min(most, MOST_VALUES // max(1, size)))], np.float32)

    def chosen(self, request: ViewRequest) -> tuple[int, dict[str, Any]]:
        """The row that the choice names (`row`; `order`: rows or wrong), else the first in its order; and what the body says of
        the others: order, looked_at (rows that are in order), place (None: not among these), previous, next, and for the order
        by what is wrong how many classes are, `wrong`.

        Raises RequestError."""
        order = request.choice.get("order", "rows")
        if order not in ("rows", "wrong"):
            raise RequestError(f"pictures come in the order of rows or wrong ones first; got {order!r:.40}", where="order")
        rows, wrong = (np.arange(self.count), None) if order == "rows" else self._wrong_first()
        row = request.index("row", of=self.count, default=int(rows[0]))
        places = np.flatnonzero(rows == row)
        place = int(places[0]) if len(places) else None
        around = (len(rows) - 1, 0) if place is None else (place - 1, place + 1)
        previous, following = (int(rows[at % len(rows)]) for at in around)
        return row, {
            "order": order,
            "looked_at": len(rows),
            "place": place,
            "previous": previous,
            "next": following,
            "wrong": wrong,
        }

    def _wrong_first(self) -> tuple[NDArray[np.int64], int | None]:
        """Rows with a wrong class by what they cost, then the others likewise; of numbers those with the largest errors."""
        x = self.some(MOST_ORDERED)
        y = np.asarray(self.part.y[: len(x)])
        raw = self.network.raw(x)
        if self.prepared.task == "regression":
            misses = np.abs(np.asarray(self.network.outputs_of(raw)) - y)[:, 0]
            return np.argsort(-misses, kind="stable"), None
        costs = np.asarray(self.network.cost.calculate(y, raw, reduction="none"), np.float64)
        is_right = np.asarray(self.network.cost.picked(raw)) == y
        return np.lexsort((-costs, is_right)), int((~is_right).sum())


def drawn(image: NDArray[np.float32], side: int = SIDE) -> dict[str, Any]:
    """An image (height, width, channels) as {shape, image: bytes uint8 from its lowest value to its highest}; of a larger one
    every n-th pixel, so that its longer side is at most `side`."""
    step = -(-max(image.shape[:2]) // side)
    small = np.nan_to_num(np.asarray(image[::step, ::step], np.float64))
    low, high = float(small.min()), float(small.max())
    levels = np.round(255 * (small - low) / ((high - low) or 1.0)).astype(np.uint8)
    return {"shape": list(levels.shape), "image": levels.tobytes()}
