"""When the state of a training is kept: densely at first, then at every hundredth of the steps done."""

import time
from typing import Literal

SMALL = 1 << 16
"""Bytes up to which a state costs so little that steps are cut where one is due."""
SHARE = 0.04
"""Of the time that keeping larger states may take."""
BYTES_A_SECOND = 2e8
"""As fast as a disk takes them, at worst."""
FEW_SECONDS = 2.0

Keep = Literal["none", "few", "all"]


class Moments:
    """`all`: no further apart than 1 % of the steps done, as far as keeping takes no more than 4 % of the time; `few`: every
    two seconds; `none`: never. `last`: after how many steps a state was last kept."""

    def __init__(self, keep: Keep, *, size: int, start: int = 0) -> None:
        self.keep = keep
        self.size = size
        self.last = start
        self._free = 0.0 if keep == "all" else time.perf_counter() + FEW_SECONDS

    def cut(self, step: int, stop: int) -> int:
        """Where a call that was to do the steps from `step` to `stop` has to end, since a state is due there."""
        if self.keep != "all" or self.size > SMALL:
            return stop
        return min(stop, max(step + 1, self._due))

    def is_due(self, step: int) -> bool:
        if self.keep == "none" or step <= self.last:
            return False
        if self.keep == "few":
            return time.perf_counter() >= self._free
        return step >= self._due and (self.size <= SMALL or time.perf_counter() >= self._free)

    def took(self, step: int, seconds: float) -> None:
        """A state was kept after `step` steps, in so many seconds."""
        self.last = step
        cost = seconds + self.size / BYTES_A_SECOND
        self._free = time.perf_counter() + max(cost / SHARE, FEW_SECONDS if self.keep == "few" else 0.0)

    @property
    def _due(self) -> int:
        return max(self.last + 1, self.last * 101 // 100)
