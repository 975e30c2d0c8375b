"""A spec in an address: short, whole, and bounded where anybody may have written it."""

import base64
import json
import zlib
from typing import Any

import pytest

from nnviz.errors import RequestError
from nnviz.spec import RunSpec
from nnviz.spec.packing import LONGEST, MOST_BYTES, pack, unpack

SPEC: dict[str, Any] = {
    "data": {"kind": "synthetic", "name": "spirals", "samples": 300, "noise": 0.2, "seed": 3},
    "split": {"validation": 0.2, "test": 0.1, "seed": 4},
    "layers": [
        {"kind": "Dense", "units": 64, "activation": {"expression": "x * sigmoid(a * x)", "constants": {"a": 1}}},
        {"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": 8, "name": "größe 中"}]},
    ],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.003},
    "training": {"epochs": 50, "batch_size": 16},
}


def squeezed(content: bytes) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return "1." + base64.urlsafe_b64encode(packer.compress(content) + packer.flush()).rstrip(b"=").decode()


def test_a_spec_comes_back_as_it_was_and_is_short() -> None:
    text = pack(SPEC)
    assert unpack(text) == SPEC
    assert RunSpec.parse(unpack(text)) == RunSpec.parse(SPEC)
    assert len(text) < 350
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_a_link_of_version_1_is_read_for_good() -> None:
    text = "1.qyYiM2PJuqbUybpYMymB1IInIVZoKtWSkIwgyS6WrDRCfCzCYwEtGgzNamsB"
    record = unpack(text)
    assert record["layers"][0]["activation"] == {"expression": "x * sigmoid(x)"}
    assert RunSpec.parse(record).optimizer.kind == "Adam"


@pytest.mark.parametrize("text", ["", "1", "1.", "x.abc", "1.!!!!", "1.AAAA", "1.é", "no draft", "²." + "a", "1..", "1.a b"])
def test_what_was_damaged_is_refused_in_words(text: str) -> None:
    with pytest.raises(RequestError, match="incomplete"):
        unpack(text)


def test_every_cut_of_a_link_is_refused() -> None:
    text = pack(SPEC)
    for length in range(len(text)):
        with pytest.raises(RequestError):
            unpack(text[:length])


@pytest.mark.parametrize(
    "content", [b"[1]", b"null", b'"a"', b"{", b"\xff", b"[" * 100_000, b'{"a": "\\ud800"}', b'{"a":1,"a":2}']
)
def test_what_is_no_record_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(RequestError, match="incomplete"):
        unpack(squeezed(content))


def test_what_is_too_long_before_or_after_it_is_unpacked_is_refused() -> None:
    with pytest.raises(RequestError, match="letters"):
        unpack("1." + "a" * LONGEST)
    bomb = squeezed(json.dumps({"name": "a" * (2 * MOST_BYTES)}).encode())
    assert len(bomb) < LONGEST
    with pytest.raises(RequestError, match="1 MB"):
        unpack(bomb)
    names = [
        {"kind": "Dense", "units": 1, "name": base64.b64encode(bytes([i % 256, i // 256] * 9)).decode()} for i in range(3000)
    ]
    with pytest.raises(RequestError, match="has room for"):
        pack(SPEC | {"layers": names})


def test_a_later_version_says_so() -> None:
    with pytest.raises(RequestError, match="later version"):
        unpack("2." + pack(SPEC)[2:])
