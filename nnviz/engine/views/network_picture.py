"""The network as a picture: its units with what each answers, and the weights between them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from nnviz.engine.metrics.streaming import widest
from nnviz.engine.network.blocks import Residual
from nnviz.engine.network.network import Network
from nnviz.engine.network.unit_switches import switchable
from nnviz.engine.network.weight_names import names
from nnviz.engine.records import PreparedLike
from nnviz.engine.views.drawn_layers import (
    Floats,
    about,
    bias_of,
    columns,
    filters_of,
    first_kernel,
    has_units,
    kernel_of,
    leaves,
    norms_of,
)
from nnviz.engine.views.network_answers import left_out, muted, picture_answer, row_costs
from nnviz.engine.views.picture_choice import pages_of, picture_of, unit_of
from nnviz.engine.views.placed_layers import paired
from nnviz.engine.views.unit_pictures import SIDE, image_map, signed_map, units_of
from nnviz.engine.views.view_request import rows_of
from nnviz.errors import RequestError
from nnviz.spec import Placed

MOST_UNITS = 16
"""Of a layer, of the inputs."""
MOST_LAYERS = 24
"""Columns between the inputs and the cost."""
MOST_KINDS = 20
"""Classes up to which the mean output of a unit is told for each."""
ROWS = 500
MOST_WEIGHTS = 20_000_000
MOST_VALUES = 2_000_000
"""Of all rows together in the widest layer: of large ones fewer are taken."""


def network_picture(
    network: Network, prepared: PreparedLike, layers: Sequence[Placed], choice: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The body of the frame `network`. `choice`: `pages`, by the key of a layer which 16 of its units are drawn, from 0 (past
    the last one: the last); `picture`: for images, which row of the part; `unit`: {key, index}, one to be left out.

    inputs: up to 16 of `inputs_in_all` (a picture is one), each {index, name, and on a plane or for images map};
      inputs_page, inputs_by_weight as of a layer; `size`: the side of the maps (bytes
      uint8, signed around 128: 255 is +reach; row 0 is the lowest), 0 without any. layers: {key, place, kind, number, title,
      activation, copies (of the Repeats around it, see Placed), units_in_all, units, page, by_weight, links, from, strongest,
      after, lanes, help, shape (of what it gives for a row)};
      units are up to 16, the largest by the norm of their weights (by_weight, else the first; `page`: further ones), by index,
      each {index, map or bars (24 bytes, of outputs from low to high), low, high, reach, mean, zero (share of rows for which
      the output is 0), by_class (mean output, up to 20 classes), bias, now (for images, of the picture chosen), off (only where
      it is switched off)}; arrays: names by which its numbers are changed, {kernel, bias, is_on}, those that there are;
      filters, of convolutions with small ones: float32 (units, places), and filter_shape (of one); links: float32 (units,
      sources) from the units of layer `from` (-1: the inputs), None where no plain weights lead there; after: the layer before
      it (-1: the inputs). A Residual or Parallel comes after the layers inside it, whose `lanes` say of each block around them,
      the outermost first: [number, branch, of how many]. Its units are its outputs, and `join` says {how (add, average or
      concatenate), ends (the last layer of each branch, that before the block where it has none), skip (None, or the layer that
      a Residual adds), is_projected}; where its layers are too many to be drawn, `inside` is their number. cost: likewise, of
      the raw outputs. layers_in_all, layers_shown: blocks do not count.
      row_costs: {bars, low, high, mean} of each row's cost. without: {key, index, mean}: the mean where the unit in the choice
      `unit` gives 0. rows, part: how many rows, of which part; on a plane the grid's
      maps, the other numbers are of rows. picture, for images: {row, of, label, answer (classes by number, or the target's
      values in their own unit), share (the probability of the answer, None for values)}.

    Raises RequestError for a network beyond the limit, and for a choice that is none."""
    weights = network.count_params()
    if weights > MOST_WEIGHTS:
        raise RequestError(f"this network is too large for a picture: {weights:,} weights, and the limit is {MOST_WEIGHTS:,}")
    return _Picture(network, prepared, choice or {}).body(layers)


class _Flow(NamedTuple):
    """What one layer hands to the next. `x`: of the rows; `grid`: of the plane's, or of the picture chosen; `column`: the
    layer that was drawn last, -1 for the inputs; `source`: the one whose units these are, None where they are no units drawn."""

    x: Floats
    grid: Floats | None
    column: int
    source: int | None
    without: Floats | None = None
    """Of the rows, where the unit that was chosen gives 0; None before it."""


