"""Checks of the rows of a packed run, which are not trusted: whatever a page or a worker takes for granted of a row that the
store wrote itself is verified here before such a row is inserted. A check raises ValueError with what is wrong.
"""

import copy
import math
import re
from collections.abc import Callable, Collection, Mapping
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import msgpack
from sqlalchemy import Table

from nnviz.errors import NnvizError
from nnviz.spec import RunSpec
from nnviz.store import documents
from nnviz.store.records import ENDED, Run
from nnviz.store.rows import floats, run_record, value_of
from nnviz.store.runs.series import BLOCK
from nnviz.store.values import moment, named, number, whole, words

FIRST_YEAR = 946_684_800.0
"""2000: no run is older, and an earlier time comes from a clock without a battery."""
SECONDS = 1e10
"""The longest that anything may have taken: some 300 years."""
MOST_NAME, MOST_LABEL, MOST_NOTE, MOST_TEXT, MOST_LOG = 2_000, 300, 10_000, 100_000, 4 << 20
MOST_FRAME = 32 << 20
"""Bytes of one frame; twelve pictures of 512 x 512 are 9 million."""
MOST_STEPS = 1 << 22
"""Steps of one row."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[0-9A-Za-z_-]{1,32}")
SNAPSHOT = re.compile(r"[0-9]+-[0-9]+-[0-9a-f]{6}\.snap")


class Rows:
    """The checks of one packed run's rows. `snapshots`: the sizes in bytes of the snapshot files that come with it."""

    def __init__(self, snapshots: Mapping[str, int]) -> None:
        self.files = snapshots
        self.named: set[str] = set()
        self._spans: dict[str, list[tuple[int, int]]] = {}
        self._places: dict[str, set[Any]] = {"epochs": set(), "frames": set(), "snapshots": set()}
        self._checks: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "steps": self._steps,
            "epochs": self._epoch,
            "events": self._event,
            "frames": self._frame,
            "snapshots": self._snapshot,
        }

    def check(self, table: Table, row: Mapping[str, Any]) -> None:
        """One row of a table whose rows belong to a run."""
        self._checks[table.name](row)

    def ended(self) -> None:
        """To be called after every row has been checked: whether the rows are consistent with each other."""
        for series, spans in self._spans.items():
            spans.sort()
            if any(start < stop for (_, stop), (start, _) in pairwise(spans)):
                raise ValueError(f"steps of {series[:40]!r} stand in it twice")
        if set(self.files) - self.named:
            raise ValueError("it holds a file of snapshots that no row speaks of")

    def _steps(self, row: Mapping[str, Any]) -> None:
        _attempt(row)
        start, stop = whole(row["start"]), whole(row["stop"])
        if not 0 < stop - start <= MOST_STEPS:
            raise ValueError(f"it goes from step {start} to {stop}")
        floats(row["values"], stop - start)
        floats(row["blocks"], 3 * math.ceil((stop - start) / BLOCK))
        for name in ("time_start", "time_stop"):
            number(row[name], least=0.0, most=SECONDS)
        moment(row["written"], earliest=FIRST_YEAR)
        self._spans.setdefault(_name(row["series"]), []).append((start, stop))

    def _epoch(self, row: Mapping[str, Any]) -> None:
        value_of(SimpleNamespace(**row))
        if row["odd"] is not None and row["value"] is not None:
            raise ValueError("it has two values")
        number(row["time"], least=0.0, most=SECONDS)
        self._once("epochs", (_name(row["name"]), _place(row)))

    def _event(self, row: Mapping[str, Any]) -> None:
        _place(row)
        _name(row["kind"])
        words(row["text"], most=MOST_TEXT)
        moment(row["time"], earliest=FIRST_YEAR)
        documents.event_data(row["data"], strict=True)

    def _frame(self, row: Mapping[str, Any]) -> None:
        _place(row)
        whole(row["revision"])
        self._once("frames", _name(row["view"]))
        body = row["body"]
        if len(body) > MOST_FRAME:
            raise ValueError(f"it holds {len(body):,} bytes")
        try:
            if not isinstance(msgpack.unpackb(body, strict_map_key=True, ext_hook=_no_extension), dict):
                raise ValueError("it shows nothing")
        except (msgpack.UnpackException, RecursionError, TypeError) as error:
            raise ValueError(f"its body is no MessagePack ({type(error).__name__})") from error

    def _snapshot(self, row: Mapping[str, Any]) -> None:
        self._once("snapshots", _place(row))
        _attempt(row)
        number(row["seconds"], least=0.0, most=SECONDS)
        moment(row["created"], earliest=FIRST_YEAR)
        end = whole(row["place"]) + whole(row["size"])
        if not SNAPSHOT.fullmatch(row["file"]) or not _SHA256.fullmatch(row["sha256"]):
            raise ValueError("it names no file of snapshots")
        # where its file was lost before packing, reading the snapshot reports it
        if end > self.files.get(row["file"], end):
            raise ValueError("it lies past the end of its file")
        if row["damaged"] not in (None, 0, 1):
            raise ValueError(f"damaged is {row['damaged']}")
        self.named.add(row["file"])

    def _once(self, table: str, place: Any) -> None:
        if place in self._places[table]:
            raise ValueError("it stands there twice")
        self._places[table].add(place)


