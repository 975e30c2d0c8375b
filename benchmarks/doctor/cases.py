"""What the bench trains: faults by data set, network and severity, their sound twins, and other sound trainings."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from benchmarks.doctor import faults_of_data, faults_of_networks, faults_of_training
from benchmarks.doctor.fault import Fault
from benchmarks.doctor.healthy import IMAGES, NETS, OPTIMIZERS, SETS, TUNED_ON, Spec, first_seed, sound
from nnviz.catalog import DATASETS
from nnviz.catalog.presets import PRESETS, stack_for

FAULTS: tuple[Fault, ...] = (*faults_of_training.FAULTS, *faults_of_networks.FAULTS, *faults_of_data.FAULTS)
SEVERITIES = 3
TWINS = 3
"""Seeds of the sound training that a fault is held against."""
WANTED = 12
"""Cases of a fault, about: with fewer data sets than that, each is taken with several severities; of more, some are left out."""
_OPTIMIZED = ("moons", "digits", "wine")
_LINEAR = ("plane", "gaussians", "diabetes", "wine", "breast_cancer", "wide_table")


class Case(NamedTuple):
    """`fault`: None for a sound training."""

    name: str
    set: str
    net: int
    severity: int
    fault: Fault | None
    spec: Spec

    @property
    def label(self) -> str:
        return f"{self.name} ({self.severity}) on {self.set}/{self.net}"

    @property
    def half(self) -> str:
        return "chosen by" if self.set in TUNED_ON else "unseen"


def planted(*, is_quick: bool = False) -> Iterator[Case]:
    """Every fault on data sets where it makes sense, with one severity and one of the networks each, in turn; or with several
    severities where sets are few."""
    for number, fault in enumerate(FAULTS):
        sets = [name for name in fault.sets or SETS if name not in fault.unlike]
        if len(sets) > WANTED + 2:
            sets = [name for place, name in enumerate(sets) if (number + place) % SEVERITIES]
        each = 1 if is_quick else min(SEVERITIES, max(1, round(WANTED / len(sets))))
        for place, name in enumerate(sets):
            for turn in range(each):
                severity = 1 if is_quick else (number + place + turn) % SEVERITIES
                net = (place + place // SEVERITIES + turn) % NETS
                spec = sound(name, seed=first_seed(name) + severity, net=net)
                fault.plant(spec, severity)
                yield Case(fault.name, name, net, severity, fault, spec)


def healthy(*, is_quick: bool = False) -> Iterator[Case]:
    """Twins, the presets that suit a set, and every optimizer at its default rate."""
    for name in SETS:
        seed = first_seed(name)
        for net in range(1 if is_quick else NETS):
            for turn in range(1 if is_quick else TWINS):
                yield Case("sound", name, net, 0, None, sound(name, seed=seed + turn, net=net))
        if is_quick:
            continue
        for preset in _presets(name):
            spec = sound(name, seed=seed)
            shape = DATASETS[spec["data"]["name"]].shape if spec["data"]["kind"] != "table" else (8,)
            spec["layers"] = [dict(layer) for layer in stack_for(preset, shape)]
            spec["optimizer"] = dict(PRESETS[preset].optimizer)
            spec["training"] |= PRESETS[preset].training
            yield Case(f"preset {preset}", name, 0, 0, None, spec)
        for optimizer in OPTIMIZERS if name in _OPTIMIZED else ():
            spec = sound(name, seed=seed)
            spec["optimizer"] = {"kind": optimizer}
            yield Case(f"optimizer {optimizer}", name, 0, 0, None, spec)


def in_order(cases: Iterable[Case]) -> list[Case]:
    """Those of one data set and network together, since rows are read and networks compiled but once; both halves in turn,
    so that a bench that is broken off has some of each."""
    halves = [[name for name in SETS if (name in TUNED_ON) is is_tuned] for is_tuned in (True, False)]
    place = {name: number for half in halves for number, name in enumerate(half)}

    def key(case: Case) -> tuple[Any, ...]:
        form = json.dumps([case.spec["layers"], case.spec["cost"], case.spec["optimizer"]["kind"]])
        is_late = case.fault is None and case.name != "sound"
        return is_late, place[case.set], case.half, case.net, form

    return sorted(cases, key=key)


def _presets(name: str) -> tuple[str, ...]:
    if name == "mnist":
        return ("small_cnn",)
    if name in IMAGES:
        return ("small_cnn", "small", "deep") if name == "digits_cnn" else ("linear",)
    return ("linear", "small", "deep") if name in _LINEAR else ("small", "deep")
