"""The epochs of a training so far: their records, the best of them, and what follows from each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nnviz.engine.loop.state import State
from nnviz.engine.network.network import Weights
from nnviz.engine.records import EpochRecord
from nnviz.engine.training.live_changes import Changes
from nnviz.engine.training.metrics import TrainingMetrics
from nnviz.engine.training.plateau import Plateau


def monitored_loss(record: EpochRecord) -> float:
    """The validation loss; the training loss where there are no validation rows."""
    return record.metrics.get("val_loss", record.metrics["loss"])


@dataclass(frozen=True)
class BestEpoch:
    """The epoch of the lowest `loss` so far. `weights`: the network's then, empty where the run does not keep them; `off`: the
    units that were off."""

    loss: float
    record: EpochRecord
    weights: Weights
    off: tuple[str, ...] = ()


class EarlyStopping:
    """The rule of keras.callbacks.EarlyStopping, asked after every evaluation. `best`: None before the first; `waited`: epochs
    since then. `settings`: the spec's block `training`."""

    def __init__(self, settings: Any) -> None:
        self._keeps_weights = settings.keep == "best"
        self._patience = None if settings.early_stopping is None else settings.early_stopping.patience
        self.best: BestEpoch | None = None
        self.waited = 0

    @property
    def is_active(self) -> bool:
        """Whether a run stops early or ends with its best weights: else no epoch is compared."""
        return self._keeps_weights or self._patience is not None

    @property
    def weights(self) -> Weights | None:
        """Those of the best epoch, for a state to keep; None where none are kept."""
        return None if self.best is None else self.best.weights or None

    @property
    def final(self) -> BestEpoch | None:
        """The epoch whose weights the run ends with; None: those of its last step."""
        return self.best if self._keeps_weights else None

    def saw(self, record: EpochRecord, present: Callable[[], Weights], off: tuple[str, ...] = ()) -> bool:
        """Take the record of an epoch; whether the run is to end. `present`: copies the network's weights; `off`: its units that
        are off."""
        if not self.is_active:
            return False
        loss = monitored_loss(record)
        if self.best is None or loss < self.best.loss:
            self.best, self.waited = BestEpoch(loss, record, present() if self._keeps_weights else [], off), 0
            return False
        self.waited += 1
        return self._patience is not None and self.waited >= self._patience

    def correct(self, record: EpochRecord, exact: EpochRecord) -> None:
        """Put metrics that were taken from all rows in the place of those from a sample."""
        if self.best is not None and self.best.record is record:
            self.best = replace(self.best, record=exact)

    def notes(self) -> dict[str, Any]:
        """What a state has to remember of it, as JSON has it, beside the weights."""
        best = None if self.best is None else [self.best.loss, *self.best.record]
        return {"waited": self.waited, "best": best, "best_off": [] if self.best is None else list(self.best.off)}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self.waited = state.notes["waited"]
        if state.notes["best"] is not None:
            loss, *record = state.notes["best"]
            self.best = BestEpoch(loss, EpochRecord(*record), state.best or [], tuple(state.notes.get("best_off", ())))


class History:
    """`exact`: the record whose metrics were taken from all training rows, where the others are from a sample; None before."""

    def __init__(self, stopping: EarlyStopping, plateau: Plateau | None) -> None:
        self.stopping, self.plateau = stopping, plateau
        self.exact: EpochRecord | None = None
        self._records: list[EpochRecord] = []

    def add(self, records: Sequence[EpochRecord]) -> None:
        """Epochs that have ended, in order."""
        self._records += records

    def last_up_to(self, step: int) -> EpochRecord | None:
        """The record of the last epoch that had ended after `step` steps."""
        return next((record for record in reversed(self._records) if record.step <= step), None)

    def ended_at(self, step: int) -> EpochRecord | None:
        """The last record, if its epoch ended after `step` steps."""
        return next((record for record in self._records[-1:] if record.step == step), None)

    def judge(self, record: EpochRecord, changes: Changes) -> bool:
        """Shrink the rate on a plateau, keep the best weights so far; whether early stopping ends the run."""
        if self.plateau is not None:
            self.plateau.saw(monitored_loss(record))
        return self.stopping.saw(record, lambda: changes.session.network.values, changes.off)

    def correct(self, measures: TrainingMetrics) -> EpochRecord:
        """The last record again, with the metrics of the network as it is from all training rows."""
        record = self._records[-1]
        self.exact = self._records[-1] = measures.exact(record)
        self.stopping.correct(record, self.exact)
        return self.exact

    def notes(self, step: int) -> dict[str, Any]:
        """What a state after `step` steps has to remember of it, as JSON has it, beside the best weights."""
        record = self.last_up_to(step)
        return {**self.stopping.notes(), "record": list(record) if record else None}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self.stopping.restore(state)
        if state.notes["record"] is not None:
            self._records = [EpochRecord(*state.notes["record"])]
