"""Tables and images: each is put into a store and its report asked for, as the Data page does."""

import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.hostile import files
from benchmarks.hostile.mutate import damaged
from benchmarks.hostile.outcome import Tally
from nnviz.data.readers.read import read
from nnviz.data.tables import Arrays, Table
from nnviz.errors import NnvizError, RunError
from nnviz.jobs.worker import dataset
from nnviz.jobs.worker.reader import client
from nnviz.spec import FileData
from nnviz.store import Store

CHECKED = (".npz", ".zip", "checked.parquet")
"""Formats whose contents carry checksums: a change in them can be noticed."""
BOMBS = 0.04
"""Share of the cases that are built to cost much."""


@dataclass
class Good:
    """A good file with what is read from it."""

    name: str
    content: bytes
    answer: dict[str, Any]
    cells: Table | Arrays


def run(store: Store, good: dict[str, bytes], cases: int, rng: random.Random, tally: Tally, group: str) -> None:
    peaks = _note_peaks()
    known = [
        Good(name, content, _report(store, name, content), read(content, name=name, data=_block(name)))
        for name, content in good.items()
    ]
    makers = files.bombs()
    for number in range(cases):
        if group == "tables" and rng.random() < BOMBS:
            kind = rng.choice(list(makers))
            name, content = makers[kind](rng)
            _case(store, None, name, content, f"case {number}, {kind}", tally, group, peaks)
            continue
        original = rng.choice(known)
        content, kind = damaged(rng, original.content)
        _case(store, original, original.name, content, f"case {number}, {original.name}, {kind}", tally, group, peaks)


def _case(
    store: Store, original: Good | None, name: str, content: bytes, case: str, tally: Tally, group: str, peaks: list[int]
) -> None:
    peaks.clear()
    began = time.monotonic()
    try:
        answer = _report(store, name, content)
    except RunError as error:
        tally.fail(group, case, str(error))
    except NnvizError as error:
        is_cut = "reading takes more than" in error.what
        if "ended early" in error.what:
            tally.fail(group, case, str(error))
        else:
            tally.add(group, "cut off" if is_cut else "refused")
    except Exception as error:
        tally.fail(group, case, f"{type(error).__name__}: {error}")
    else:
        tally.add(group, "accepted" if "trouble" not in answer else "refused")
        if original is not None and "trouble" not in answer:
            kind = _difference(original, answer, read(content, name=name, data=_block(name)))
            tally.differences[kind] += 1
            if kind.startswith("SILENT"):
                tally.failures.append(f"{group}: {case}: {kind}")
    tally.measured(group, case, seconds=time.monotonic() - began, peak=max(peaks, default=0))


def _block(name: str) -> FileData:
    return FileData(kind="file", path=name)


def _report(store: Store, name: str, content: bytes) -> dict[str, Any]:
    return dataset.report(store, {"data": {"kind": "file", "path": name, "sha256": store.blobs.put(content)}})


def _note_peaks() -> list[int]:
    """What the reading processes have taken at most, noted at each look of the one that watches over them."""
    peaks: list[int] = []
    before = client._Watch._memory

    def memory(watch: Any) -> int:
        try:
            with open(f"/proc/{watch.process.pid}/status") as status:
                peaks.extend(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        except OSError:
            pass
        return before(watch)

    client._Watch._memory = memory  # type: ignore[method-assign]
    return peaks


def _difference(good: Good, answer: dict[str, Any], cells: Table | Arrays) -> str:
    """What differs from the good file, in a word: nothing, something the report names, or something no reader could notice.
    It starts with SILENT where a reader could and the report says nothing."""
    before, after = good.answer["report"], answer["report"]
    if isinstance(cells, Arrays) or isinstance(good.cells, Arrays):
        assert isinstance(good.cells, Arrays)
        is_same = isinstance(cells, Arrays) and cells.x.shape == good.cells.x.shape and np.array_equal(cells.x, good.cells.x)
        is_same = is_same and np.array_equal(cells.y, good.cells.y)  # type: ignore[arg-type]
        return "nothing" if is_same else _named(before, after, good.name) or "SILENT: images differ"
    assert isinstance(good.cells, Table)
    first, second = _texts(good.cells.frame), _texts(cells.frame)
    if first.equals(second):
        return "nothing"
    named = _named(before, after, good.name)
    if named:
        return named
    if good.name.endswith(CHECKED):
        return "SILENT: cells differ under a checksum"
    if first.shape == second.shape and list(first.columns) == list(second.columns):
        if Counter(first.itertuples(index=False, name=None)) == Counter(second.itertuples(index=False, name=None)):
            return "the order of whole rows"
        changed = int((first.to_numpy() != second.to_numpy()).sum())
        # a mutation writes over at most some hundred bytes in place
        return "another value in a cell" if changed <= 60 else f"SILENT: {changed} cells differ"
    if first.shape == second.shape:
        return "another name of a column"
    return "SILENT: another shape"


def _named(before: dict[str, Any], after: dict[str, Any], name: str) -> str:
    """What the report says of it; empty where it says the same as of the good file."""
    if set(after["warnings"]) - set(before["warnings"]):
        return "named in a warning"
    if after["read"] != before["read"]:
        return "named: how the file was read"
    if after["rows_dropped"] != before["rows_dropped"]:
        return "named: rows left out"
    if len(after["columns"]) != len(before["columns"]):
        return "named: the number of columns"
    if any(
        one[field] != other[field]
        for one, other in zip(before["columns"], after["columns"], strict=True)
        for field in ("type", "missing", "use")
        if field in one
    ):
        return "named: a column's type or how many cells are missing"
    if (after["target"], after["task"], after["classes"]) != (before["target"], before["task"], before["classes"]):
        return "named: the target and its classes"
    if after["rows"] != before["rows"] and not name.endswith(CHECKED):
        return "named: the number of rows (whole rows cut off, or repeated)"
    return ""


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(object).map(str)
