"""Loads TensorFlow without what its C++ code writes on stderr and nobody who trains a network can act on: which processor it
was built for, that there is no graphics card, that XLA compiled something. Errors reach Python as exceptions all the same.

To be imported before anything else that imports TensorFlow. Who sets $TF_CPP_MIN_LOG_LEVEL gets what that asks for."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"


@contextmanager
def _silent() -> Iterator[None]:
    """The first lines are written while the library is loaded, before it looks at any setting: for so long the process's
    stderr leads nowhere."""
    sys.stderr.flush()
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


# 3 may also be what a process that started this one has set here
if os.environ.setdefault(_LEVEL, "3") == "3" and "tensorflow" not in sys.modules:
    with _silent():
        import tensorflow  # noqa: F401
