"""The network as a picture: its units with what each answers, and the weights between them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from nnviz.engine.network.blocks import Residual
from nnviz.engine.network.network import Network
from nnviz.engine.records import PreparedLike
from nnviz.engine.views.drawn_layers import Floats, about, bias_of, columns, first_kernel, has_units, kernel_of, leaves, paired
from nnviz.engine.views.unit_pictures import SIDE, bars, image_map, signed_map
from nnviz.errors import RequestError
from nnviz.spec import Placed

MOST_UNITS = 16
"""Of a layer, of the inputs."""
MOST_LAYERS = 24
"""Columns between the inputs and the cost."""
ROWS = 500
MOST_WEIGHTS = 20_000_000
MOST_VALUES = 2_000_000
"""Of all rows together: of large ones fewer are taken."""


def network_picture(network: Network, prepared: PreparedLike, layers: Sequence[Placed]) -> dict[str, Any]:
    """The body of the frame `network`.

    inputs: up to 16 of `inputs_in_all` (a picture is one), each {index, name, and on a plane or for images map};
      `size`: the side of the maps (bytes
      uint8, signed around 128: 255 is +reach; row 0 is the lowest), 0 without any. layers: {place, kind, number, title,
      activation, copies (of the Repeats around it, see Placed), units_in_all, units, links, from, strongest, after, lanes};
      units are up to 16, the largest by the norm of their weights,
      by index, each {index, map or bars (24 bytes, of outputs from low to high), low, high, reach, mean, zero (share of rows for
      which the output is 0), bias}; links: float32 (units, sources) from the units of layer `from` (-1: the inputs), None where
      no plain weights lead there; after: the layer before it (-1: the inputs). A Residual or Parallel comes after the layers
      inside it, whose `lanes` say of each block around them, the outermost first: [number, branch, of how many]. Its units are
      its outputs, and `join` says {how (add, average or concatenate), ends (the last layer of each branch, that before the block
      where it has none), skip (None, or the layer that a Residual adds), is_projected}; where its layers are too many to be
      drawn, `inside` is their number. cost: likewise, of the raw outputs. layers_in_all, layers_shown: blocks do not count.
      rows, part: how many rows, of which part; on a plane the grid's maps, the other numbers are of rows."""
    weights = network.count_params()
    if weights > MOST_WEIGHTS:
        raise RequestError(f"this network is too large for a picture: {weights:,} weights, and the limit is {MOST_WEIGHTS:,}")
    return _Picture(network, prepared).body(layers)


class _Flow(NamedTuple):
    """What one layer hands to the next. `x`: of the rows; `grid`: of the plane's; `column`: the layer that was drawn last, -1 for
    the inputs; `source`: the one whose units these are, None where they are no units drawn."""

    x: Floats
    grid: Floats | None
    column: int
    source: int | None


