"""The job `replay`: what a run's page shows at its recorded moments, together, for a file that plays without nnviz."""

import gzip
from collections.abc import Iterator, Mapping
from typing import Any

import msgpack

from nnviz.errors import NnvizError, RequestError
from nnviz.jobs.worker.history.recorded import Net, Past, spread
from nnviz.store import Job

MOST_MOMENTS = 60
FEWEST_MOMENTS = 12
"""Views are left out, the largest first, before there are fewer moments than that."""
AS_TEXT = 4 / 3
"""Characters in a file that a packed byte takes (base64)."""
MOST_BYTES = round(30_000_000 / AS_TEXT)
"""Packed: the file has 30 MB."""
LIVE = ""
"""The name, among those of views, of what the run's live view showed."""
NETWORK = "network"

Body = dict[str, Any]


class Replayer:
    """Payload: `views`, what is open on the page: by name, what is chosen in it ({} for nothing). The picture of the network is
    always among them.

    The answer: `sha256`, among the blobs, of a packed (gzip) MessagePack {"moments": [{step, view, body, metrics}], "views":
    {name: [{step, body} or {step, why}]}}, bodies as MessagePack of their own; `steps` of the moments, and `of` how many were
    recorded; `views`, those in it; `left_out`: those that are not; `whole`: bytes that a
    file of all of them with up to MOST_MOMENTS would have, where that is more than its `limit`, else 0; `classes`: their names.
    Raises RequestError for a run without recorded moments."""

    def __init__(self, past: Past, *, most_bytes: int = MOST_BYTES) -> None:
        self.past = past
        self.most_bytes = most_bytes

    def replay(self, job: Job) -> dict[str, Any]:
        run, store = job.run or "", self.past.store
        snapshots = [moment for moment in store.snapshots.of_run(run) if not moment.damaged]
        recorded = [*([0] if snapshots and snapshots[0].step == 1 else []), *(moment.step for moment in snapshots)]
        if not recorded:
            raise RequestError("no moment of this run is recorded", where=run, remedy="Let it train for a while.")
        net = self.past.net(run)
        choices: dict[str, Mapping[str, Any]] = {LIVE: {}} | _choices(job.payload.get("views"), net)
        sizes = {name: len(gzip.compress(msgpack.packb(self._body(net, recorded[-1], name, choices[name])))) for name in choices}
        held, most = _fitting(sizes, min(MOST_MOMENTS, len(recorded)), self.most_bytes)
        shows: dict[str, list[Body]] = {name: [] for name in held}
        for step in spread(recorded, most):
            self._refuse_cancelled(job)
            moment = {name: self._body(net, step, name, choices[name]) for name in held}
            if "body" not in moment[LIVE]:
                continue  # a damaged moment: the replay goes on without it
            for name, body in moment.items():
                shows[name].append(body)
        packed = _packed(shows)
        while len(packed) > self.most_bytes and len(shows[LIVE]) > 2:
            # the last moment was no measure of the others
            shows = {name: [*bodies[:-1][::2], bodies[-1]] for name, bodies in shows.items()}
            packed = _packed(shows)
        whole = sum(sizes.values()) * min(MOST_MOMENTS, len(recorded))
        return {
            "sha256": store.blobs.put(packed),
            "steps": [body["step"] for body in shows[LIVE]],
            "of": len(recorded),
            "views": [name for name in held if name != LIVE],
            "left_out": [name for name in sizes if name not in held],
            "whole": round(whole * AS_TEXT) if whole > self.most_bytes else 0,
            "limit": round(self.most_bytes * AS_TEXT),
            "classes": list(net.prepared.classes),
        }

    def _body(self, net: Net, step: int, name: str, choice: Mapping[str, Any]) -> Body:
        """What a view shows of one moment, or why it does not."""
        try:
            state = self.past.state(net, step)
            frame = self.past.view(net, name, state, choice) if name else net.frame(state)
        except NnvizError as error:
            return {"step": step, "why": error.message}
        return {"step": step, "body": msgpack.packb(frame.body)} | (
            {} if name else {"view": frame.view, "metrics": net.metrics(state)}
        )

    def _refuse_cancelled(self, job: Job) -> None:
        now = self.past.store.jobs.get(job.id)
        if now is not None and now.status == "cancelled":
            raise RequestError("the replay was cancelled")


def _choices(views: Any, net: Net) -> dict[str, Mapping[str, Any]]:
    """What is chosen in each view, in the order of the catalog. Raises RequestError for what is no such mapping; a view that does
    not exist for such data is left out."""
    asked = views or {}
    if not isinstance(asked, dict) or not all(isinstance(choice, dict) for choice in asked.values()):
        raise RequestError("a replay names its views and what is chosen in them", where="views")
    return {name: asked.get(name, {}) for name in net.view_names() if name in asked or name == NETWORK}


def _fitting(sizes: Mapping[str, int], wanted: int, most_bytes: int) -> tuple[list[str], int]:
    """Which views fit, at how many moments, where each takes so many bytes a moment: all of them at fewer moments, or, where that
    were hardly any, without the largest. What the live view showed always stays."""
    held = list(sizes)
    for name in [*_largest_first(sizes), None]:
        moments = max(2, most_bytes // max(1, sum(sizes[other] for other in held)))
        if name is None or moments >= min(wanted, FEWEST_MOMENTS):
            break
        held.remove(name)
    return held, min(wanted, moments)


def _largest_first(sizes: Mapping[str, int]) -> Iterator[str]:
    """The views that may be left out; the picture of the network only after all others."""
    yield from sorted((name for name in sizes if name not in (LIVE, NETWORK)), key=lambda name: -sizes[name])
    if NETWORK in sizes:
        yield NETWORK


def _packed(shows: Mapping[str, list[Body]]) -> bytes:
    views = {name: bodies for name, bodies in shows.items() if name != LIVE}
    return gzip.compress(msgpack.packb({"moments": shows[LIVE], "views": views}), 6, mtime=0)