def check_run(row: Mapping[str, Any]) -> Run:
    """The one row of `runs`: every document parsed, every number in its range. Gives the run as the store would."""
    for name, check in _DOCUMENTS.items():
        if row.get(name) is not None:
            named(name, check, row[name], strict=True)
    if not _ID.fullmatch(row["id"]):
        raise ValueError("its id is none")
    named("name", words, row["name"], most=MOST_NAME, plain=True)
    named("phase", words, row["phase"], plain=True)
    for name, most in (("note", MOST_NOTE), ("log", MOST_LOG)):
        named(name, words, row.get(name) or "", most=most)
    named("label", words, row.get("label") or "", most=MOST_LABEL, plain=True)
    for name in ("created", "started", "ended", "pinned", "deleted"):
        if name == "created" or row.get(name) is not None:
            named(name, moment, row[name], earliest=FIRST_YEAR)
    for name in ("step", "attempt", "revision", "member"):
        named(name, whole, row.get(name) or 0)
    for name in ("epoch", "seconds"):
        named(name, number, row[name], least=0.0, most=SECONDS)
    if row.get("weights") is not None and not _SHA256.fullmatch(row["weights"]):
        raise ValueError("weights is no sha256")
    run = run_record(SimpleNamespace(**row))
    if run.broken or run.status not in ENDED:
        raise ValueError(run.broken or f"it is {run.status}")
    parse(run.spec_json, own=run.info.get("own", {}))
    return run


def check_group(row: Mapping[str, Any], *, own: Collection[str]) -> dict[str, Any]:
    """The row of `groups`; gives its spec's JSON. `own`: names of custom components that its runs use."""
    if not _ID.fullmatch(row["id"]):
        raise ValueError("its id is none")
    named("name", words, row["name"], most=MOST_NAME, plain=True)
    named("created", moment, row["created"], earliest=FIRST_YEAR)
    record: dict[str, Any] = named("spec", documents.spec, row["spec"], strict=True)
    parse(record, own=own)
    return record


def parse(record: dict[str, Any], *, own: Collection[str]) -> RunSpec:
    """The spec; custom components that are not installed here are replaced by others, only to check the rest."""
    try:
        return RunSpec.parse(record)
    except NnvizError as error:
        if not own:
            raise ValueError(f"its settings cannot be used: {error.message}") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"its settings cannot be read ({type(error).__name__})") from error
    return parse(_with_others(record, own), own=())


def missing_file(data: Mapping[str, Any], has_file: Callable[[str], bool]) -> str:
    """The first field of a data block that names a file of another computer, whose bytes are not here; empty where none does.
    `has_file` says of a sha256 whether they are."""
    if data.get("kind") != "file":
        return ""
    for field in ("path", "validation_path", "test_path"):
        sha256 = data.get(field.replace("path", "sha256"))
        if data.get(field) is not None and not (isinstance(sha256, str) and _SHA256.fullmatch(sha256) and has_file(sha256)):
            return field
    return ""


def _with_others(record: dict[str, Any], own: Collection[str]) -> dict[str, Any]:
    """A copy with relu for each activation in `own`, and a cost of the catalog for a cost in it."""
    changed = copy.deepcopy(record)
    if changed["cost"].get("kind") in own:
        changed["cost"] = {"kind": "CrossEntropy" if "class_weight" in changed["cost"] else "MeanSquaredError"}
    places: list[Any] = [changed["layers"]]
    while places:
        place = places.pop()
        if isinstance(place, dict):
            if isinstance(place.get("activation"), str) and place["activation"] in own:
                place["activation"] = "relu"
            places += place.values()
        elif isinstance(place, list):
            places += place
    return changed


def _attempt(row: Mapping[str, Any]) -> None:
    whole(row["attempt"], most=2**31)


def _place(row: Mapping[str, Any]) -> int:
    number(row["epoch"], least=0.0, most=SECONDS)
    return whole(row["step"])


def _name(value: Any) -> str:
    if not value:
        raise ValueError("it has no name")
    return words(value, plain=True)


def _no_extension(_code: int, _body: bytes) -> Any:
    raise ValueError("its body is of no plain kinds")


_DOCUMENTS: dict[str, Callable[..., Any]] = {
    "spec": documents.spec,
    "info": documents.info,
    "metrics": documents.metrics,
    "best": documents.metrics,
    "control": documents.control,
    "tags": documents.tags,
    "error": documents.error,
    "encoder": documents.encoder,
}
