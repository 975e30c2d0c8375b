"""`python -m nnviz ...`: the same specs, without a browser.

Exit codes: 0 done, 1 the run failed, 2 the request was wrong, 3 the doctor names something, 130 stopped by Ctrl+C (a message,
never a traceback). Results go to stdout, warnings and progress to stderr.
"""

import sys
from typing import Any, NoReturn

from nnviz.border import check_arguments, guarded
from nnviz.catalog import OWN
from nnviz.cli import comparing, doctoring, evaluating, inspecting, sweeping, training  # noqa: F401 - their commands
from nnviz.cli.options import app


def main() -> NoReturn:
    """Runs the command line and turns every error into its message and exit code; a trace goes into the log alone."""
    for trouble in OWN.troubles:
        print(f"left out: {trouble}", file=sys.stderr)
    sys.exit(guarded(lambda: _call(sys.argv[1:])))


def _call(arguments: list[str]) -> Any:
    check_arguments(arguments)
    code = app(arguments, standalone_mode=False)
    # what still waits to be written goes out here, where it is known what to do when nobody reads it
    sys.stdout.flush()
    return code
