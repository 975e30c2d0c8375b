import os
import sys

# What the command line itself says goes through a copy of stderr: the first one is closed for a moment while TensorFlow is
# loaded, which writes there, and a bar of progress must not lose its lines meanwhile.
try:
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, encoding=sys.stderr.encoding, errors="backslashreplace")
except (OSError, AttributeError):  # there is no stderr
    pass

try:
    from nnviz.cli import main

    main()
except KeyboardInterrupt:  # before anything had begun
    sys.exit(130)
