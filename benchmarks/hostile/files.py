"""Small good files of every format, and files that are built to cost much."""

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

ROWS = 60


def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "width": rng.normal(3, 1, ROWS).round(2),
            "height": rng.integers(1, 90, ROWS),
            "town": rng.choice(["Ulm", "Köln", "Bern"], ROWS),
            "born": pd.date_range("2020-01-01", periods=ROWS, freq="7D").strftime("%Y-%m-%d"),
            "kind": rng.choice(["a", "b"], ROWS),
        }
    )


def tables() -> dict[str, bytes]:
    """By file name."""
    table = frame()
    x = np.random.default_rng(1).normal(size=(ROWS, 4)).astype(np.float32)
    arrays: dict[str, NDArray[np.generic]] = {"x": x, "y": (x[:, 0] > 0).astype(np.int64)}
    return {
        "comma.csv": table.to_csv(index=False).encode(),
        "semicolon.csv": table.to_csv(index=False, sep=";", decimal=",").encode("latin-1"),
        "tab.tsv": table.to_csv(index=False, sep="\t").encode("utf-16"),
        "quoted.csv": table.to_csv(index=False, quoting=1).encode(),
        "records.json": table.to_json(orient="records", force_ascii=False).encode(),
        "lines.jsonl": table.to_json(orient="records", lines=True, force_ascii=False).encode(),
        "plain.parquet": _parquet(table, compression="none"),
        "checked.parquet": _parquet(table, compression="snappy", write_page_checksum=True),
        "plain.npz": _saved(np.savez, arrays),
        "packed.npz": _saved(np.savez_compressed, arrays),
    }


def images() -> dict[str, bytes]:
    rng = np.random.default_rng(2)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(24):
            for label, ending in (("cats", "png"), ("dogs", "jpg"), ("dogs", "gif")):
                archive.writestr(f"pets/{label}/{number}.{ending}", _image(rng, ending))
    return {"pets.zip": stream.getvalue()}


def bombs() -> dict[str, Callable[[random.Random], tuple[str, bytes]]]:
    """Makers of a file that says or unpacks to far more than it weighs: its name and bytes."""
    return {
        "many keys": lambda rng: ("keys.jsonl", b"\n".join(b'{"k%d": 1}' % index for index in range(rng.choice((5000, 20_001))))),
        "deep": lambda rng: ("deep.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        "long number": lambda rng: ("long.json", b'[{"a": ' + b"9" * rng.choice((400, 100_000)) + b', "b": 1}]'),
        "wide": lambda rng: ("wide.csv", b",".join(b"c%d" % index for index in range(20_001)) + b"\n" + b"1," * 20_000 + b"1\n"),
        "long cell": lambda rng: ("cell.csv", b"a,b\n" + b"x" * (3 << 20) + b",1\n" * 20),
        "blank lines": lambda rng: ("blank.csv", b"a,b\n1,2\n" + b"\n" * (3 << 20)),
        "open quote": lambda rng: ("quote.csv", b'a,b\n"1,2\n' + b"3,4\n" * 500_000),
        "zeros in parquet": lambda rng: (
            "zeros.parquet",
            _parquet(pd.DataFrame({"a": np.zeros(3_000_000), "label": np.zeros(3_000_000, "i1")}), compression="zstd"),
        ),
        "zeros in npz": lambda rng: (
            "zeros.npz",
            _saved(np.savez_compressed, {"x": np.zeros((200_000, 100), np.float32), "y": np.zeros(200_000, np.int8)}),
        ),
        "header of an array": lambda rng: ("header.npz", _header_bomb(rng)),
        "large picture": lambda rng: ("large.zip", _picture_bomb(rng)),
        "pickle": lambda rng: (
            "objects.npz",
            _saved(np.savez, {"x": np.array([_Canary()] * 20, dtype=object), "y": np.zeros(20)}),
        ),
    }


class _Canary:
    """Unpickling this would write a file."""

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, ("canary", "w")


def _parquet(table: pd.DataFrame, **options: object) -> bytes:
    stream = io.BytesIO()
    table.to_parquet(stream, index=False, **options)
    return stream.getvalue()


def _saved(save: Callable[..., None], arrays: dict[str, NDArray[np.generic]]) -> bytes:
    stream = io.BytesIO()
    save(stream, **arrays)
    return stream.getvalue()


def _image(rng: np.random.Generator, ending: str) -> bytes:
    stream = io.BytesIO()
    pixels = rng.integers(0, 255, (12, 10, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(stream, {"png": "PNG", "jpg": "JPEG", "gif": "GIF"}[ending])
    return stream.getvalue()


def _header_bomb(rng: random.Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for key in "xy":
            header = json.dumps({"descr": "<f8", "fortran_order": False, "shape": [rng.choice((2**40, 10**6, 258)), 8]})
            header = header.replace("false", "False").replace("[", "(").replace("]", ")")
            text = header.encode() + b" " * (117 - len(header)) + b"\n"
            archive.writestr(f"{key}.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + b"\0" * 640)
    return stream.getvalue()


def _picture_bomb(rng: random.Random) -> bytes:
    """Pictures of which each says to be large, in few bytes."""
    side = rng.choice((4000, 30_000, 2**31 - 1))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(b"\0" * min(side * (side // 8 + 1), 1 << 24), 9)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(30):
            archive.writestr(f"{'ab'[number % 2]}/{number}.png", png)
    return stream.getvalue()
