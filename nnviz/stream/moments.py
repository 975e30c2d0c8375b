"""Looking back: what a viewer may ask of the recorded moments of a run. Each viewer is answered separately, without delaying
its other commands.

{"command": "moments"}                   message `moments`: which there are
{"command": "moment", "steps": [n, ...]} a message `moment` for each of up to 40 steps: what the network answered then
{"command": "view", "view": "network", "step": n, "choice": {...}}
                                         a message `view`: what a view of the catalog shows of the network after a step; without
                                         `step`, of the newest that was kept, which the answer names in `state`; with this as
                                         `state`, nothing is computed and sent as long as it is still the newest; `choice`: what
                                         the viewer chose in the view
{"command": "warm"}                      somebody is about to look back: workers load the network
"""

import asyncio
import base64
import json
from collections.abc import Collection, Coroutine
from typing import Any

import numpy as np

from nnviz import jobs
from nnviz.errors import NnvizError, RequestError, Unexpected
from nnviz.store import Snapshot, Store
from nnviz.stream import messages
from nnviz.stream.hub import Hub, Viewer

COMMANDS = ("moments", "moment", "view", "warm")
MOST_STEPS = 40
MOST_AT_ONCE = 6
"""Requests of one viewer that may be open at the same time."""
LONGEST_NAME = 40
LONGEST_CHOICE = 2000
POLL = 0.008
PATIENCE = 60.0
WARMED = 2
"""Workers that load a network ahead, since any free one may get the job."""


