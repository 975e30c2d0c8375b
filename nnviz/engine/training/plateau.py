"""When to shrink the learning rate: the loss has not improved for a while."""

from typing import Any


class Plateau:
    """The rule of keras.callbacks.ReduceLROnPlateau, asked after every evaluation. `rate`: the one to go on with."""

    def __init__(self, schedule: Any, rate: float) -> None:
        self.schedule = schedule
        self.rate = rate
        self._best = float("inf")
        self._waited = 0
        self._cooling = 0

    @classmethod
    def of(cls, optimizer: Any) -> "Plateau | None":
        """The rule of a spec's optimizer, if its schedule is one."""
        schedule = optimizer.schedule
        return cls(schedule, optimizer.learning_rate) if schedule is not None and schedule.kind == "ReduceOnPlateau" else None

    def saw(self, loss: float) -> None:
        """Takes the loss of an evaluation."""
        rule = self.schedule
        if self._cooling:
            self._cooling -= 1
            self._waited = 0
        if loss < self._best - rule.min_delta:
            self._best, self._waited = loss, 0
        elif not self._cooling:
            self._waited += 1
            if self._waited >= rule.patience and self.rate > rule.min_rate:
                self.rate = max(self.rate * rule.factor, rule.min_rate)
                self._cooling, self._waited = rule.cooldown, 0

    @property
    def memory(self) -> list[float]:
        """What it remembers, as JSON has it."""
        return [self.rate, self._best, self._waited, self._cooling]

    @memory.setter
    def memory(self, record: list[float]) -> None:
        self.rate, self._best, self._waited, self._cooling = record[0], record[1], int(record[2]), int(record[3])
