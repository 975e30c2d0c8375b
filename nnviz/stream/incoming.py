"""Messages of viewers, parsed so that a malformed one fails alone and its socket stays open."""

import json
from collections.abc import Sequence
from typing import Any

from nnviz.errors import RequestError

MOST_BYTES = 64 * 1024
"""Of one message."""
_FORM = 'As in {"run": ..., "command": "stop"}.'


def parse_command(text: str, run_ids: Sequence[str]) -> dict[str, Any]:
    """The command in a message, which names one of the socket's runs. Raises RequestError."""
    try:
        wanted = json.loads(text)
        # half a surrogate pair is a letter for Python alone: no log, database or browser takes it
        json.dumps(wanted, ensure_ascii=False).encode()
    except RecursionError as error:
        raise RequestError("the message is nested too deep", remedy=_FORM) from error
    except UnicodeEncodeError as error:
        raise RequestError("the message holds half a surrogate pair, which is no letter", remedy=_FORM) from error
    except json.JSONDecodeError as error:
        raise RequestError(f"the message is no JSON ({error.msg}, at {error.pos})", remedy=_FORM) from error
    except ValueError as error:
        raise RequestError("the message holds a number of too many digits", remedy=_FORM) from error
    if not isinstance(wanted, dict) or not isinstance(wanted.get("run"), str) or wanted["run"] not in run_ids:
        raise RequestError("a command names one of the socket's runs", remedy=_FORM)
    return wanted