class Asker:
    """The requests of one viewer; `close` cancels those that are open."""

    def __init__(self, hub: Hub, viewer: Viewer) -> None:
        self._hub = hub
        self._viewer = viewer
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, wanted: dict[str, Any]) -> None:
        """Starts to answer. Raises RequestError for an unknown request, or too many at once."""
        if len(self._tasks) >= MOST_AT_ONCE:
            raise RequestError("too many questions at once", remedy="Wait for an answer.")
        run_id, name = str(wanted["run"]), wanted["command"]
        work: Coroutine[Any, Any, None]
        if name == "moments":
            work = self._moments(run_id)
        elif name == "warm":
            work = self._warm(run_id)
        elif name == "view":
            about = _name(wanted.get("view")), _step(wanted.get("step")), _choice(wanted.get("choice"))
            work = self._view(run_id, *about, state=wanted.get("state"))
        else:
            work = self._moment(run_id, _steps(wanted.get("steps")))
        task = asyncio.create_task(self._answer(run_id, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _answer(self, run_id: str, work: Coroutine[Any, Any, None]) -> None:
        """Does the work; an error becomes a message `moment` that says why there is none."""
        try:
            await work
        except NnvizError as error:
            self._viewer.put(messages.pack("moment", run_id, step=None, why=error.message))
        except Exception as error:
            words = Unexpected.logged(error, where="a moment of a run")
            self._viewer.put(messages.pack("moment", run_id, step=None, why=str(words)))

    async def _moments(self, run_id: str) -> None:
        self._viewer.put(await self._hub.call(listed, self._hub.store, run_id))

    async def _warm(self, run_id: str) -> None:
        for _number in range(WARMED):
            await self._hub.call(_submit, self._hub.store, run_id, [])

    async def _moment(self, run_id: str, steps: list[int]) -> None:
        for moment in await self._probed(run_id, steps):
            self._viewer.put(_packed(run_id, moment))

    async def _view(self, run_id: str, view: str, step: int | None, choice: dict[str, Any], *, state: Any) -> None:
        """An error becomes a message `view`, too: it is for the place where the view is drawn."""
        try:
            about: dict[str, Any] = {}
            at = step
            if at is None:
                newest: Snapshot = await self._hub.call(_newest, self._hub.store, run_id)
                at, about = newest.step, {"state": newest.state}
            if step is not None or state != about["state"]:
                moment = (await self._probed(run_id, [at], view, choice))[0]
                about |= {"why": moment["why"]} if "why" in moment else {"body": base64.b64decode(moment["body"])}
            self._viewer.put(messages.pack("view", run_id, view=view, step=at, **about))
        except NnvizError as error:
            self._viewer.put(messages.pack("view", run_id, view=view, step=step, why=error.message))
        except Exception as error:
            words = Unexpected.logged(error, where="a view of a run")
            self._viewer.put(messages.pack("view", run_id, view=view, step=step, why=str(words)))

    async def _probed(
        self, run_id: str, steps: list[int], view: str = "", choice: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        store, call = self._hub.store, self._hub.call
        end = asyncio.get_running_loop().time() + PATIENCE
        # Cancelled also where the viewer leaves while the job is being queued.
        queued = asyncio.ensure_future(call(_submit, store, run_id, steps, view, choice))
        try:
            job = await asyncio.shield(queued)
            while (answer := await call(jobs.result, store, job)) is None:
                if asyncio.get_running_loop().time() > end:
                    await call(jobs.cancel, store, job)
                    raise RequestError("no worker was free to compute this moment", remedy="Try again.")
                await asyncio.sleep(POLL)
        except asyncio.CancelledError:
            await call(jobs.cancel, store, await queued)
            raise
        moments: list[dict[str, Any]] = answer["moments"]
        return moments


def listed(store: Store, run_id: str, steps: Collection[int] | None = None) -> bytes:
    """The message `moments`: columns step (uint32), epoch and time (float32), attempt (uint32) of all that can be shown (of those
    after `steps`), in the order of their steps. Where every step was kept from the first on, the moment before it is one, too."""
    snapshots = [moment for moment in store.snapshots.of_run(run_id) if not moment.damaged]
    first = [(0, 0.0, 0.0, snapshots[0].attempt)] if snapshots and snapshots[0].step == 1 else []
    later = [(moment.step, moment.epoch, moment.seconds, moment.attempt) for moment in snapshots]
    rows = np.array([row for row in (*first, *later) if steps is None or row[0] in steps]).reshape(-1, 4)
    step, epoch, time, attempt = rows.T
    return messages.pack(
        "moments",
        run_id,
        step=step.astype("<u4").tobytes(),
        epoch=epoch.astype("<f4").tobytes(),
        time=time.astype("<f4").tobytes(),
        attempt=attempt.astype("<u4").tobytes(),
    )


def _submit(store: Store, run_id: str, steps: list[int], view: str = "", choice: dict[str, Any] | None = None) -> int:
    asked = ({"view": view} if view else {}) | ({"choice": choice} if choice else {})
    return jobs.submit(store, "probe", run_id=run_id, payload={"steps": steps} | asked)


def _newest(store: Store, run_id: str) -> Snapshot:
    """The newest state that was kept."""
    if newest := store.snapshots.newest(run_id):
        return newest
    if store.runs.get(run_id).is_ended:
        raise RequestError("this run has no recorded states, so there is nothing to look into")
    raise RequestError("no moment of this run is kept yet; the first comes with the first steps")


def _packed(run_id: str, moment: dict[str, Any]) -> bytes:
    if "why" in moment:
        return messages.pack("moment", run_id, step=moment["step"], why=moment["why"])
    return messages.pack(
        "moment",
        run_id,
        step=moment["step"],
        view=moment["view"],
        body=base64.b64decode(moment["body"]),
        metrics=moment["metrics"],
    )


def _steps(steps: Any) -> list[int]:
    if (
        not isinstance(steps, list)
        or not 0 < len(steps) <= MOST_STEPS
        or not all(isinstance(step, int) and not isinstance(step, bool) and 0 <= step < 2**32 for step in steps)
    ):
        raise RequestError(f"a question about moments names 1 to {MOST_STEPS} steps", where="steps")
    return steps


def _step(step: Any) -> int | None:
    return None if step is None else _steps([step])[0]


def _name(view: Any) -> str:
    if not isinstance(view, str) or not 0 < len(view) <= LONGEST_NAME:
        raise RequestError("a question about a view names it", where="view")
    return view


def _choice(choice: Any) -> dict[str, Any]:
    """What the view makes of it is checked where the view is computed."""
    if choice is None:
        return {}
    if not isinstance(choice, dict) or len(json.dumps(choice)) > LONGEST_CHOICE:
        raise RequestError(f"what is chosen in a view takes at most {LONGEST_CHOICE} letters", where="choice")
    return choice
