"""From the layers of a stack to its plan, one layer after the other."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nnviz.catalog import LAYERS
from nnviz.catalog.entry import LayerEntry, Shape
from nnviz.catalog.layers import shape_text
from nnviz.catalog.layers.joins import joined_shape, residual_weights
from nnviz.errors import SpecError, StackError
from nnviz.spec import BLOCKS, MAX_LAYERS, inner_lists, layer_count, output_columns, parse_cost, parse_layers, settle
from nnviz.stack.rows import BYTES, Plan, PlanRow, add_copy, unknown_rows

MAX_PARAMETERS = 250_000_000
"""Of a whole stack: a gigabyte of weights, before the optimizer's own."""


def plan(
    layers: Sequence[Any], shape: Shape, *, outputs: int | None = None, cost: Any = None, most: float = MAX_PARAMETERS
) -> Plan:
    """Plan a stack for rows of `shape`. `layers` and `cost` are models of the spec or mappings of the same fields.

    `outputs`: classes or target columns; with it or a cost, the last row is the cost's projection. A layer that does
    not fit has the `error` at its row; rows after it stay unknown. `most`: parameters that there may be.
    Raises SpecError where a mapping is no layer."""
    if any(isinstance(layer, Mapping) for layer in layers):
        layers = parse_layers([layer if isinstance(layer, Mapping) else layer.written() for layer in layers])
    if isinstance(cost, Mapping):
        cost = parse_cost(cost)
    builder = _Builder(tuple(shape), most)
    count = layer_count(layers)
    if count > MAX_LAYERS:
        builder.fail(
            StackError(
                f"the stack has {count:,} layers when its Repeats are written out",
                where="layers",
                remedy=f"At most {MAX_LAYERS:,} are allowed.",
            )
        )
        rows = tuple(unknown_rows(layers, "layers", 1))
    else:
        rows = tuple(builder.rows(layers, "layers", None, True))
    if outputs is not None or cost is not None:
        rows += (builder.cost(cost, outputs),)
    return Plan(
        rows=rows,
        parameters=sum(row.total for row in rows),
        trainable=sum(row.total_trainable for row in rows),
        memory_bytes=sum(row.memory_bytes for row in rows),
        error=builder.error,
        output_shape=builder.shape,
    )


