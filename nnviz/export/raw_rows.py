"""Raw rows in, answers out: what lies beside network.keras. It needs NumPy and Keras, and nnviz nowhere.

    import keras, encoder
    model = keras.models.load_model("network.keras")
    print(encoder.predict(model, encoder.read("new_rows.csv")))

A row is a mapping of the columns' names to cells as they stand in the file, text or numbers, [{"age": "31", ...}]; a pandas
DataFrame does, too. A missing cell is "", None or NaN. `encode` gives the network's inputs alone. How each column was encoded
in the training, and how its cells are read, stands in the .json file of the same name, which must lie beside this one.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nnviz.export.raw_cells import (
    COMMA_PLAIN,
    EPOCH,
    INFINITE,
    PLAIN,
    UNSEEN,
    Moment,
    canonical,
    date_of,
    number_by_way,
    number_of,
)

CODE = re.compile("0[0-9]+|[0-9]{16,}")
OLD_COMMA = re.compile("[+-]?[0-9]+,[0-9]+")
TYPED_COMMA = re.compile("[+-]?[0-9.]*,[0-9]*([eE][+-]?[0-9]+)?")


def read(path: str | Path) -> list[dict[str, Any]]:
    """The rows of a text file that is written as that of the training was: separator, decimal mark, encoding, header."""
    return _own().read(path)


def encode(rows: Any) -> Any:
    """The network's inputs, float32 (rows, inputs)."""
    return _own().encode(rows)


def predict(model: Any, rows: Any) -> list[dict[str, Any]]:
    """An answer a row: `prediction` (a class, or a number in the target's own unit) and, for classes, `probabilities`."""
    return _own().answers(*_inner(model).predict(encode(rows), batch_size=1024, verbose=0))


