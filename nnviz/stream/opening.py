"""The messages with which a run begins, to a browser that starts to follow it, and in a replay, which has no server."""

from collections.abc import Iterable

from nnviz.store import Run, Store
from nnviz.stream import judgement, messages
from nnviz.stream.backlog import backlog
from nnviz.stream.progress import Progress


def opening(store: Store, run: Run, frames: Iterable[bytes], *, place: int | None = None) -> list[bytes]:
    """hello, backlog and the newest `frames` (messages), and the end of a run that has ended. `place`: of one that waits."""
    status = Progress().status(run, place=place, is_kept=is_kept(store, run), state=newest_state(store, run))
    end = [messages.pack("end", run.id, status=run.status)] if run.is_ended else []
    return [*_points(store, run, status), *frames, *end]


def recorded(store: Store, run: Run) -> list[bytes]:
    """What a replay begins with: the same, of a run that is over for whoever plays it, since nothing can be asked of it."""
    status = Progress().status(run)
    if not run.is_ended:
        status |= {"status": "stopped", "ended": True}
    frames = [messages.frame(run.id, row) for row in store.series.frames(run.id)]
    return [*_points(store, run, status), *frames]


def is_kept(store: Store, run: Run) -> bool:
    """Whether a state is there for a run that has ended to go on from."""
    return run.is_ended and (not run.step or bool(store.snapshots.of_run(run.id)))


def newest_state(store: Store, run: Run) -> str:
    """The name of the newest state that was kept; empty before the first."""
    newest = store.snapshots.newest(run.id)
    return newest.state if newest else ""


def _points(store: Store, run: Run, status: dict[str, object]) -> list[bytes]:
    steps, epochs = backlog(store, run)
    events = messages.event_maps(store.runs.events(run.id))
    return [
        messages.pack("hello", run.id, version=messages.VERSION, attempt=run.attempt, status=status, settings=run.settings),
        messages.pack("backlog", run.id, attempt=run.attempt, steps=steps, epochs=epochs, events=events),
        *([] if run.findings is None else [judgement.packed(run)]),
    ]