class _Builder:
    """Carries the shape from layer to layer; `shape` is None after the first error. `is_data`: the values are still those
    of the data, in whatever shape; `moves`: they depend on weights that are trained."""

    def __init__(self, shape: Shape, most: float) -> None:
        self.shape: Shape | None = shape
        self.most = most
        self.error: StackError | None = None
        self.parameters = 0
        self.is_data = True
        self.moves = False

    def fail(self, error: StackError) -> StackError:
        self.shape = None
        self.error = error
        return error

    def rows(self, layers: Sequence[Any], where: str, copy: tuple[int, int] | None, trainable: bool) -> Iterator[PlanRow]:
        for index, layer in enumerate(layers):
            path = f"{where}[{index}]"
            if layer.kind == "Repeat":
                yield self._repeat(layer, path, trainable and layer.trainable)
            elif layer.kind in BLOCKS:
                yield self._joined(layer, path, copy, trainable and layer.trainable)
            else:
                yield self._layer(layer, path, copy, trainable)

    def cost(self, cost: Any, outputs: int | None) -> PlanRow:
        kind = "Cost" if cost is None else cost.kind
        row = PlanRow(path="cost", kind=kind, shape=None)
        if self.shape is None:
            return row
        if len(self.shape) != 1:
            needed = "Flatten or GlobalAveragePooling2D" if len(self.shape) == 3 else "Flatten"
            return replace(
                row,
                error=self.fail(
                    StackError(
                        f"{needed} needed before the cost: input is {shape_text(self.shape)}",
                        where="cost",
                        fix="Flatten",
                        remedy="Insert a Flatten layer at the end.",
                    )
                ),
            )
        if outputs is None:
            self.shape = None
            return row
        columns = output_columns(cost, outputs)
        params = 0
        if cost is None or cost.project:
            params = self.shape[0] * columns + (columns if cost is None or cost.use_bias else 0)
        elif self.shape != (columns,):
            return replace(
                row,
                error=self.fail(
                    StackError(
                        f"without a projection the cost needs {columns} columns: input is {shape_text(self.shape)}",
                        where="cost",
                        remedy=f"End in a Dense layer of {columns} units, or set project to true.",
                    )
                ),
            )
        self.shape = (columns,)
        return replace(
            row,
            shape=self.shape,
            params=params,
            trainable=params,
            total=params,
            total_trainable=params,
            memory_bytes=BYTES * (params + columns),
            saved_values=columns,
        )

    def _layer(self, layer: Any, path: str, copy: tuple[int, int] | None, trainable: bool) -> PlanRow:
        row = PlanRow(path=path, kind=layer.kind, shape=None)
        if self.shape is None:
            return row
        try:
            settled = settle(layer, path, copy)
            if layer.kind == "Embedding" and not self.is_data:
                raise StackError("Embedding takes whole numbers: those of the data", remedy="Let it be the first layer.")
            entry, input_shape = LAYERS[layer.kind], self.shape
            self.is_data = self.is_data and entry.group == "shape"
            shape, weights, others = entry.build(input_shape, settled.params)
            self._count(weights + others)
        except SpecError as error:
            return replace(row, error=self._refused(error, path, copy))
        self.shape = shape
        moved = weights if trainable and settled.trainable else 0
        self.moves = self.moves or moved > 0
        return replace(
            row,
            shape=shape,
            params=weights + others,
            trainable=moved,
            total=weights + others,
            total_trainable=moved,
            memory_bytes=BYTES * (weights + others + math.prod(shape)),
            saved_values=_saved_output(entry, shape) + entry.inside(input_shape, settled.params) if self.moves else 0,
        )

    def _count(self, parameters: int) -> None:
        self.parameters += parameters
        if self.parameters > self.most:
            raise StackError(
                f"the stack has {self.parameters:,} parameters up to here",
                remedy=f"At most {self.most:,} are allowed: use fewer units or a smaller input.",
            )

    def _refused(self, error: SpecError, path: str, copy: tuple[int, int] | None) -> StackError:
        what = f"in copy {copy[0] + 1}: {error.what}" if copy and copy[0] and not error.where else error.what
        fix, fix_with = (error.fix, error.fix_with) if isinstance(error, StackError) else ("", {})
        return self.fail(StackError(what, where=error.where or path, remedy=error.remedy, fix=fix, fix_with=fix_with))

    def _joined(self, layer: Any, path: str, copy: tuple[int, int] | None, trainable: bool) -> PlanRow:
        """The row of a Residual or Parallel."""
        start = self.shape
        inner: tuple[PlanRow, ...] = ()
        shapes: list[Shape] = []
        for where, layers in inner_lists(layer, path):
            self.shape = None if self.error else start
            inner += tuple(self.rows(layers, where, copy, trainable))
            shapes += [] if self.shape is None else [self.shape]
        row = PlanRow(path=path, kind=layer.kind, shape=None, rows=inner)
        weights = 0
        if start is not None and self.error is None:
            try:
                if layer.kind == "Residual":
                    weights = residual_weights(start, shapes[0], project=layer.project)
                    shape = shapes[0]
                else:
                    shape = joined_shape(shapes, layer.join)
                self._count(weights)
                self.shape = shape
                self.moves = self.moves or (trainable and weights > 0)
                row = replace(
                    row,
                    shape=shape,
                    memory_bytes=BYTES * (weights + math.prod(shape)),
                    saved_values=math.prod(shape) if self.moves else 0,
                )
            except SpecError as error:
                row = replace(row, error=self._refused(error, path, copy))
        moved = weights if trainable else 0
        return replace(
            row,
            params=weights + sum(each.params for each in inner),
            total=weights + sum(each.total for each in inner),
            trainable=moved + sum(each.trainable for each in inner),
            total_trainable=moved + sum(each.total_trainable for each in inner),
            memory_bytes=row.memory_bytes + sum(each.memory_bytes for each in inner),
            saved_values=row.saved_values + sum(each.saved_values for each in inner),
        )

    def _repeat(self, layer: Any, path: str, trainable: bool) -> PlanRow:
        inner: tuple[PlanRow, ...] = ()
        for number in range(layer.times):
            rows = tuple(self.rows(layer.layers, f"{path}.layers", (number, layer.times), trainable))
            inner = tuple(map(add_copy, inner, rows)) if inner else rows
        return PlanRow(
            path=path,
            kind="Repeat",
            shape=self.shape,
            params=sum(row.params for row in inner),
            trainable=sum(row.trainable for row in inner),
            total=sum(row.total for row in inner),
            total_trainable=sum(row.total_trainable for row in inner),
            memory_bytes=sum(row.memory_bytes for row in inner),
            copies=layer.times,
            rows=inner,
            saved_values=sum(row.saved_values for row in inner),
        )


def _saved_output(entry: LayerEntry, shape: Shape) -> int:
    """Of its output: what another layer's weights, or the layer itself, need to find the gradient."""
    return math.prod(shape) if entry.keeps_output else 0
