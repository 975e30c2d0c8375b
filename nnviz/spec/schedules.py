"""What no field of a learning-rate schedule can know alone."""

import itertools
from typing import Any

from nnviz.errors import SpecError

PLACE = "optimizer.schedule"


def check_schedule(schedule: Any) -> None:
    """Raises SpecError where the parameters of a schedule do not fit each other; None, for no schedule, does."""
    if schedule is None:
        return
    if schedule.kind == "PiecewiseConstantDecay":
        boundaries, values = schedule.boundaries, schedule.values
        if any(later <= sooner for sooner, later in itertools.pairwise(boundaries)):
            raise SpecError(f"boundaries must grow; got {list(boundaries)}", where=f"{PLACE}.boundaries")
        if values is not None and len(values) != len(boundaries) + 1:
            raise SpecError(
                f"{len(boundaries)} boundaries part {len(boundaries) + 1} values; got {len(values)}", where=f"{PLACE}.values"
            )
