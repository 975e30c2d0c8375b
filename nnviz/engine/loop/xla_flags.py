"""XLA's flags, of which a process has one set: TensorFlow reads them when it first compiles with XLA, then never again.

`quick` prepares a tiny network in 0.8 s rather than 1.2 s; larger ones lose 30 to 50 % of the steps a second that they do
with `strong` (docs/benchmarks.md). Its operations are not ordered to run side by side: they are too short to gain by it, and
a step of a small net of ReLU layers takes up to a fifth less. What $XLA_FLAGS already says is left as it is. The bits of a run
may depend on them, so they are recorded with it."""

import os

from nnviz.spec import Tuning

FLAGS = {
    "quick": {
        "xla_backend_optimization_level": "1",
        "xla_cpu_use_fusion_emitters": "false",
        "xla_cpu_enable_concurrency_optimized_scheduler": "false",
    },
    "strong": {"xla_backend_optimization_level": "1", "xla_cpu_use_fusion_emitters": "true"},
}
INHERITED = "NNVIZ_XLA_FLAGS_GIVEN"
"""What $XLA_FLAGS said before: a process started from here that is no helper of this one begins with that."""
_used: Tuning = ""


def use(tuning: Tuning) -> None:
    """Sets the flags of this process, once: what is asked later is compiled with what the process has. Empty: no wish."""
    global _used
    if _used or not tuning:
        return
    _used = tuning
    inherited = os.environ.get("XLA_FLAGS", "")
    added = (f"--{name}={value}" for name, value in FLAGS[tuning].items() if name not in inherited)
    os.environ[INHERITED] = inherited
    os.environ["XLA_FLAGS"] = " ".join((inherited, *added)).strip()
