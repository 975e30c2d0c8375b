"""What travels on the socket: MessagePack maps with a `type` and the `run` they belong to.

hello     version, attempt, status, settings : the browser starts anew or goes on, by the attempt; `settings`: the path
                                           and the spec's value of each number that may change while it trains
backlog   attempt, steps, epochs, events   : everything so far, at most 2,000 points a series; again where a new attempt
                                           goes on from an earlier step
append    attempt, steps, epochs, events, status, written (ms since 1970 of the newest point, 0 where there is none)
frame     view, step, epoch, body          : what a live view shows at a step; `body` is the store's own MessagePack
answer    command, ok, why, conflict, number : what became of a command, to the one who gave it; `conflict`: somebody
                                           else was faster; `number` of the control then, null where it was refused
moments   step, epoch, time, attempt       : columns of the moments that can be looked back at, to the one who asked
moment    step, view, body, metrics; or step (null: of all that was asked) and why : what a live view showed after a step
view      view, step, body; or why          : what a view of the catalog shows after a step, to the one who asked
judgement judgement {step, findings} or null : what the doctor says of a run, after how many steps; see `nnviz doctor --json`
end       status                           : nothing more comes unless the run is resumed
gone      -                                : there is no such run

`status` is what `nnviz.stream.progress` says of a run: its own status as `status`, whether it is over as `ended`, how far it is.

`steps` maps a series, and `epochs` a metric, to packed little-endian columns: step (uint32), time (float32, seconds
since the first step), value (float32), and for `epochs` also epoch (float32).

Bodies of frames, by view (bytes are uint8 unless said otherwise; grids run from the lowest y and x up):
plane      kind "classes": shape [rows, columns], extent [x0, x1, y0, y1], classes (their number), values (the class of
           each node), sure (0: any class is as likely, 255: certain), axes [name of x, name of y]
           kind "values": shape, extent, axes, range [low, high] in the target's unit, values (0: low, 255: high)
           both: part (which rows are counted), in_all (how many it has); of each training and validation row among points, in
           their order: answers (the class), chances (float32: of its own class), or errors (float32: predicted - true), unit
points     the rows on the plane, once: x, y, label (float32 each; a value as label: float64), part (0 train, 1 validation,
           2 test), row (uint32: number in the data, from 0), kind, names of the classes, extent, axes
confusion  counts (rows: true class, columns: predicted), in_all, worst: up to 12, wrong ones first, of {row, loss, truth,
           guess} and for images image (bytes, height x width x channels) and shape [height, width, channels]; part: which rows
           these are
agreement  true, predicted (lists, in the target's unit), worst, part, rows, in_all, typical (error)
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgpack
import numpy as np
from tsdownsample import MinMaxLTTBDownsampler, NaNMinMaxLTTBDownsampler

from nnviz.store.records import Curve, EpochRow, Event, FrameRow, StepBlock

VERSION = 1
BACKLOG_POINTS = 2000
APPEND_POINTS = 50

Columns = dict[str, bytes]


def pack(kind: str, run_id: str, **fields: Any) -> bytes:
    """One message."""
    message: bytes = msgpack.packb({"type": kind, "run": run_id} | fields, use_single_float=False)
    return message


def thin(values: np.ndarray, points: int) -> np.ndarray:
    """Indices of at most `points` of `values` (n,) that keep its shape, the extremes among them; int64, rising."""
    if len(values) <= points:
        return np.arange(len(values))
    values = np.ascontiguousarray(values, dtype=np.float32)
    chosen = MinMaxLTTBDownsampler() if np.isfinite(values).all() else NaNMinMaxLTTBDownsampler()
    indices = np.asarray(chosen.downsample(values, n_out=points), dtype=np.int64)
    indices[-1] = len(values) - 1
    return indices


def step_columns(blocks: Iterable[StepBlock], *, points: int = APPEND_POINTS) -> dict[str, Columns]:
    """The blocks of each series joined, at most `points` of them each: an update's size does not grow with a run's
    speed."""
    series: dict[str, list[StepBlock]] = {}
    for block in blocks:
        series.setdefault(block.series, []).append(block)
    packed = {}
    for name, parts in series.items():
        steps = np.concatenate([np.arange(part.start + 1, part.stop + 1) for part in parts])
        times = np.concatenate([np.linspace(part.time_start, part.time_stop, len(part.values) + 1)[1:] for part in parts])
        packed[name] = _columns(steps, times, np.concatenate([part.values for part in parts]), points)
    return packed


def curve_columns(curve: Curve, *, points: int = BACKLOG_POINTS) -> Columns:
    """A stored curve as columns, at most `points`. Of a curve that came as blocks both extremes are shown."""
    if len(curve.value) == 0 or np.array_equal(curve.low, curve.value, equal_nan=True):
        return _columns(curve.step, curve.time, curve.value, points)
    return _columns(_twice(curve.step), np.repeat(curve.time, 2), np.stack([curve.low, curve.high], axis=1).ravel(), points)


def epoch_columns(rows: Iterable[EpochRow], *, points: int = APPEND_POINTS) -> dict[str, Columns]:
    """Values by epoch as columns, by metric, at most `points` each."""
    metrics: dict[str, list[EpochRow]] = {}
    for row in rows:
        metrics.setdefault(row.name, []).append(row)
    packed = {}
    for name, epoch_rows in metrics.items():
        columns = np.array([(row.step, row.time, row.value, row.epoch) for row in epoch_rows], dtype=float)
        packed[name] = _epoch_columns(*columns.T, points=points)
    return packed


def epoch_curve_columns(curve: Curve, *, points: int = BACKLOG_POINTS) -> Columns:
    """A stored curve by epoch as columns, at most `points`. Of summarised epochs both extremes are shown, and at the end
    the last value."""
    step, time, value, epoch = curve.step, curve.time, curve.value, curve.epoch
    if not np.array_equal(curve.low, curve.high, equal_nan=True):
        step, time, epoch = (_twice(part) for part in (step, time, epoch))
        value = np.stack([curve.low, curve.high], axis=1).ravel()
        value[-1] = curve.value[-1]
    return _epoch_columns(step, time, value, epoch, points=points)


def event_maps(events: Sequence[Event]) -> list[dict[str, Any]]:
    return [
        {
            "id": event.id,
            "step": event.step,
            "epoch": event.epoch,
            "kind": event.kind,
            "text": event.text,
            "data": event.data,
            "time": event.time,
        }
        for event in events
    ]


def frame(run_id: str, row: FrameRow) -> bytes:
    return pack("frame", run_id, view=row.view, step=row.step, epoch=row.epoch, body=row.body)


def size(columns: Mapping[str, Columns]) -> int:
    """Bytes of packed columns."""
    return sum(len(part) for parts in columns.values() for part in parts.values())


def _twice(places: np.ndarray) -> np.ndarray:
    """Half way to each of `places` (n,) from the one before, and there: (2n,). The first is as far as the second."""
    before = 2 * places[0] - places[1] if len(places) > 1 else places[0]
    return np.stack([places - np.diff(places, prepend=before) / 2, places], axis=1).ravel()


def _epoch_columns(steps: np.ndarray, times: np.ndarray, values: np.ndarray, epochs: np.ndarray, *, points: int) -> Columns:
    indices = thin(values, points)
    return _columns(steps[indices], times[indices], values[indices], points) | {"epoch": epochs[indices].astype("<f4").tobytes()}


def _columns(steps: np.ndarray, times: np.ndarray, values: np.ndarray, points: int) -> Columns:
    indices = thin(values, points)
    return {
        "step": np.asarray(steps)[indices].astype("<u4").tobytes(),
        "time": np.asarray(times)[indices].astype("<f4").tobytes(),
        "value": np.asarray(values)[indices].astype("<f4").tobytes(),
    }