class _Picture:
    def __init__(self, network: Network, prepared: PreparedLike) -> None:
        self.network, self.prepared = network, prepared
        part = prepared.parts.get("validation")
        self.part = "validation" if part is not None and len(part.y) else "train"
        self.x: Floats = np.asarray(prepared.parts[self.part].x[: _rows(prepared.shape)], np.float32)
        self.grid: Floats | None = None
        if prepared.plane is not None:
            self.grid = np.ascontiguousarray(prepared.plane_grid(SIDE), np.float32)
        self.is_image = len(prepared.shape) == 3
        self.drawn: list[dict[str, Any]] = []
        self.drawn_units: dict[int, NDArray[np.int64]] = {}
        """Indices of the units that are drawn, by layer; -1: of the inputs."""
        self.layers_shown = self.blocks = 0

    def body(self, layers: Sequence[Placed]) -> dict[str, Any]:
        is_there, kernel = first_kernel(self.network.stack, layers)
        inputs = self._inputs(kernel if is_there else kernel_of(self.network.cost.projection))
        start = _Flow(self.x, self.grid, -1, -1 if len(self.prepared.shape) == 1 else None)
        end = self._through(layers, self.network.stack, start, ())
        return {
            "inputs": inputs,
            "inputs_in_all": 1 if self.is_image else int(np.prod(self.prepared.shape)),
            "size": SIDE if self.grid is not None or self.is_image else 0,
            "layers": self.drawn,
            "layers_in_all": sum(map(leaves, layers)),
            "layers_shown": self.layers_shown,
            "cost": self._cost(end),
            "rows": len(self.x),
            "part": self.part,
        }

    def _through(
        self, layers: Sequence[Placed], stack: Sequence[keras.layers.Layer], flow: _Flow, lanes: tuple[list[int], ...]
    ) -> _Flow:
        """Draws a list of layers and gives what comes out of it."""
        for place, made in paired(stack, layers):
            if place.lists and len(self.drawn) + columns(place) <= MOST_LAYERS:
                flow = self._block(place, made[0], flow, lanes)
            else:
                flow = self._plain(place, made, flow, lanes)
        return flow

    def _plain(self, place: Placed, made: list[keras.layers.Layer], flow: _Flow, lanes: tuple[list[int], ...]) -> _Flow:
        """A layer, or a block as if it were one."""
        x = self._after(made, flow.x)
        grid = None if flow.grid is None else self._after(made, flow.grid)
        if len(self.drawn) == MOST_LAYERS:
            return _Flow(x, grid, flow.column, None)
        column = len(self.drawn)
        entry = about(place) | {"after": [flow.column], "lanes": list(lanes)}
        if place.lists:
            entry["inside"] = leaves(place)
        else:
            self.layers_shown += 1
        source = flow.source if x.shape[1:] == flow.x.shape[1:] else None
        if has_units(place, made):
            entry |= self._layer(column, made[0], x, grid, flow.source)
            source = column if x.ndim == 2 else None
        self.drawn.append(entry)
        return _Flow(x, grid, column, source)

    def _block(self, place: Placed, made: Any, flow: _Flow, lanes: tuple[list[int], ...]) -> _Flow:
        """The layers inside a Residual or Parallel, and what it joins them to."""
        number, self.blocks = self.blocks, self.blocks + 1
        ends = [
            self._through(layers, stack, flow, (*lanes, [number, branch, len(place.lists)]))
            for branch, (layers, stack) in enumerate(zip(place.lists, made.lists, strict=True))
        ]
        x = np.asarray(made.join(flow.x, [end.x for end in ends]))
        grid = None if flow.grid is None else np.asarray(made.join(flow.grid, [end.grid for end in ends]))
        is_skip = isinstance(made, Residual)
        columns_before = [end.column for end in ends]
        join = {
            "how": "add" if is_skip else made.kind,
            "ends": columns_before,
            "skip": flow.column if is_skip else None,
            "is_projected": is_skip and made.projection is not None,
        }
        column = len(self.drawn)
        after = list(dict.fromkeys([*columns_before, *([flow.column] if is_skip else [])]))
        units = self._layer(column, made, x, grid, None)
        self.drawn.append(about(place) | units | {"after": after, "lanes": list(lanes), "join": join})
        return _Flow(x, grid, column, column if x.ndim == 2 else None)

    def _after(self, made: Sequence[keras.layers.Layer], x: Any) -> Floats:
        return np.asarray(self.network.through(made, x))

    def _inputs(self, kernel: Floats | None) -> list[dict[str, Any]]:
        prepared = self.prepared
        if len(prepared.shape) != 1:
            return [{"index": 0, "name": "picture", "map": image_map(self.x[0].mean(axis=-1))}] if self.is_image else []
        size = prepared.shape[0]
        is_plain = kernel is not None and len(kernel) == size
        ones = self.drawn_units[-1] = _largest(
            np.zeros(size) if kernel is None or not is_plain else np.linalg.norm(kernel, axis=1)
        )
        names = list(getattr(prepared, "columns", ()))
        return [
            {
                "index": int(index),
                "name": str(names[index]) if index < len(names) else f"input {index + 1}",
                **({} if self.grid is None else {"map": signed_map(self.grid[:, index])[0]}),
            }
            for index in ones
        ]

    def _layer(self, column: int, layer: Any, x: Floats, grid: Floats | None, source: int | None) -> dict[str, Any]:
        """What `about` leaves open, of a layer with units and its outputs."""
        kernel = kernel_of(layer)
        size = int(x.shape[-1])
        ones = self.drawn_units[column] = _largest(np.zeros(size) if kernel is None else np.linalg.norm(kernel, axis=0))
        return {"units_in_all": size, "units": self._units(ones, x, grid, bias_of(layer)), **self._links(kernel, ones, source)}

    def _links(self, kernel: Floats | None, ones: NDArray[np.int64], source: int | None) -> dict[str, Any]:
        """The weights that lead to the units, from those that are drawn."""
        if kernel is None or source is None or not len(self.drawn_units[source]):
            strongest = 0.0 if kernel is None else float(np.abs(kernel).max(initial=0.0))
            return {"links": None, "from": None, "strongest": strongest}
        links = kernel[np.ix_(self.drawn_units[source], ones)].T
        return {
            "links": np.ascontiguousarray(links, "<f4").tobytes(),
            "from": source,
            "strongest": float(np.abs(kernel).max(initial=0.0)),
        }

    def _units(self, ones: NDArray[np.int64], x: Floats, grid: Floats | None, bias: Floats | None) -> list[dict[str, Any]]:
        units = []
        for index in ones:
            values = x[..., index]
            low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
            unit: dict[str, Any] = {
                "index": int(index),
                "low": low,
                "high": high,
                "reach": max(abs(low), abs(high)),
                "mean": float(values.mean()) if values.size else 0.0,
                "zero": float((values == 0).mean()) if values.size else 0.0,
                "bias": None if bias is None else float(bias[index]),
            }
            if grid is not None:
                unit["map"], unit["reach"] = signed_map(grid[:, index])
            elif self.is_image and x.ndim == 4:
                unit["map"] = image_map(x[0, ..., index], signed=True)
            else:
                unit["bars"] = bars(values, low, high)
            units.append(unit)
        return units

    def _cost(self, end: _Flow) -> dict[str, Any]:
        cost = self.network.cost
        raw = np.asarray(cost.logits(end.x))
        over = None if end.grid is None else np.asarray(cost.logits(end.grid))
        ones = np.arange(min(cost.columns, MOST_UNITS))
        return {
            "title": cost.kind,
            "output": cost.transform_name,
            "outputs": cost.outputs,
            "after": [end.column],
            "units": self._units(ones, raw, over, bias_of(cost.projection)),
            **self._links(kernel_of(cost.projection), ones, end.source),
        }


def _rows(shape: Sequence[int]) -> int:
    return max(1, min(ROWS, MOST_VALUES // max(1, int(np.prod(shape)))))


def _largest(norms: NDArray[Any]) -> NDArray[np.int64]:
    """The indices of the up to 16 largest, in order."""
    return np.sort(np.argsort(-norms, kind="stable")[:MOST_UNITS])
