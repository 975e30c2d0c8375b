"""Which step belongs to which epoch: with another batch size an epoch has another number of steps from there on."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Calendar(NamedTuple):
    """From step `step0` on, where epoch `epoch0` begins (both counted from 0), each epoch has `per_epoch` steps."""

    per_epoch: int
    step0: int = 0
    epoch0: int = 0

    def epoch(self, step: Any) -> Any:
        """How many epochs are over after `step` steps; whole numbers, or arrays of them."""
        return self.epoch0 + (step - self.step0) // self.per_epoch

    def step(self, epoch: Any) -> Any:
        """After how many steps `epoch` epochs are over; whole numbers, or arrays of them."""
        return self.step0 + (epoch - self.epoch0) * self.per_epoch

    def ended(self, first: int, stop: int, *, every: int = 1) -> list[int]:
        """Which epochs, counted from 1, end within the steps from `first` to `stop`: all multiples of `every` among them."""
        return [epoch for epoch in range(self.epoch(first) + 1, self.epoch(stop) + 1) if epoch % every == 0]

    def share(self, step: int) -> float:
        """How many epochs are done after `step` steps, parts of one included."""
        return self.epoch0 + (step - self.step0) / self.per_epoch

    def is_between(self, step: int) -> bool:
        """Whether an epoch begins at `step`."""
        return (step - self.step0) % self.per_epoch == 0

    def turned(self, step: int, per_epoch: int) -> "Calendar":
        """From `step` on with another number of steps an epoch. Within an epoch, that one is begun anew."""
        return Calendar(per_epoch, step, self.epoch(step))

    def to_json(self) -> list[int]:
        """[step0, epoch0, per_epoch]."""
        return [self.step0, self.epoch0, self.per_epoch]

    @classmethod
    def from_json(cls, record: Sequence[int]) -> "Calendar":
        step0, epoch0, per_epoch = record
        return cls(per_epoch, step0, epoch0)
