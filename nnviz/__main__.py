import contextlib
import gc
import os
import sys

from nnviz import early

# What the command line itself says goes through a copy of stderr: the first one is closed for a moment while TensorFlow is
# loaded, which writes there, and a bar of progress must not lose its lines meanwhile.
with contextlib.suppress(OSError, AttributeError):  # there may be no stderr
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, encoding=sys.stderr.encoding, errors="backslashreplace")

try:
    early.prepare(sys.argv[1:])
    # what is loaded stays: looking through it again and again for garbage takes a tenth of the start
    gc.disable()
    from nnviz.cli import main

    gc.freeze()
    gc.enable()
    main()
except KeyboardInterrupt:  # before anything had begun
    sys.exit(130)
