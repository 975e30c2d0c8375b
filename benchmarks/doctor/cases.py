"""What the bench trains: faults by data set and severity, their sound twins, and other sound trainings."""

from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.doctor.faults import FAULTS, Fault
from benchmarks.doctor.healthy import OPTIMIZERS, SETS, Spec, sound
from nnviz.catalog import DATASETS
from nnviz.catalog.presets import PRESETS, stack_for

SEVERITIES = (0, 1, 2)
TWINS = 3
"""Seeds of the sound training that a fault is held against."""
_ON_ALL = ("linear", "small", "deep", "article_xor")


class Case(NamedTuple):
    """`fault`: None for a sound training."""

    name: str
    set: str
    severity: int
    fault: Fault | None
    spec: Spec


def planted(*, severities: tuple[int, ...] = SEVERITIES) -> Iterator[Case]:
    """Every fault on every set where it makes sense; the severity is also the seed."""
    for name in SETS:
        for fault in FAULTS:
            if (fault.sets and name not in fault.sets) or name in fault.unlike:
                continue
            for severity in severities:
                spec = sound(name, seed=severity)
                fault.plant(spec, severity)
                yield Case(fault.name, name, severity, fault, spec)


def healthy(*, is_quick: bool = False) -> Iterator[Case]:
    """Twins, the presets that suit a set, and every optimizer at its default rate."""
    for name in SETS:
        for seed in range(1 if is_quick else TWINS):
            yield Case("sound", name, seed, None, sound(name, seed=seed))
        if is_quick:
            continue
        shape = DATASETS[name].shape
        for preset in _ON_ALL if DATASETS[name].preset != "linear" else ("linear", "small"):
            spec = sound(name)
            spec["layers"] = [dict(layer) for layer in stack_for(preset, shape)]
            spec["optimizer"] = dict(PRESETS[preset].optimizer)
            spec["training"] |= PRESETS[preset].training
            yield Case(f"preset {preset}", name, 0, None, spec)
        for optimizer in OPTIMIZERS if name in ("moons", "digits", "wine", "gauss_regression") else ():
            spec = sound(name)
            spec["optimizer"] = {"kind": optimizer}
            yield Case(f"optimizer {optimizer}", name, 0, None, spec)
