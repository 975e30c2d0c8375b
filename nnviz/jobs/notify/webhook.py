"""A message to a web address. No redirect is followed: what was named in the setting is told, and nobody else."""

import urllib.error
import urllib.request
from typing import Any

from nnviz.errors import RunError

SECONDS = 5.0
"""For an answer."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def post(address: str, body: bytes) -> None:
    """JSON to an http or https address. Raises RunError where it did not answer that it has it."""
    request = urllib.request.Request(
        address, data=body, headers={"Content-Type": "application/json", "User-Agent": "nnviz"}, method="POST"
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS):
            pass
    except urllib.error.HTTPError as error:
        error.close()
        if 300 <= error.code < 400:
            raise RunError("it sends elsewhere, which is not followed: name that address itself") from error
        raise RunError(f"it answered with the error {error.code}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise RunError(f"no answer within {SECONDS:g} s" if isinstance(reason, TimeoutError) else str(reason)) from error
