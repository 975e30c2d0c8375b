"""Twenty kinds of broken input, five of each: every message names the trouble, the place and the remedy."""

import io
import json
import random
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from nnviz import data
from nnviz.errors import DataError
from nnviz.spec import FileData

Case = tuple[bytes, str, str]
"""The bytes, the file's name, and a pattern for the place that the message must name."""


@dataclass(frozen=True)
class Kind:
    make: Callable[[int], Case]
    trouble: str
    remedy: str
    options: dict[str, object] | None = None


def table(seed: int, rows: int = 40, *, separator: str = ",") -> list[list[str]]:
    """A sound table: two numbers, a category and a label."""
    rng = random.Random(seed)
    head = ["length", "width", "colour", "label"]
    return [
        head,
        *(
            [f"{rng.gauss(5, 1):.3f}", f"{rng.gauss(0, 2):.2f}", rng.choice(["red", "green", "blue"]), rng.choice(["yes", "no"])]
            for _ in range(rows)
        ),
    ]


def text(rows: list[list[str]], separator: str = ",") -> bytes:
    return ("\n".join(separator.join(row) for row in rows) + "\n").encode()


def empty(seed: int) -> Case:
    return [b"", b"\n\n\n", b"  \t \r\n", b"\xef\xbb\xbf", b"\xff\xfe"][seed], "a.csv", r"^a\.csv$"


def only_header(seed: int) -> Case:
    separator = [",", ";", "\t", "|", ","][seed]
    return text(table(0)[:1], separator) + (b"\n\n" if seed == 4 else b""), "a.csv", r"a\.csv, line 1"


def image(seed: int) -> Case:
    heads = [
        b"\x89PNG\r\n\x1a\n" + bytes(60),
        b"\xff\xd8\xff\xe0" + bytes(60),
        b"GIF89a" + bytes(60),
        b"\x89PNG\r\n\x1a\n" + b"IHDR,1,2\n" * 30,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    ]
    return heads[seed], "photo.csv", r"photo\.csv, first bytes"


def page(seed: int) -> Case:
    heads = [
        "<!DOCTYPE html><html><body>404</body></html>",
        "<html>\n<head><title>x</title></head></html>",
        "\n\n  <!doctype HTML>\n<html lang='en'>",
        "\ufeff<html><table><tr><td>1,2</td></tr></table></html>",
        "<!-- saved -->\n<html></html>",
    ]
    return heads[seed].encode(), "data.csv", r"data\.csv, line 1"


def archive(seed: int) -> Case:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(["data.csv", "xl/workbook.xml", "a/b.txt", "data.csv", "xl/workbook.xml"][seed], text(table(seed)))
    blob = buffer.getvalue() if seed != 3 else b"\x1f\x8b\x08" + bytes(50)
    return blob, "data.csv", r"data\.csv, first bytes"


def document(seed: int) -> Case:
    heads = [
        b"%PDF-1.7\n%\xe2\xe3",
        b"SQLite format 3\x00" + bytes(84),
        b"\x80\x04\x95" + bytes(50),
        b"\xd0\xcf\x11\xe0" + bytes(50),
        b"\x93NUMPY\x01\x00" + bytes(80),
    ]
    return heads[seed], "data.csv", r"data\.csv, first bytes"


def nul_bytes(seed: int) -> Case:
    content, line = bytearray(text(table(seed))), 3 + seed
    starts = [index + 1 for index, byte in enumerate(content) if byte == 10]
    content[starts[line - 2]] = 0
    return bytes(content), "a.csv", rf"a\.csv, line {line}$"


def ragged(seed: int) -> Case:
    rows, line = table(seed), 5 + 3 * seed
    rows[line - 1] = [rows[line - 1] + ["7"], rows[line - 1][:-1], [*rows[line - 1], "a", "b"], ["1"], rows[line - 1][:2]][seed]
    return text(rows, [",", ";", "\t", ",", "|"][seed]), "a.csv", rf"a\.csv, line {line}$"


def open_quote(seed: int) -> Case:
    rows, line = table(seed, 30), 4 + seed
    rows[line - 1][2] = '"' + rows[line - 1][2]
    return text(rows), "a.csv", rf"a\.csv, line {line}$"


def one_class(seed: int) -> Case:
    rows = table(seed)
    for row in rows[1:]:
        row[3] = ["yes", "1", "<b>x</b>", "true", "0.5"][seed]
    return text(rows), "a.csv", r"a\.csv, column 'label'"


def too_many_classes(seed: int) -> Case:
    rows = table(seed, 60)
    for index, row in enumerate(rows[1:]):
        row[3] = [f"n{index}", f"name {index % 40}", f"{index}x", f"k{index % 35}", f"person number {index} of all"][seed]
    return text(rows), "a.csv", r"a\.csv, column 'label'"


def no_targets(seed: int) -> Case:
    rows = table(seed)
    for row in rows[1:]:
        row[3] = ["", "?", "NA", "null", " "][seed]
    return text(rows), "a.csv", r"a\.csv, column 'label'"


def text_only(seed: int) -> Case:
    rng = random.Random(seed)
    words = ["the", "cat", "sat", "on", "a", "mat", "and", "looked", "at", "every", "bird", "that", "came", "near", "its", "tree"]
    rows = [["comment", "label"]] + [[" ".join(rng.choices(words, k=9 + seed)), rng.choice(["good", "bad"])] for _ in range(40)]
    return text(rows, ";"), "a.csv", r"^a\.csv$"


