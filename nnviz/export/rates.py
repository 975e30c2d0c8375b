"""Learning rates that Keras has no schedule for, as a small class of it; and the one that a callback changes."""

from typing import Any

from nnviz.export.signatures import literal

PLATEAU = "ReduceOnPlateau"

_WARM_UP = '''class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """Climbs to `rate` along a straight line."""

    def __init__(self, rate, warmup_steps, start):
        self.rate, self.warmup_steps, self.start = rate, warmup_steps, start

    def __call__(self, step):
        share = ops.minimum(ops.cast(step, "float32") / self.warmup_steps, 1.0)
        return self.rate * (self.start + (1 - self.start) * share)
'''
_ONE_CYCLE = '''class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Climbs to `rate` along half a cosine and falls far below the first one."""

    def __init__(self, rate, total_steps, warmup, start_divisor, end_divisor):
        self.rate, self.total, self.top = rate, total_steps, warmup * total_steps
        self.first = rate / start_divisor
        self.last = self.first / end_divisor

    def between(self, begin, end, share):
        return end + (begin - end) * 0.5 * (1 + ops.cos(np.pi * ops.minimum(ops.maximum(share, 0.0), 1.0)))

    def __call__(self, step):
        t = ops.cast(step, "float32")
        climbing = self.between(self.first, self.rate, t / self.top)
        falling = self.between(self.rate, self.last, (t - self.top) / (self.total - self.top))
        return ops.where(t < self.top, climbing, falling)
'''
OWN = {"WarmUp": _WARM_UP, "OneCycle": _ONE_CYCLE}
"""The class that a script holds for each schedule that Keras has not."""


def definition(schedule: Any) -> str:
    """The class of a schedule, empty where Keras has it or there is none."""
    return "" if schedule is None else OWN.get(schedule.kind, "")


def own_call(schedule: Any, rate: float) -> str:
    """A schedule of `OWN`, called."""
    arguments = ", ".join(f"{name}={literal(value)}" for name, value in schedule.params.items())
    return f"{schedule.kind}({rate!r}, {arguments})"


def plateau(schedule: Any, *, monitor: str, every: int = 1) -> str:
    """The callback of a ReduceOnPlateau that is asked after every epoch, where losses are taken each `every` epochs; empty
    for any other schedule."""
    if schedule is None or schedule.kind != PLATEAU:
        return ""
    params = schedule.params
    return (
        f'keras.callbacks.ReduceLROnPlateau(monitor="{monitor}", mode="min", factor={params["factor"]!r}, '
        f"patience={params['patience'] * every}, min_lr={params['min_rate']!r}, cooldown={params['cooldown'] * every}, "
        f"min_delta={params['min_delta']!r})"
    )
