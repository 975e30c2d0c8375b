"""The whole state of a training between two steps: with it a run goes on bit for bit as if it had never stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgpack
import numpy as np

from nnviz.engine.loop.epochs import Calendar
from nnviz.engine.network.network import Weights
from nnviz.errors import RunError
from nnviz.spec.by_hand import is_switch

VERSION = 1


@dataclass(frozen=True, kw_only=True)
class State:
    """After `step` steps: `weights` of the network in Keras's order, what is not trained included; `slots`: the optimizer's
    variables in its order (its count of steps, moments, averages, accumulated gradients); `best`: the best weights so far
    where the run keeps them; `live`: settings that were changed while it trained; `notes`: what early stopping, the
    plateau rule and the records remember, as JSON has it.

    The order of the rows and all that is drawn at random are functions of seed and step and need no place here."""

    step: int
    weights: Weights
    slots: Weights
    best: Weights | None = None
    live: Mapping[str, float] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays; what MessagePack adds is not counted."""
        return sum(array.nbytes for array in (*self.weights, *self.slots, *(self.best or ())))

    @property
    def off(self) -> tuple[str, ...]:
        """The names of the units that are switched off."""
        return tuple(name for name, value in self.live.items() if is_switch(name) and not value)

    def calendar(self, per_epoch: int) -> Calendar:
        """Which epoch its steps belong to; `per_epoch`: the steps of one where the state does not say."""
        parts = self.notes.get("calendar")
        return Calendar.from_json(parts[-1]) if parts else Calendar(per_epoch)

    def to_bytes(self) -> bytes:
        """MessagePack; arrays as their dtype, shape and bytes."""
        record = {
            "version": VERSION,
            "step": self.step,
            "live": dict(self.live),
            "notes": dict(self.notes),
            "weights": [_packed(array) for array in self.weights],
            "slots": [_packed(array) for array in self.slots],
            "best": None if self.best is None else [_packed(array) for array in self.best],
        }
        content: bytes = msgpack.packb(record)
        return content

    @classmethod
    def from_bytes(cls, content: bytes) -> "State":
        """The inverse; nothing is unpickled. Raises RunError for anything else."""
        try:
            record = msgpack.unpackb(content)
            if record["version"] != VERSION:
                raise RunError(
                    f"this snapshot is of version {record['version']}, not {VERSION}",
                    remedy="It was written by another version of nnviz: use that one to go on from it.",
                )
            return cls(
                step=int(record["step"]),
                live=record["live"],
                notes=record["notes"],
                weights=[_array(*part) for part in record["weights"]],
                slots=[_array(*part) for part in record["slots"]],
                best=None if record["best"] is None else [_array(*part) for part in record["best"]],
            )
        except (ValueError, KeyError, TypeError, msgpack.UnpackException) as error:
            raise RunError(f"this is no snapshot ({error})") from error


def fit(name: str, arrays: Sequence[np.ndarray], wanted: Sequence[Any]) -> None:
    """Whether arrays have the shapes of `wanted`. Raises RunError where they have not."""
    shapes, needed = [tuple(array.shape) for array in arrays], [tuple(variable.shape) for variable in wanted]
    if shapes != needed:
        raise RunError(
            f"the snapshot's {name} have the shapes {shapes}, and this network needs {needed}",
            remedy="A snapshot fits the network that it was taken of.",
        )


def _packed(array: np.ndarray) -> tuple[str, list[int], bytes]:
    return array.dtype.str, list(array.shape), np.ascontiguousarray(array).tobytes()


def _array(kind: str, shape: Sequence[int], content: bytes) -> np.ndarray:
    return np.frombuffer(content, dtype=np.dtype(kind)).reshape(shape).copy()