class _Picture:
    def __init__(self, network: Network, prepared: PreparedLike, choice: Mapping[str, Any]) -> None:
        self.network, self.prepared = network, prepared
        self.part, rows = rows_of(prepared)
        self.x: Floats = np.asarray(rows.x[: _rows(network)], np.float32)
        self.pages, picture, self.unit = pages_of(choice), picture_of(choice), unit_of(choice)
        kinds = len(prepared.classes) if prepared.task == "classification" else 0
        self.kinds = np.asarray(rows.y[: len(self.x)], np.int64) if 2 <= kinds <= MOST_KINDS else None
        self.grid: Floats | None = None
        self.row = min(picture, len(rows.y) - 1)
        if prepared.plane is not None:
            self.grid = np.ascontiguousarray(prepared.plane_grid(SIDE), np.float32)
        elif len(prepared.shape) == 3:
            self.grid = np.asarray(rows.x[self.row : self.row + 1], np.float32)
        self.is_image = len(prepared.shape) == 3
        self.array_names = {id(one): name for name, one in zip(names(network), network.trainable_variables, strict=True)}
        self.switches = {id(layer): (name, last) for name, layer, last in switchable(network.stack, network.paths)}
        self.drawn: list[dict[str, Any]] = []
        self.drawn_units: dict[int, NDArray[np.int64]] = {}
        """Indices of the units that are drawn, by layer; -1: of the inputs."""
        self.layers_shown = self.blocks = 0

    def body(self, layers: Sequence[Placed]) -> dict[str, Any]:
        is_there, kernel = first_kernel(self.network.stack, layers)
        inputs = self._inputs(kernel if is_there else kernel_of(self.network.cost.projection))
        start = _Flow(self.x, self.grid, -1, -1 if len(self.prepared.shape) == 1 else None)
        end = self._through(layers, self.network.stack, start, ())
        logits = np.asarray(self.network.cost.logits(end.x))
        rows = self.prepared.parts[self.part]
        return {
            **inputs,
            "inputs_in_all": 1 if self.is_image else int(np.prod(self.prepared.shape)),
            "size": SIDE if self.grid is not None else 0,
            "layers": self.drawn,
            "layers_in_all": sum(map(leaves, layers)),
            "layers_shown": self.layers_shown,
            "cost": self._cost(end, logits),
            "row_costs": row_costs(self.network.cost, rows.y[: len(logits)], logits),
            **left_out(self.unit, self.network.cost, rows.y[: len(logits)], end.without),
            "rows": len(self.x),
            "part": self.part,
            **(
                {}
                if end.grid is None or not self.is_image
                else {"picture": picture_answer(self.network, self.prepared, rows.y, self.row, end.grid)}
            ),
        }

    def _through(
        self, layers: Sequence[Placed], stack: Sequence[keras.layers.Layer], flow: _Flow, lanes: tuple[list[int], ...]
    ) -> _Flow:
        """Draws a list of layers and gives what comes out of it."""
        for place, made in paired(layers, stack):
            if place.lists and len(self.drawn) + columns(place) <= MOST_LAYERS:
                flow = self._block(place, made[0], flow, lanes)
            else:
                flow = self._plain(place, made, flow, lanes)
        return flow

    def _plain(self, place: Placed, made: list[keras.layers.Layer], flow: _Flow, lanes: tuple[list[int], ...]) -> _Flow:
        """A layer, or a block as if it were one."""
        x = self._after(made, flow.x)
        grid = None if flow.grid is None else self._after(made, flow.grid)
        without = None if flow.without is None else self._after(made, flow.without)
        if len(self.drawn) == MOST_LAYERS:
            return _Flow(x, grid, flow.column, None, without)
        column = len(self.drawn)
        entry = self._about(place) | {"after": [flow.column], "lanes": list(lanes), "shape": list(x.shape[1:])}
        if place.lists:
            entry["inside"] = leaves(place)
        else:
            self.layers_shown += 1
        source = flow.source if x.shape[1:] == flow.x.shape[1:] else None
        if has_units(place, made):
            entry |= self._layer(entry["key"], made[0], x, grid, flow.source)
            source = column if x.ndim == 2 else None
        self.drawn.append(entry)
        return _Flow(x, grid, column, source, muted(self.unit, entry["key"], x, without))

    def _block(self, place: Placed, made: Any, flow: _Flow, lanes: tuple[list[int], ...]) -> _Flow:
        """The layers inside a Residual or Parallel, and what it joins them to."""
        number, self.blocks = self.blocks, self.blocks + 1
        ends = [
            self._through(layers, stack, flow, (*lanes, [number, branch, len(place.lists)]))
            for branch, (layers, stack) in enumerate(zip(place.lists, made.lists, strict=True))
        ]
        x = np.asarray(made.join(flow.x, [end.x for end in ends]))
        grid = None if flow.grid is None else np.asarray(made.join(flow.grid, [end.grid for end in ends]))
        without = None
        if any(end.without is not None for end in ends):
            first, *parts = (one.x if one.without is None else one.without for one in (flow, *ends))
            without = np.asarray(made.join(first, parts))
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
        entry = self._about(place)
        units = self._layer(entry["key"], made, x, grid, None)
        self.drawn.append(entry | units | {"after": after, "lanes": list(lanes), "shape": list(x.shape[1:]), "join": join})
        return _Flow(x, grid, column, column if x.ndim == 2 else None, muted(self.unit, entry["key"], x, without))

    def _after(self, made: Sequence[keras.layers.Layer], x: Any) -> Floats:
        return np.asarray(self.network.through(made, x))

    def _about(self, place: Placed) -> dict[str, Any]:
        """With a key that each copy of a repeated layer has for itself."""
        entry = about(place)
        copies = sum(one["place"] == place.path for one in self.drawn)
        return entry | {"key": f"{place.path} {copies}" if copies else place.path}

    def _inputs(self, kernel: Floats | None) -> dict[str, Any]:
        prepared = self.prepared
        if len(prepared.shape) != 1:
            pictures = (
                [] if self.grid is None else [{"index": 0, "name": "picture", "map": image_map(self.grid[0].mean(axis=-1))}]
            )
            return {"inputs": pictures}
        size = prepared.shape[0]
        is_plain = kernel is not None and len(kernel) == size
        ones, page = self._chosen("inputs", size, np.linalg.norm(kernel, axis=1) if is_plain and kernel is not None else None)
        self.drawn_units[-1] = ones
        names = list(getattr(prepared, "columns", ()))
        inputs = [
            {
                "index": int(index),
                "name": str(names[index]) if index < len(names) else f"input {index + 1}",
                **({} if self.grid is None else {"map": signed_map(self.grid[:, index])[0]}),
            }
            for index in ones
        ]
        return {"inputs": inputs, "inputs_page": page, "inputs_by_weight": is_plain}

    def _chosen(self, key: str, size: int, norms: NDArray[Any] | None) -> tuple[NDArray[np.int64], int]:
        """Which units of a layer are drawn, rising, and which page of them that is."""
        page = min(self.pages.get(key, 0), (size - 1) // MOST_UNITS)
        order = np.arange(size) if norms is None else np.argsort(-norms, kind="stable")
        return np.sort(order[page * MOST_UNITS : (page + 1) * MOST_UNITS]), page

    def _layer(self, key: str, layer: Any, x: Floats, grid: Floats | None, source: int | None) -> dict[str, Any]:
        """What `about` leaves open, of the next layer that is drawn, with units and its outputs."""
        kernel = kernel_of(layer)
        size = int(x.shape[-1])
        norms = norms_of(layer, size)
        ones, page = self._chosen(key, size, norms)
        self.drawn_units[len(self.drawn)] = ones
        return {
            "units_in_all": size,
            "units": self._with_switches(
                layer, ones, units_of(ones, x, grid, bias_of(layer), is_image=self.is_image, kinds=self.kinds)
            ),
            "arrays": self._arrays(layer),
            **filters_of(layer, ones),
            "page": page,
            "by_weight": norms is not None,
            **self._links(kernel, ones, source),
        }

    def _arrays(self, layer: Any) -> dict[str, str]:
        """Of a layer with units, or of the cost's projection."""
        known = {name: self.array_names.get(id(getattr(layer, name, None)), "") for name in ("kernel", "bias")}
        is_on, _ = self.switches.get(id(layer), ("", None))
        return {name: array for name, array in (known | {"is_on": is_on}).items() if array}

    def _with_switches(self, layer: Any, ones: NDArray[np.int64], units: list[dict[str, Any]]) -> list[dict[str, Any]]:
        _, last = self.switches.get(id(layer), ("", None))
        is_on = None if last is None or self.network.switches is None else self.network.switches.is_on(last)
        if is_on is None:
            return units
        return [unit if is_on[index] else unit | {"off": True} for index, unit in zip(ones, units, strict=True)]

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

    def _cost(self, end: _Flow, logits: Floats) -> dict[str, Any]:
        cost = self.network.cost
        over = None if end.grid is None else np.asarray(cost.logits(end.grid))
        ones, page = self._chosen("cost", cost.columns, None)
        return {
            "title": cost.kind,
            "output": cost.transform_name,
            "outputs": cost.outputs,
            "after": [end.column],
            "units": units_of(ones, logits, over, bias_of(cost.projection), is_image=self.is_image),
            "arrays": self._arrays(cost.projection),
            "page": page,
            "by_weight": False,
            **self._links(kernel_of(cost.projection), ones, end.source),
        }


def _rows(network: Network) -> int:
    return max(1, min(ROWS, MOST_VALUES // max(1, widest(network))))
