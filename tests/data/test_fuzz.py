"""Whatever the bytes: a report, or a DataError with a place and a remedy. Nothing else comes out."""

import io
import json
import random

import numpy as np
import pandas as pd
import pytest

from nnviz import data
from nnviz.errors import DataError

RNG = np.random.default_rng(0)
FRAME = pd.DataFrame(
    {
        "a": RNG.normal(size=40).round(3),
        "b": RNG.integers(0, 9, 40),
        "c": RNG.choice(["x", "y, z", 'q"r', ""], 40),
        "d": pd.date_range("2024-01-01", periods=40),
        "label": RNG.choice(["on", "off"], 40),
    }
)


def sound() -> dict[str, bytes]:
    parquet, arrays = io.BytesIO(), io.BytesIO()
    FRAME.to_parquet(parquet)
    np.savez(arrays, x=RNG.integers(0, 255, (20, 4, 4), dtype=np.uint8), y=np.arange(20) % 2)
    return {
        "a.csv": FRAME.to_csv(index=False).encode(),
        "b.tsv": FRAME.to_csv(index=False, sep="\t").encode("utf-16"),
        "c.csv": FRAME.to_csv(index=False, sep=";", decimal=",").encode("latin-1"),
        "d.json": FRAME.to_json(orient="records", date_format="iso").encode(),
        "e.parquet": parquet.getvalue(),
        "f.npz": arrays.getvalue(),
    }


def mutated(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice([1, 2, 5, 30])):
        place = rng.randrange(len(changed))
        match rng.randrange(6):
            case 0:
                changed[place] = rng.randrange(256)
            case 1:
                del changed[place : place + rng.randrange(1, 40)]
            case 2:
                changed[place:place] = rng.choice([b'"', b",", b";", b"\n", b"\r", b"\t", b"\x00", b"\xff", b"{", b"\xe9", b"  "])
            case 3:
                changed[place:place] = changed[place : place + rng.randrange(1, 200)]
            case 4:
                changed[place : place + 2] = changed[place : place + 2][::-1]
            case _:
                changed[place:place] = rng.choice([b"1e999", b"nan", b"0x1F", b"-", b"9" * 400, b'""', b"inf", "数".encode()])
        if not changed:
            break
    return bytes(changed)


def report_or_refusal(content: bytes, name: str) -> data.Report | DataError:
    try:
        return data.inspect(content, name=name)
    except DataError as error:
        return error


@pytest.mark.parametrize("name", list(sound()))
def test_mutated_files_give_a_report_or_a_clear_refusal(name: str) -> None:
    rng, content = random.Random(name), sound()[name]
    refused = 0
    for _ in range(60):
        broken = mutated(content, rng)
        outcome = report_or_refusal(broken, name)
        if isinstance(outcome, DataError):
            refused += 1
            assert outcome.where.startswith(name), outcome.message
            assert outcome.remedy, outcome.message
            assert len(outcome.message) < 1500
        else:
            json.dumps(outcome.to_json(), allow_nan=False)
    assert 0 < refused < 60
