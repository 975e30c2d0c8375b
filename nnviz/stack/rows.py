"""The records of a plan: a row for each written layer, and the plan of the whole stack."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nnviz.catalog.entry import Shape
from nnviz.errors import StackError
from nnviz.spec import BLOCKS, inner_lists

BYTES = 4
"""Of one weight or value: float32."""


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One written layer; inside a Repeat its first copy.

    `path` is where it stands in the spec (`layers[1].layers[0]`) and `kind` its kind there. `shape` is that of its output,
    None where it is unknown: at and after an `error`. `params` and `trainable` are one copy's, `total` and
    `total_trainable` are over all `copies`. `memory_bytes`: the weights of all copies and their outputs for one row of data.
    A block's own row holds the sums over its inner `rows` (a Repeat's: of one pass), a projection of its own, and the output
    after its last copy or of its join; a Parallel's `rows` are those of all branches in order. `saved_values`: the numbers
    that one row of data leaves in all copies for the backward pass; none before the first layer that is trained, nor where
    a layer only changes its input number by number, or its shape."""

    path: str
    kind: str
    shape: Shape | None
    params: int = 0
    trainable: int = 0
    total: int = 0
    total_trainable: int = 0
    memory_bytes: int = 0
    copies: int = 1
    error: StackError | None = None
    rows: "tuple[PlanRow, ...]" = ()
    saved_values: int = 0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`rows` in the order written, the cost's last (its path is `cost`); `parameters` counts all, `trainable` those
    that training moves, `memory_bytes` the weights and the outputs for one row of data; `error` is the first layer's that
    does not fit; `output_shape` is that of the last row, None where it is unknown."""

    rows: tuple[PlanRow, ...]
    parameters: int
    trainable: int
    memory_bytes: int
    error: StackError | None
    output_shape: Shape | None

    def walk(self) -> Iterator[PlanRow]:
        """Every row, the rows inside a block after it."""
        yield from _walk(self.rows)


def add_copy(first: PlanRow, copy: PlanRow) -> PlanRow:
    """The first copy's row with one more copy counted in."""
    return replace(
        first,
        total=first.total + copy.total,
        total_trainable=first.total_trainable + copy.total_trainable,
        memory_bytes=first.memory_bytes + copy.memory_bytes,
        copies=first.copies + copy.copies,
        error=first.error or copy.error,
        rows=tuple(map(add_copy, first.rows, copy.rows)),
        saved_values=first.saved_values + copy.saved_values,
    )


def unknown_rows(layers: Sequence[Any], where: str, copies: int) -> Iterator[PlanRow]:
    """Rows without shapes, for a list that is not planned: `where` is its path, `copies` how often it is written out."""
    for index, layer in enumerate(layers):
        path = f"{where}[{index}]"
        if layer.kind == "Repeat":
            inner = tuple(unknown_rows(layer.layers, f"{path}.layers", copies * layer.times))
            yield PlanRow(path=path, kind=layer.kind, shape=None, copies=copies * layer.times, rows=inner)
        elif layer.kind in BLOCKS:
            lists = inner_lists(layer, path)
            rows = tuple(row for at, layers in lists for row in unknown_rows(layers, at, copies))
            yield PlanRow(path=path, kind=layer.kind, shape=None, copies=copies, rows=rows)
        else:
            yield PlanRow(path=path, kind=layer.kind, shape=None, copies=copies)


def _walk(rows: Sequence[PlanRow]) -> Iterator[PlanRow]:
    for row in rows:
        yield row
        yield from _walk(row.rows)
