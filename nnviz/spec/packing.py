"""A spec's record as a short text for an address, and back. What comes back was written by anybody: it is bounded before and
after it is unpacked, and checked by `RunSpec` like any other."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from nnviz.errors import RequestError, SpecError
from nnviz.spec.reading import read

VERSION = "1"
LONGEST = 12_000
"""Letters of a packed record: servers and proxies take addresses of 16,000 or more."""
MOST_BYTES = 1 << 20
"""Of the JSON text in it."""
_WORDS = (
    b'"from":{"run":"","step":"data":{"kind":"file","path":".csv","sha256":"","target":"","columns":{"type":"use":false'
    b'"data":{"kind":"builtin","name":"iris"},"data":{"kind":"synthetic","name":"moons","circles","spirals","samples":300,'
    b'"noise":0.2,"seed":0},"split":{"validation":0.2,"test":0.2,"seed":0,"folds":5,"repeats":3},"layers":['
    b'{"kind":"Repeat","times":3,"layers":[{"kind":"Residual","project":true,{"kind":"Parallel","branches":[['
    b'{"kind":"Conv2D","filters":32,"kernel_size":3,"padding":"same"},{"kind":"MaxPooling2D","pool_size":2},{"kind":"Flatten"},'
    b'{"kind":"BatchNormalization"},{"kind":"Dropout","rate":0.1},{"kind":"Dense","units":64,"activation":{"expression":"x * '
    b'sigmoid(","constants":{"a":1}}},{"kind":"Dense","units":32,"activation":"tanh"},{"kind":"Dense","units":16,"activation":'
    b'"relu"}],"cost":{"kind":"MeanSquaredError"},"cost":{"kind":"CrossEntropy"},"optimizer":{"kind":"SGD","momentum":0.9,'
    b'"schedule":{"kind":"CosineDecay","decay_steps":1000},"optimizer":{"kind":"Adam","learning_rate":0.01},"training":{'
    b'"early_stopping":{"patience":20},"keep":"best","record_every":1,"epochs":30,"batch_size":32,"seed":0}}'
)
"""What most records hold, so that they pack to a few words. Part of version 1: a change of it is another version."""


def pack(record: Mapping[str, Any]) -> str:
    """The record as letters, digits, - and _, with the version before it. Raises RequestError where that is too long."""
    text = json.dumps(dict(record), ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _WORDS)
    body = base64.urlsafe_b64encode(packer.compress(text) + packer.flush()).rstrip(b"=").decode()
    if len(body) + 2 > LONGEST or len(text) > MOST_BYTES:
        raise RequestError(
            f"it takes {len(body):,} letters, and an address has room for {LONGEST:,}", remedy="Give it as a file instead."
        )
    return f"{VERSION}.{body}"


def unpack(text: str) -> dict[str, Any]:
    """The record in a packed text. Raises RequestError, in words for whoever has followed the link."""
    if len(text) > LONGEST:
        raise RequestError(f"it has {len(text):,} letters, more than the {LONGEST:,} of any link", remedy="Copy it again, whole.")
    version, dot, body = text.partition(".")
    if not (dot and version.isascii() and version.isdigit()):
        raise _broken()
    if version != VERSION:
        raise RequestError(
            "it was made by a later version of nnviz", remedy="Update this one, or ask for the settings as a file."
        )
    try:
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(-15, zdict=_WORDS)
        content = unpacker.decompress(packed, MOST_BYTES)
        if unpacker.unconsumed_tail:
            raise RequestError(f"it unpacks to more than {MOST_BYTES >> 20} MB", remedy="No link of nnviz does.")
        if not unpacker.eof:
            raise _broken()
        record = read(content, "link")
    except (binascii.Error, zlib.error, ValueError, SpecError) as error:
        raise _broken() from error
    if not isinstance(record, dict):
        raise _broken()
    return record


def _broken() -> RequestError:
    return RequestError("it is incomplete or was changed on its way", remedy="Copy it again, whole.")
