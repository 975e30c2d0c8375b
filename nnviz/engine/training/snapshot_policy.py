"""When the state of a training is kept: densely at first, then at every hundredth of the steps done."""

import time
from typing import Literal

SHARE = 0.02
"""Of the time that keeping larger states may take."""
BYTES_A_SECOND = 1e8
"""As fast as they are packed, hashed and written to a disk, on a core that training wants as well."""
FEW_SECONDS = 2.0

Keep = Literal["none", "few", "all"]


class SnapshotPolicy:
    """`all`: no further apart than 1 % of the steps done, as far as keeping takes no more than 2 % of the time; `few`: every
    two seconds; `none`: never. `last`: after how many steps a state was last kept.

    `size`: bytes of a state; `within`: how many the loop keeps in one call, by the way: then time does not matter."""

    def __init__(self, keep: Keep, *, size: int, within: int = 0, start: int = 0) -> None:
        self.keep = keep
        self.size = size
        self.within = within if keep == "all" else 0
        self.last = start
        self._free = 0.0 if keep == "all" else time.perf_counter() + FEW_SECONDS

    def until(self, stop: int) -> tuple[int, ...]:
        """After which steps the loop is to keep a state on its way to `stop`, at most `within`."""
        steps: list[int] = []
        due = _after(self.last)
        while len(steps) < self.within and due <= stop:
            steps.append(due)
            due = _after(due)
        return tuple(steps)

    def is_due(self, step: int) -> bool:
        """Whether the state after `step` steps is to be kept, where the loop does not do so itself."""
        if self.keep == "none" or self.within or step <= self.last or time.perf_counter() < self._free:
            return False
        return self.keep == "few" or step >= _after(self.last)

    def took(self, step: int, seconds: float) -> None:
        """A state was kept after `step` steps, in so many seconds."""
        self.last = step
        cost = seconds + self.size / BYTES_A_SECOND
        self._free = time.perf_counter() + max(cost / SHARE, FEW_SECONDS if self.keep == "few" else 0.0)


def _after(step: int) -> int:
    return max(step + 1, step * 101 // 100)
