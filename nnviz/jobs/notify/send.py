"""One message to one target, within seconds; never through a shell."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from nnviz.errors import RunError
from nnviz.jobs.notify.targets import Target, apprise
from nnviz.plain_text import visible

COMMAND_SECONDS = 20.0
"""For a command, which is ended after it."""
TITLE = "nnviz"


def send(target: Target, message: Mapping[str, Any]) -> None:
    """Raises RunError where it did not arrive."""
    {"webhook": _post, "command": _run, "apprise": _by_apprise}[target.kind](target, message)


def _post(target: Target, message: Mapping[str, Any]) -> None:
    # the command line loads this module whenever it trains, and Python's HTTP takes a while to be loaded
    from nnviz.jobs.notify.webhook import post

    post(target.value, json.dumps(message).encode())


def _run(target: Target, message: Mapping[str, Any]) -> None:
    # a session of its own: whatever it starts is ended with it
    try:
        process = subprocess.Popen(
            [*target.arguments, str(message["text"])],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise RunError(f"it could not be started ({error})") from error
    try:
        process.communicate(json.dumps(message).encode(), timeout=COMMAND_SECONDS)
    except subprocess.TimeoutExpired as error:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise RunError(f"it took more than {COMMAND_SECONDS:g} s and was ended") from error
    if process.returncode:
        raise RunError(f"it ended with the code {process.returncode}")


def _by_apprise(target: Target, message: Mapping[str, Any]) -> None:
    box = apprise().Apprise()
    box.add(target.value)
    if not box.notify(title=TITLE, body=visible(message["text"], limit=1000)):
        raise RunError("apprise could not deliver it")
