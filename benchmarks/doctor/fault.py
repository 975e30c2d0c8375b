"""What a planted fault is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from benchmarks.doctor.healthy import Spec

Change = Callable[[Spec, int], None]
Harm = Literal["loss", "r2", "balanced", "always"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`name`; the rules that name it rightly as the cause, the best first; `plant` changes a spec, by severity (0 mild, 1 plain,
    2 severe); `sets`: data sets it makes sense on, all where empty, but not `unlike`.

    `harm`: what has to be worse than in sound twins: the validation loss in units of a constant answer's, 1 - R² where the cost
    is another one, the error that counts each class alike; `always`: a fault that harms no loss, but what the loss says."""

    name: str
    rules: tuple[str, ...]
    plant: Change
    sets: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    harm: Harm = "loss"
