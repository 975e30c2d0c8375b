"""Work that needs TensorFlow or may take long: asked for here, done by workers that a supervisor keeps warm."""

from nnviz.jobs.branches import parent_of, rooted, spec_at
from nnviz.jobs.by_hand import set_weight, switch_unit
from nnviz.jobs.launcher import (
    cancel,
    ensure_supervisor,
    go_on,
    has_supervisor,
    key_of,
    prepare,
    progress,
    result,
    resume_run,
    start_group,
    start_run,
    stop_group,
    submit,
    wait,
)

__all__ = [
    "cancel",
    "ensure_supervisor",
    "go_on",
    "has_supervisor",
    "key_of",
    "parent_of",
    "prepare",
    "progress",
    "result",
    "resume_run",
    "rooted",
    "set_weight",
    "spec_at",
    "start_group",
    "start_run",
    "stop_group",
    "submit",
    "switch_unit",
    "wait",
]
