"""Sizes that whoever runs the server may set, in megabytes."""

import math
import os

from nnviz.errors import RequestError

UPLOAD, QUOTA = "NNVIZ_MAX_UPLOAD_MB", "NNVIZ_QUOTA_MB"
DEFAULTS = {UPLOAD: 200.0, QUOTA: 20_480.0}


def limit(name: str) -> int:
    """The limit in bytes: of one uploaded file (UPLOAD, by default 200 MB), of all files that the store keeps (QUOTA, 20 GB).
    Raises RequestError for a setting that is no positive number."""
    text = os.environ.get(name) or str(DEFAULTS[name])
    try:
        megabytes = float(text)
    except ValueError:
        megabytes = math.nan
    if not 0 < megabytes < 1e12:
        raise RequestError(f"{name} is {text[:40]!r}", remedy="Give a number of megabytes above 0.")
    return int(megabytes * 2**20)


def check_limits() -> None:
    """At the server's start. Raises RequestError."""
    for name in DEFAULTS:
        limit(name)