def few_rows(seed: int) -> Case:
    return text(table(seed, rows=[2, 1, 3, 5, 9][seed])), "a.csv", r"^a\.csv$"


def too_large(seed: int) -> Case:
    return text(table(seed, 4000 + 100 * seed)), "big.csv", r"^big\.csv$"


def wrong_encoding(seed: int) -> Case:
    rows = table(seed)
    rows[4 + seed][2] = "rêd"
    return text(rows).decode().encode("latin-1"), "a.csv", rf"a\.csv, line {5 + seed}$"


def broken_json(seed: int) -> Case:
    sound = json.dumps([{"a": index, "b": index % 2} for index in range(20)])
    texts = [sound[:-5], '[{"a": 1}, 5]', "[1, 2, 3]", "[]", '{"a": 1}\n{"a": 2,}\n{"a": 3}']
    return texts[seed].encode(), "a.json", r"a\.json"


def broken_parquet(seed: int) -> Case:
    buffer = io.BytesIO()
    pd.DataFrame({"a": np.arange(50.0), "b": np.arange(50) % 2}).to_parquet(buffer)
    whole = buffer.getvalue()
    cuts = [
        whole[:100],
        whole[:-20],
        b"PAR1" + bytes(200) + b"PAR1",
        whole[:4] + b"\xff" * 30 + whole[34:-8] + b"\xff" * 8,
        text(table(0)),
    ]
    return cuts[seed], "a.parquet", r"a\.parquet"


def broken_arrays(seed: int) -> Case:
    buffer = io.BytesIO()
    x, y = np.zeros((20, 4)), np.arange(20) % 2
    match seed:
        case 0:
            np.savez(buffer, a=x, b=y)
        case 1:
            np.savez(buffer, x=x, y=y[:15])
        case 2:
            np.savez(buffer, x=np.array([{"a": 1}] * 20, dtype=object), y=y)
        case 3:
            np.savez(buffer, x=np.zeros((20, 2, 2, 2, 2)), y=y)
        case _:
            with zipfile.ZipFile(buffer, "w") as file:
                file.writestr("x.npy", _header((10**7, 10**5)))
    return buffer.getvalue(), "a.npz", r"a\.npz"


def _header(shape: tuple[int, ...]) -> bytes:
    """A .npy file that says it is huge and holds nothing."""
    head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode()


def unknown_target(seed: int) -> Case:
    return text(table(seed)), "a.csv", r"a\.csv, target"


KINDS: dict[str, Kind] = {
    "empty": Kind(empty, "empty|nothing but blanks", "Give a table"),
    "only header": Kind(only_header, "header and no rows", "Add rows"),
    "image": Kind(image, "image, not a table", "Give a table"),
    "web page": Kind(page, r"web page \(HTML\)", "Download the data itself"),
    "archive": Kind(archive, "archive|Excel workbook", "Unpack it|save the table as CSV"),
    "document": Kind(document, "PDF|SQLite|pickle|Excel or Word|NumPy array", "Save|save"),
    "NUL bytes": Kind(nul_bytes, "NUL bytes", "Save the table as CSV again"),
    "ragged rows": Kind(ragged, r"this row has \d+ fields? where the others have \d+", "same number of fields"),
    "open quote": Kind(open_quote, "quote that is opened here is never closed", "Close the quote"),
    "one class": Kind(one_class, "every row has the same class", "Two classes or more"),
    "too many classes": Kind(too_many_classes, r"\d+ classes in 60 rows are too many", "Choose another target"),
    "no targets": Kind(no_targets, "target is missing in every row", "Choose another target column"),
    "text only": Kind(text_only, "no column can serve as input .*free text", "at least one column of numbers"),
    "few rows": Kind(few_rows, r"only \d rows? of data", "At least 10 rows"),
    "too large": Kind(too_large, r"more than the limit of 0\.05 MB", "NNVIZ_MAX_UPLOAD_MB"),
    "wrong encoding": Kind(
        wrong_encoding, "this is not utf-8: byte 0xea", "Choose another encoding", {"read": {"encoding": "utf-8"}}
    ),
    "broken JSON": Kind(broken_json, "not JSON|not a record|no records", "record"),
    "broken Parquet": Kind(broken_parquet, "Parquet", "Save it again"),
    "broken npz": Kind(
        broken_arrays, "no array named x|has 15 rows|Python objects|dimensions|holds only", r"Save it|Give|Save the file"
    ),
    "unknown target": Kind(
        unknown_target, "there is no column 'nothing'", "Its columns are: length, width, colour, label", {"target": "nothing"}
    ),
}


def test_there_are_twenty_kinds() -> None:
    assert len(KINDS) == 20


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", list(KINDS))
def test_message_names_trouble_place_and_remedy(kind: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "too large":
        monkeypatch.setenv("NNVIZ_MAX_UPLOAD_MB", "0.05")
    case = KINDS[kind]
    content, name, place = case.make(seed)
    options = FileData.model_validate({"kind": "file", "path": name, **(case.options or {})})
    with pytest.raises(DataError) as caught:
        data.inspect(content, name=name, data=options)
    error = caught.value
    assert re.search(case.trouble, error.what), error.message
    assert re.search(place, error.where), error.message
    assert re.search(case.remedy, error.remedy), error.message
    assert "Traceback" not in error.message
    assert len(error.message) < 700
