"""The network as a picture: its units with what each answers, and the weights between them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from nnviz.engine.network.activations import FormulaActivation
from nnviz.engine.network.network import Network
from nnviz.engine.records import PreparedLike
from nnviz.engine.views.unit_pictures import SIDE, bars, image_map, signed_map
from nnviz.errors import RequestError
from nnviz.spec import Placed

MOST_UNITS = 16
"""Of a layer, of the inputs."""
MOST_LAYERS = 24
ROWS = 500
MOST_WEIGHTS = 20_000_000
MOST_VALUES = 2_000_000
"""Of all rows together: of large ones fewer are taken."""
Floats = NDArray[np.float32]
_NO_UNITS = (
    keras.layers.Activation,
    keras.layers.BatchNormalization,
    keras.layers.GroupNormalization,
    keras.layers.LayerNormalization,
    FormulaActivation,
)
"""Layers that do something to each unit of the layer before, whether or not they have weights."""


def network_picture(network: Network, prepared: PreparedLike, layers: Sequence[Placed]) -> dict[str, Any]:
    """The body of the frame `network`.

    inputs: up to 16 of `inputs_in_all` (a picture is one), each {index, name, and on a plane or for images map};
      `size`: the side of the maps (bytes
      uint8, signed around 128: 255 is +reach; row 0 is the lowest), 0 without any. layers: {place, kind, number, title,
      activation, units_in_all, units, links, from, strongest}: units are up to 16, the largest by the norm of their weights,
      by index, each {index, map or bars (24 bytes, of outputs from low to high), low, high, reach, mean, zero (share of rows for
      which the output is 0), bias}; links: float32 (units, sources) from the units of layer `from` (-1: the inputs), None where
      no plain weights lead there. cost: likewise, of the raw outputs. rows, part: how many rows, of which part; on a plane the
      grid's maps, the other numbers are of rows."""
    weights = network.count_params()
    if weights > MOST_WEIGHTS:
        raise RequestError(f"this network is too large for a picture: {weights:,} weights, and the limit is {MOST_WEIGHTS:,}")
    return _Picture(network, prepared).body(layers)


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
        self.drawn_units: dict[int, NDArray[np.int64]] = {}
        """Indices of the units that are drawn, by layer; -1: of the inputs."""
        self.source: int | None = -1
        """Whose units the next layer is fed: index of a layer, -1 for the inputs, None where its inputs are no units drawn."""

    def body(self, layers: Sequence[Placed]) -> dict[str, Any]:
        placed = list(self._placed(layers))
        inputs = self._inputs(self._first_kernel(placed))
        drawn: list[dict[str, Any]] = []
        x, grid = self.x, self.grid
        for place, made in placed:
            before, x = x.shape[1:], self._after(made, x)
            grid = None if grid is None else self._after(made, grid)
            if len(drawn) == MOST_LAYERS:
                self.source = None
            elif _has_units(place, made):
                drawn.append(_about(place) | self._layer(made[0], x, grid))
                self.source = len(drawn) - 1 if x.ndim == 2 else None
                self.drawn_units[len(drawn) - 1] = np.array([unit["index"] for unit in drawn[-1]["units"]], np.int64)
            else:
                drawn.append(_about(place))
                self.source = self.source if x.shape[1:] == before else None
        return {
            "inputs": inputs,
            "inputs_in_all": 1 if self.is_image else int(np.prod(self.prepared.shape)),
            "size": SIDE if self.grid is not None or self.is_image else 0,
            "layers": drawn,
            "layers_in_all": len(placed),
            "cost": self._cost(x, grid),
            "rows": len(self.x),
            "part": self.part,
        }

    def _placed(self, layers: Sequence[Placed]) -> Iterator[tuple[Placed, list[keras.layers.Layer]]]:
        """Each layer of the spec with Keras's, an activation that was typed with the layer before it."""
        stack = list(self.network.stack)
        for place in layers:
            is_typed = isinstance(getattr(place.layer, "activation", None), Mapping) and place.layer.kind != "Activation"
            made = [stack.pop(0) for _ in range(2 if is_typed else 1)]
            yield place, made

    def _after(self, made: Sequence[keras.layers.Layer], x: Any) -> Floats:
        return np.asarray(self.network.through(made, x))

    def _first_kernel(self, placed: Sequence[tuple[Placed, list[keras.layers.Layer]]]) -> Floats | None:
        """The weights that the inputs meet first; None where these are not those of a Dense layer."""
        for place, made in placed:
            if _has_units(place, made):
                return _kernel(made[0])
        return _kernel(self.network.cost.projection)

    def _inputs(self, kernel: Floats | None) -> list[dict[str, Any]]:
        prepared = self.prepared
        if len(prepared.shape) != 1:
            self.source = None
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

    def _layer(self, layer: keras.layers.Layer, x: Floats, grid: Floats | None) -> dict[str, Any]:
        """What `_about` leaves open, of a layer with units and its outputs."""
        kernel = _kernel(layer)
        size = int(x.shape[-1])
        ones = _largest(np.zeros(size) if kernel is None else np.linalg.norm(kernel, axis=0))
        return {"units_in_all": size, "units": self._units(ones, x, grid, _bias(layer)), **self._links(kernel, ones)}

    def _links(self, kernel: Floats | None, ones: NDArray[np.int64]) -> dict[str, Any]:
        """The weights that lead to the units, from those that are drawn."""
        if kernel is None or self.source is None or not len(self.drawn_units[self.source]):
            strongest = 0.0 if kernel is None else float(np.abs(kernel).max(initial=0.0))
            return {"links": None, "from": None, "strongest": strongest}
        links = kernel[np.ix_(self.drawn_units[self.source], ones)].T
        return {
            "links": np.ascontiguousarray(links, "<f4").tobytes(),
            "from": self.source,
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

    def _cost(self, x: Floats, grid: Floats | None) -> dict[str, Any]:
        cost = self.network.cost
        raw = np.asarray(cost.logits(x))
        over = None if grid is None else np.asarray(cost.logits(grid))
        ones = np.arange(min(cost.columns, MOST_UNITS))
        return {
            "title": cost.kind,
            "output": cost.transform_name,
            "outputs": cost.outputs,
            "units": self._units(ones, raw, over, _bias(cost.projection)),
            **self._links(_kernel(cost.projection), ones),
        }


def _rows(shape: Sequence[int]) -> int:
    return max(1, min(ROWS, MOST_VALUES // max(1, int(np.prod(shape)))))


def _has_units(place: Placed, made: Sequence[keras.layers.Layer]) -> bool:
    return bool(place.lists) or (bool(made[0].weights) and not isinstance(made[0], _NO_UNITS))


def _about(place: Placed) -> dict[str, Any]:
    """A layer as it is drawn without units."""
    return {
        "place": place.path,
        "kind": place.layer.kind,
        "number": ".".join(str(int(part) + 1) for part in _numbers(place.path)),
        "title": _title(place),
        "activation": _activation(place),
        "units_in_all": 0,
        "units": [],
        "links": None,
        "from": None,
        "strongest": 0.0,
    }


def _kernel(layer: Any) -> Floats | None:
    """The weights (inputs, units) of a Dense layer; None of another kind."""
    if not isinstance(layer, keras.layers.Dense):
        return None
    return np.asarray(layer.kernel)


def _bias(layer: Any) -> Floats | None:
    if not isinstance(layer, keras.layers.Dense) or layer.bias is None:
        return None
    return np.asarray(layer.bias)


def _largest(norms: NDArray[Any]) -> NDArray[np.int64]:
    """The indices of the up to 16 largest, in order."""
    return np.sort(np.argsort(-norms, kind="stable")[:MOST_UNITS])


def _numbers(path: str) -> list[str]:
    return [part.partition("]")[0] for part in path.split("[")[1:]]


def _activation(place: Placed) -> str:
    activation = getattr(place.layer, "activation", None)
    if isinstance(activation, Mapping):
        return str(activation.get("expression", activation.get("kind", "")))
    return "" if activation in (None, "linear") else str(activation)


def _title(place: Placed) -> str:
    """`Dense 32`: the kind with its size, where it has one."""
    layer = place.layer
    size = next((getattr(layer, name) for name in ("units", "filters") if hasattr(layer, name)), None)
    return layer.kind if size is None else f"{layer.kind} {size}"
