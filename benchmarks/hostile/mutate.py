"""Ways to damage bytes and JSON, chosen by a seeded generator."""

import json
import random
import struct
from typing import Any

MOST = 4 << 20
_LENGTHS = (0, 1, 255, 65_535, 2**31 - 1, 2**31, 2**32 - 1, 2**62, 2**63 - 1, 2**64 - 1)
_WORDS = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b'"',
    b"'",
    b",",
    b";",
    b"\t",
    b"\n",
    b"\r",
    b"\x1a",
    b"NaN",
    b"1e999",
    b"9" * 400,
    b"../../",
    b"{" * 500,
    b"[" * 500,
    b"=1+1",
    b"<script>",
    "\u202e".encode(),
    "\u00e9".encode("latin-1"),
    b"-",
    b"%",
    b"#",
    b"\\",
    b"PK\x03\x04",
    b"PAR1",
    b"__import__('os').system('touch canary')",
)
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1,
    2**31,
    2**63,
    -(2**63),
    10**400,
    1e300,
    -1e300,
    5e-324,
    float("nan"),
    float("inf"),
    "",
    "x",
    "x" * 10_000,
    "\u202eabc",
    "\ud800",
    "\x00",
    "../../etc/passwd",
    "/etc/passwd",
    "/dev/zero",
    "=1+1",
    "<img src=x onerror=alert(1)>",
    [],
    {},
    [[]],
    {"a": {}},
    [0] * 1000,
    "__import__('os').system('touch canary')",
    "NaN",
    "1970-01-01",
    "finished",
    "0" * 64,
)


def damaged(rng: random.Random, content: bytes) -> tuple[bytes, str]:
    """The bytes with one to three mutations, and their kinds."""
    kinds = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        kind = rng.choice(list(_BYTES))
        content = _BYTES[kind](rng, content)[:MOST]
        kinds.append(kind)
    return content, "+".join(kinds)


def _flip(rng: random.Random, content: bytes) -> bytes:
    body = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8))):
        if body:
            body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)
    return bytes(body)


def _byte(rng: random.Random, content: bytes) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]


def _cut(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _drop(rng: random.Random, content: bytes) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + content[at + rng.choice((1, 4, 40, 400)) :]


def _repeat(rng: random.Random, content: bytes) -> bytes:
    at, length = rng.randrange(len(content) + 1), rng.choice((1, 10, 100, 1000))
    return content[:at] + content[at : at + length] * rng.choice((2, 2, 10, 1000)) + content[at:]


def _swap(rng: random.Random, content: bytes) -> bytes:
    first, second = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    return content[second:] + content[first:second] + content[:first]


def _insert(rng: random.Random, content: bytes) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + rng.choice(_WORDS) + content[at:]


def _length(rng: random.Random, content: bytes) -> bytes:
    """Some four or eight bytes say that much is to come: often those of a header or a footer."""
    near = rng.choice((len(content), 64))
    at = rng.randrange(max(1, near)) if rng.random() < 0.5 else max(0, len(content) - 1 - rng.randrange(max(1, near)))
    value = rng.choice(_LENGTHS)
    packed = struct.pack(rng.choice("<>") + "Q", value) if rng.random() < 0.3 else struct.pack("<I", value & 0xFFFFFFFF)
    return content[:at] + packed + content[at + len(packed) :]


def _recode(rng: random.Random, content: bytes) -> bytes:
    text = content.decode("latin-1")
    return text.encode(rng.choice(("utf-8", "utf-16", "utf-16-be", "utf-32", "utf-7")), "replace")


_BYTES = {
    "flip": _flip,
    "byte": _byte,
    "cut": _cut,
    "drop": _drop,
    "repeat": _repeat,
    "swap": _swap,
    "insert": _insert,
    "length": _length,
    "recode": _recode,
}


def odd_json(rng: random.Random, document: Any) -> tuple[str, str]:
    """A JSON document, as text, with an odd value somewhere, a field too many or too few, or deep nesting; and where."""
    document = json.loads(json.dumps(document))
    places = list(_places(document))
    if not places:
        return json.dumps(rng.choice(ODD)), "whole"
    holder, key = rng.choice(places)
    choice = rng.random()
    if choice < 0.7:
        holder[key] = rng.choice(ODD)
    elif choice < 0.8:
        del holder[key]
    elif choice < 0.9 and isinstance(holder, dict):
        holder[rng.choice(("extra", "path", "sha256", "", "__proto__", "x" * 5000, "kind"))] = rng.choice(ODD)
    else:
        holder[key] = "@deep@"
    depth = rng.choice((30, 500, 100_000))
    text = json.dumps(document).replace('"@deep@"', "[" * depth + "]" * depth)
    return text, str(key)[:40]


def _places(document: Any) -> Any:
    items = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for key, value in items:
        yield document, key
        yield from _places(value)
