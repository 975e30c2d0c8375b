"""Rows to records. Reading a row never fails: what cannot be read of a run has a stand-in, and `Run.broken` says why, so that a
list shows, and deletes, the one run that a broken tool left, and all others beside it.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

from nnviz.store import documents
from nnviz.store.records import Control, EpochRow, Event, FrameRow, Group, Run, StepBlock
from nnviz.store.values import moment, number, one_of, whole, words

_Record = TypeVar("_Record")
_LOG = logging.getLogger(__name__)
NO_SPEC: dict[str, Any] = {"version": 1, "data": {}, "layers": [], "cost": {"kind": ""}, "optimizer": {"kind": ""}}
"""Stands in for a spec that cannot be read."""


class _Reading:
    """Reads the values of one row; `why` names the first that could not be read."""

    def __init__(self) -> None:
        self.why = ""

    def __call__(self, name: str, check: Callable[..., Any], value: Any, instead: Any, **limits: Any) -> Any:
        try:
            return check(value, **limits)
        except ValueError as error:
            self.why = self.why or f"{name} {error}"
            return instead

    def if_any(self, name: str, check: Callable[..., Any], value: Any, instead: Any = None, **limits: Any) -> Any:
        return instead if value is None else self(name, check, value, instead, **limits)


def run_records(rows: Iterable[Any]) -> list[Run]:
    """A row without an id, which no page could name, is left out."""
    return [run_record(row) for row in rows if isinstance(row.id, str)]


def run_record(row: Any) -> Run:
    """Never raises."""
    read = _Reading()
    fields: dict[str, Any] = {
        "spec_json": read("spec", documents.spec, row.spec, NO_SPEC),
        # a NUL that came with a spec's name says nothing against the run
        "name": read("name", words, row.name.replace("\0", "\N{SYMBOL FOR NULL}") if isinstance(row.name, str) else row.name, ""),
        "status": read("status", one_of, row.status, "failed", allowed=documents.STATUSES),
        "phase": read("phase", words, row.phase, ""),
        "attempt": read("attempt", whole, row.attempt, 0),
        "revision": read("revision", whole, row.revision, 0),
        "created": read("created", moment, row.created, 0.0),
        "started": read.if_any("started", moment, row.started),
        "ended": read.if_any("ended", moment, row.ended),
        "step": read("step", whole, row.step, 0),
        "epoch": read("epoch", number, row.epoch, 0.0, least=0.0),
        "seconds": read("seconds", number, row.seconds, 0.0, least=0.0),
        "pid": read.if_any("pid", whole, row.pid),
        "error": read.if_any("error", documents.error, row.error or None),
        "log": read.if_any("log", words, row.log),
        "control": Control(**read("control", documents.control, row.control, {})),
        "info": read("info", documents.info, row.info, {}),
        "metrics": read("metrics", documents.metrics, row.metrics, {}),
        "best": read("best", documents.metrics, row.best, {}),
        "weights": read.if_any("weights", words, row.weights),
        "tags": tuple(read("tags", documents.tags, row.tags, [])),
        "note": read("note", words, row.note, ""),
        "group": read.if_any("group", words, row.group_id, ""),
        "member": read.if_any("member", whole, row.member, 0),
        "label": read.if_any("label", words, row.label, ""),
    }
    return Run(id=row.id, is_pinned=row.pinned is not None, broken=read.why, **fields)


def group_record(row: Any) -> Group:
    """Never raises."""
    read = _Reading()
    fields: dict[str, Any] = {
        "name": read("name", words, row.name, ""),
        "spec_json": read("spec", documents.spec, row.spec, NO_SPEC),
        "created": read("created", moment, row.created, 0.0),
    }
    return Group(id=row.id, broken=read.why, **fields)


def event_records(rows: Iterable[Any]) -> tuple[Event, ...]:
    """An event whose data cannot be read says so; one without its other parts is left out."""
    return tuple(_each(rows, _event))


def epoch_records(rows: Iterable[Any]) -> tuple[EpochRow, ...]:
    """Values without a place or a number are left out."""
    return tuple(_each(rows, lambda row: EpochRow(row.name, number(row.epoch), whole(row.step), value_of(row), number(row.time))))


def block_records(rows: Iterable[Any]) -> tuple[StepBlock, ...]:
    """Blocks whose numbers are not as many as their steps are left out."""
    return tuple(_each(rows, _block))


def frame_records(rows: Iterable[Any]) -> tuple[FrameRow, ...]:
    return tuple(_each(rows, lambda row: FrameRow(words(row.view), whole(row.step), number(row.epoch), _bytes(row.body))))


def floats(packed: Any, count: int) -> np.ndarray:
    """`count` float32. Raises ValueError where there are more or fewer."""
    body = _bytes(packed)
    if len(body) != 4 * count:
        raise ValueError(f"holds {len(body)} bytes, not {4 * count}")
    return np.frombuffer(body, dtype="<f4")


def value_of(row: Any) -> float:
    """The value by epoch, which may be NaN or infinite. Raises ValueError."""
    if row.odd is None:
        return number(row.value)
    if row.odd not in ("nan", "inf", "-inf"):
        raise ValueError(f"is {str(row.odd)[:20]!r}, no number")
    return float(row.odd)


def _event(row: Any) -> Event:
    text = words(row.text)
    try:
        data = documents.event_data(row.data)
    except ValueError as error:
        data, text = {}, f"{text} (what belongs to it cannot be read: it {error})"
    return Event(
        id=row.id,
        step=whole(row.step),
        epoch=number(row.epoch),
        kind=words(row.kind),
        text=text,
        data=data,
        time=moment(row.time),
    )


def _block(row: Any) -> StepBlock:
    start, stop = whole(row.start), whole(row.stop)
    return StepBlock(
        words(row.series),
        start,
        stop,
        number(row.time_start),
        number(row.time_stop),
        number(row.written),
        floats(row._mapping["values"], stop - start),
    )


def _bytes(value: Any) -> bytes:
    if not isinstance(value, bytes | memoryview):
        raise ValueError("is not bytes")
    return bytes(value)


def _each(rows: Iterable[Any], record: Callable[[Any], _Record]) -> Iterable[_Record]:
    for row in rows:
        try:
            yield record(row)
        except ValueError as error:
            _LOG.warning("a row of run %s is left out: it %s", getattr(row, "run", "?"), error)
