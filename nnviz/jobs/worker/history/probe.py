"""The job `probe`: what a network answered at recorded moments of its training, computed from the weights it had then."""

import base64
from typing import Any

import msgpack

from nnviz.errors import NnvizError
from nnviz.jobs.worker.history.recorded import Past, steps_of
from nnviz.store import Job

MOST_STEPS = 40


class Prober:
    """Payload: `steps`, those of snapshots (0: before the first step), up to 40; `view`: one of the catalog's (with `choice`:
    what was chosen in it), without it what the run's live view showed, with the metrics of then.

    The answer: `moments`, one a step in that order: step, view, body (the frame's MessagePack in base64) and `metrics` of
    the training and validation rows (names as recorded); or step and `why` it cannot be shown. No step at all loads the
    network and compiles what makes its frames."""

    def __init__(self, past: Past) -> None:
        self.past = past

    def probe(self, job: Job) -> dict[str, Any]:
        net = self.past.net(job.run or "")
        steps = steps_of(job.payload.get("steps"), most=MOST_STEPS)
        if not steps:
            net.frame(net.start)
            net.metrics(net.start)
        view, choice = str(job.payload.get("view") or ""), job.payload.get("choice") or {}
        moments = []
        for step in steps:
            try:
                state = self.past.state(net, step)
                frame = self.past.view(net, view, state, choice) if view else net.frame(state)
            except NnvizError as error:
                moments.append({"step": step, "why": error.message})
                continue
            body = base64.b64encode(msgpack.packb(frame.body)).decode()
            moments.append({"step": step, "view": frame.view, "body": body, "metrics": {} if view else net.metrics(state)})
        return {"moments": moments}
