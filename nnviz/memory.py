"""Whether training fits into memory: checked before anything is built, with an estimate and the layer that takes most.

The estimate is the least that training needs, so that nothing that fits is refused: weights, a gradient for each that is
trained, what the optimizer keeps beside them, the outputs that one batch leaves for the backward pass, and the rows themselves.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from nnviz.catalog.updates import update
from nnviz.errors import StackError
from nnviz.plain_text import size_text
from nnviz.spec import RunSpec
from nnviz.stack import BYTES, Plan, PlanRow, plan

CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True, kw_only=True)
class Need:
    """Bytes that training needs at the least, by what they are for; `most`: the layer with the largest share of the
    network's own, `most_weights` and `most_outputs` of it are that layer's."""

    weights: int
    gradients: int
    optimizer: int
    outputs: int
    rows: int
    most: PlanRow
    most_weights: int
    most_outputs: int

    @property
    def total(self) -> int:
        return self.weights + self.gradients + self.optimizer + self.outputs + self.rows


def need(planned: Plan, *, optimizer: Any, batch: int, rows: int = 0) -> Need:
    """What a planned stack needs: `optimizer` is the spec's, `batch` how many rows a step sees, `rows` the bytes of those
    that are kept as tensors."""
    slot_count = slots(optimizer)
    leaves = [row for row in planned.walk() if not row.rows]

    def weights_of(row: PlanRow) -> int:
        return BYTES * (row.total + (1 + slot_count) * row.total_trainable)

    def outputs_of(row: PlanRow) -> int:
        return BYTES * batch * row.saved_values

    most = max(leaves, key=lambda row: weights_of(row) + outputs_of(row))
    return Need(
        weights=BYTES * planned.parameters,
        gradients=BYTES * planned.trainable,
        optimizer=BYTES * slot_count * planned.trainable,
        outputs=BYTES * batch * sum(row.saved_values for row in planned.rows),
        rows=rows,
        most=most,
        most_weights=weights_of(most),
        most_outputs=outputs_of(most),
    )


def slots(optimizer: Any) -> int:
    """Numbers that the optimizer keeps for each number that is trained."""
    return update(optimizer.kind, optimizer.params).arrays


def check(spec: RunSpec, prepared: Any) -> None:
    """Raises StackError at the layer that takes most where training on `prepared` (see nnviz.data) cannot fit into what is
    free. A stack that is wrong otherwise is left to those who build it."""
    planned = plan(spec.layers, prepared.shape, outputs=prepared.outputs, cost=spec.cost, most=math.inf)
    if planned.error is not None:
        return
    parts = [prepared.parts[name] for name in ("train", "validation") if name in prepared.parts]
    batch = min(spec.training.batch_size, len(prepared.parts["train"].y))
    needed = need(planned, optimizer=spec.optimizer, batch=batch, rows=sum(_bytes(part.x) for part in parts))
    room = free()
    if needed.total > room:
        raise refusal(needed, room=room, optimizer=spec.optimizer.kind, batch=batch)


def refusal(needed: Need, *, room: int, optimizer: str, batch: int) -> StackError:
    """The error for a network that needs more than `room` bytes."""
    parts = {
        "of weights": needed.weights,
        "of gradients": needed.gradients,
        f"that {optimizer} keeps": needed.optimizer,
        f"of outputs of a batch of {batch:,} rows": needed.outputs,
        "of rows": needed.rows,
    }
    listing = ", ".join(f"{size_text(count)} {what}" for what, count in parts.items() if count >= needed.total / 100)
    own = needed.most_weights + needed.most_outputs
    kind = "the projection of the cost" if needed.most.path == "cost" else f"{needed.most.kind} at {needed.most.path}"
    if needed.rows > own:
        remedy = "Most of it are the rows: use fewer of them."
    elif needed.most_outputs > needed.most_weights:
        remedy = f"{size_text(own)} of it are for {kind}: lower the batch size, or what this layer gives."
    else:
        remedy = f"{size_text(own)} of it are for {kind}: lower what goes into this layer, or what it gives."
    return StackError(
        f"this network needs about {size_text(needed.total)} to train ({listing}); {size_text(room)} are free on this machine",
        where="data" if needed.rows > own else needed.most.path,
        remedy=remedy,
    )


def free(*, cgroups: Path = CGROUPS, own: Path = Path("/proc/self/cgroup")) -> int:
    """Bytes that this process may still take: what is available on the machine, or less where a control group says so."""
    return min([psutil.virtual_memory().available, *_left(cgroups, own)])


def _left(root: Path, own: Path) -> Iterator[int]:
    """What each control group that this process is in leaves, in versions 1 and 2; nothing where there is none."""
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        top = root / "memory" if controllers else root
        names = (
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
            if controllers
            else ("memory.max", "memory.current", "inactive_file")
        )
        folder = top / path.strip("/")
        # within a container the path may be the one outside of it
        for place in [folder, *folder.parents[: len(Path(path.strip("/")).parts)], top]:
            left = _group(place, *names)
            if left is not None:
                yield left


def _group(folder: Path, limit: str, usage: str, cached: str) -> int | None:
    try:
        most, used = int((folder / limit).read_text()), int((folder / usage).read_text())
        stat = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):  # no such group, or "max": no limit
        return None
    # what files leave in memory is given back when it is needed
    return max(0, most - used + int(stat.get(cached, 0)))


def _bytes(x: Any) -> int:
    """Of rows that are kept as tensors; those of a file on the disk are read in blocks."""
    return int(x.nbytes) if isinstance(x, np.ndarray) and not isinstance(x, np.memmap) else 0