@cache
def _own() -> "RowEncoder":
    return RowEncoder(json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8")))


@cache
def _inner(model: Any) -> Any:
    """The network between encoded rows and its outputs: those before the last activation, and those behind it. The layers of
    the file that scale rows and answers in float32 are left out, since it is done here in float64."""
    import keras

    if isinstance(model, keras.Sequential):
        first = raw = last = keras.Input(model.input_shape[1:])
        for layer in model.layers:
            raw = last if layer.name == "output" else raw
            last = last if layer.name in ("encode", "own_unit") else layer(last)
        return keras.Model(first, [raw if "output" in {layer.name for layer in model.layers} else last, last])
    names = {layer.name for layer in model.layers}
    first = model.get_layer("encode").output if "encode" in names else model.inputs[0]
    last = model.get_layer("own_unit").input if "own_unit" in names else model.outputs[0]
    return keras.Model(first, [model.get_layer("output").input if "output" in names else last, last])


class RowEncoder:
    """Encodes rows as `record` says: how nnviz keeps the columns with the run, and `words` of its reading rules."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.columns: Sequence[Mapping[str, Any]] = record["columns"]
        self.names = [str(column["name"]) for column in self.columns]
        self.target = record["target"]
        self.is_old = record.get("version", 1) == 1
        self.dialect: Mapping[str, Any] = record.get("dialect") or {}
        self.decimal = self.dialect.get("decimal") or "."
        self.answer = record["answer"]
        self.words = record["words"]
        self.missing = frozenset(self.words["missing"])
        self.is_usual = record.get("missing") is None
        self.codes = {float(word) for word in record.get("missing") or () if PLAIN.fullmatch(word.strip())}
        self.families = {name: re.compile(pattern) for name, pattern in self.words["dates"].items()}

    def encode(self, rows: Any) -> Any:
        """float32 (rows, inputs); columns that are no inputs are ignored. Raises ValueError that names missing ones."""
        rows = rows.to_dict("records") if hasattr(rows, "to_dict") else rows
        rows = [{self._name(str(name)): cell for name, cell in row.items()} for row in rows]
        absent = [name for name in self.names if any(name not in row for row in rows)]
        if absent:
            raise ValueError(f"missing columns: {', '.join(absent[:8])}; the network needs {', '.join(self.names[:8])}")
        if not rows:
            return self.encode([dict.fromkeys(self.names)])[:0]
        return np.concatenate([self._encoded(column, [row[column["name"]] for row in rows]) for column in self.columns], axis=1)

    def answers(self, raw: Any, outputs: Any) -> list[dict[str, Any]]:
        """Answers from the network's `raw` outputs (n, columns) and those behind its last activation."""
        target = self.target
        if target["task"] == "regression":
            numbers = outputs.astype(np.float64) * np.array(target["scale"]) + np.array(target["mean"])
            if len(target["names"]) == 1:
                return [{"prediction": number} for (number,) in numbers.tolist()]
            return [{"prediction": dict(zip(target["names"], row, strict=True))} for row in numbers.tolist()]
        classes = target["classes"]
        is_shared = outputs.shape[1] < len(classes)
        picked = (raw[:, 0] > 0).astype(int) if is_shared else np.argmax(raw, axis=1)
        outputs = np.concatenate([1 - outputs, outputs], axis=1) if is_shared else outputs
        return [
            {"prediction": classes[place], self.answer: dict(zip(classes, row, strict=True))}
            for place, row in zip(picked.tolist(), outputs.tolist(), strict=True)
        ]

    def read(self, path: str | Path) -> list[dict[str, Any]]:
        """The rows of a text file, in the columns that are inputs."""
        text = Path(path).read_bytes().decode(self.dialect.get("encoding") or "utf-8").removeprefix("\ufeff")
        text = text if self.is_old else unicodedata.normalize("NFC", text)
        separator = self.dialect.get("separator") or ","
        if separator == " ":
            text = "\n".join(re.sub("[ \t]+", " ", line.strip()) for line in re.split("\r\n|\r|\n", text))
        head, body = self._head([row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row])
        wrong = next((place for place, row in enumerate(body) if len(row) != len(head)), None)
        if wrong is not None:
            raise ValueError(f"row {wrong + 1} has {len(body[wrong])} cells instead of {len(head)}")
        cells = [self._as_read(column, [row[head.index(column["name"])] for row in body]) for column in self.columns]
        return [dict(zip(self.names, row, strict=True)) for row in zip(*cells, strict=True)]

    def _name(self, name: str) -> str:
        return name.strip() if self.is_old else canonical(name)

    def _head(self, rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
        """The names of the columns, and the rows below them."""
        for place, row in enumerate(rows[:20]):
            head = [self._name(name) or f"column {at + 1}" for at, name in enumerate(row)]
            if set(self.names) <= set(head):
                body = rows[place + 1 :]
                if body and len(body[0]) == len(head) + 1:
                    # R gives rows a name and their column none; others end each row with a separator
                    head = [*head, ""] if not any(row[-1].strip() for row in body) else ["", *head]
                return head, body
        columns = self.dialect.get("columns") or self.names
        for head in (columns, [name for name in columns if name not in self.target["names"]], self.names):
            if rows and len(head) == len(rows[0]) and self.dialect.get("header") is False:
                return list(head), rows
        raise ValueError(f"the columns {', '.join(self.names[:8])} are not all there, or another separator stands between them")

    def _as_read(self, column: Mapping[str, Any], cells: list[str]) -> list[Any]:
        """The cells of a column of a text file: as numbers where each is a plain one, or the column is one of numbers."""
        texts = [self._text(cell) for cell in cells]
        known = [text for text in texts if text is not None]
        numbers = [None if text is None else number_of(text, self.decimal) for text in texts]
        is_plain = bool(known) and all(self._is_plain(text) for text in known)
        is_plain = is_plain and sum(number is not None for number in numbers) == len(known)
        has_marks = any(text is None and cell.strip() for text, cell in zip(texts, cells, strict=True))
        is_flag = has_marks and self.is_usual and not self.is_old and len(set(numbers) - {None}) < 2
        if is_plain and not is_flag:
            return numbers
        if self.is_old:
            is_comma = [self.decimal == "," and OLD_COMMA.fullmatch(cell.strip()) for cell in cells]
            return [cell.replace(",", ".") if comma else cell for cell, comma in zip(cells, is_comma, strict=True)]
        if column["type"] != "number":
            return cells
        own = column.get("way", "")
        way = own or ("1.234,5" if self.decimal == "," else "1,234.5")
        values = [None if text is None else self._by_way(text, way) for text in texts]
        return [
            number_of(text) if value is None and text is not None and not own else value
            for value, text in zip(values, texts, strict=True)
        ]

    def _is_plain(self, text: str) -> bool:
        """Whether it is written as a program writes numbers, and is no code such as 007."""
        if CODE.fullmatch(text):
            return False
        pattern, text = COMMA_PLAIN if self.decimal == "," else PLAIN, text.replace("\u2212", "-")
        return self.is_old or bool(pattern.fullmatch(text) or INFINITE.fullmatch(text))

    def _text(self, cell: Any, values: Sequence[str] = ()) -> str | None:
        """A cell as trimmed text, None where it is missing. `values`: usual words for a missing value that are values here."""
        if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
            return None
        if isinstance(cell, bool | np.bool_):
            return "true" if cell else "false"
        if isinstance(cell, int | float | np.number):
            number = float(cell)
            if number != number or number in self.codes:
                return None
            return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)
        text = str(cell).strip()
        if not text.isascii() and not self.is_old:
            text = unicodedata.normalize("NFC", text).strip(UNSEEN).strip()
        word = text.lower()
        return None if word in self.missing and word not in values else text

    def _encoded(self, column: Mapping[str, Any], cells: list[Any]) -> Any:
        """float32 (n, inputs of the column)."""
        spared, way = column.get("value_words", ()), column.get("way", "")
        if column["type"] == "category":
            labels = [self._text(cell, spared) for cell in cells]
            missing = [label is None for label in labels]
            values = np.array([[label == category for category in column.get("categories", ())] for label in labels], np.float32)
        elif column["type"] == "boolean":
            truths = [self._truth(cell, spared) for cell in cells]
            missing = [truth is None for truth in truths]
            values = np.array([[0.5 if truth is None else truth] for truth in truths], np.float32)
        else:
            parts: list[list[float | None]] = (
                [[self._number(cell, way)] for cell in cells]
                if column["type"] == "number"
                else [_date_parts(self._date(cell, column), column) for cell in cells]
            )
            missing = [None in row for row in parts]
            fill = column["fill"]
            numbers = np.array([[fill[at] if part is None else part for at, part in enumerate(row)] for row in parts], np.float64)
            scaled = (numbers.reshape(len(cells), len(fill)) - np.array(column["centre"])) / np.array(column["scale"])
            values = scaled.astype(np.float32)
        values = values.reshape(len(cells), values.size // len(cells))
        return np.concatenate([values, np.array(missing, np.float32)[:, None]], axis=1) if column.get("indicator") else values

    def _truth(self, cell: Any, spared: Sequence[str]) -> float | None:
        word = (self._text(cell, spared) or "").lower()
        return 1.0 if word in (*self.words["true"], "1") else 0.0 if word in (*self.words["false"], "0") else None

    def _number(self, cell: Any, way: str) -> float | None:
        text = self._text(cell)
        if text is None:
            return None
        if isinstance(cell, int | float | np.number | np.bool_):
            number: float | None = float(cell)
        else:
            if not self.is_old and self.decimal == "," and TYPED_COMMA.fullmatch(text):
                text = text.replace(".", "").replace(",", ".")
            number = self._by_way(text, way) if way else number_of(text)
        return number if number is not None and np.isfinite(number) else None

    def _by_way(self, text: str, way: str) -> float | None:
        return number_by_way(text, way, currency=self.words["currency"])

    def _date(self, cell: Any, column: Mapping[str, Any]) -> Moment | None:
        way, text = column.get("way", ""), self._text(cell, column.get("value_words", ()))
        if text is None:
            return None
        if isinstance(cell, datetime):
            zone = cell.utcoffset()
            return cell.replace(tzinfo=None), zone.total_seconds() / 60 if zone and way else 0.0
        return date_of(
            text,
            way,
            families=self.families,
            months=self.words["months"],
            zones=self.words["zones"],
            day_first=bool(column.get("day_first")),
        )


def _date_parts(moment: Moment | None, column: Mapping[str, Any]) -> list[float | None]:
    """The inputs that a date becomes, before they are scaled."""
    if moment is None:
        return [None for _ in column["parts"]]
    local, offset = moment
    clock = (local - EPOCH) // timedelta(microseconds=1) - int(offset * 60e6)
    parts = {"weekday": local.weekday(), "elapsed": (clock / 1e6 - column.get("start", 0.0)) / 86_400.0}
    return [float(parts[part] if part in parts else getattr(local, part)) for part in column["parts"]]
