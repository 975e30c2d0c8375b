"""The job `explain`: what one step of a run did, in numbers."""

from typing import Any

from nnviz import engine
from nnviz.engine.loop.live_scalars import RATE
from nnviz.engine.network.weight_names import names
from nnviz.engine.training.live_changes import Changes
from nnviz.errors import DamagedSnapshot, RequestError
from nnviz.jobs.worker.history.recorded import Net, Past, steps_of
from nnviz.store import Event, Job

MOST_AGAIN = 20_000
"""Steps that are done again to come to the one that is asked for."""
NEVER = 2**31 - 1


class Explainer:
    """Payload: `step`: the one that led to this moment is explained (the first one for 0); `variable` (a name) and `index` say of
    which weight, else the first array's one with the largest gradient.

    Between two snapshots the steps are done again with the settings as they were changed on the way, which gives the very
    numbers of then. Where that would take long, or a setting was compiled in in between, the step after the snapshot before
    is explained instead. The answer: `story`, see `StepStory.to_json`; `variables`: the names there are."""

    def __init__(self, past: Past) -> None:
        self.past = past

    def explain(self, job: Job) -> dict[str, Any]:
        (asked,) = steps_of([job.payload.get("step")], most=1)
        net = self.past.net(job.run or "")
        state = self._before(net, max(asked, 1))
        training = net.training(state)
        loop, train, seed, step = training.session.loop, net.prepared.parts["train"], net.spec.training.seed, state.step
        changed = [event for event in self.past.store.runs.changed(net.run) if event.step >= step]
        last = asked - 1 if self._can_do_again(net, training, state, changed, asked) else step
        for event in (*(event for event in changed if event.step <= last), None):
            until = last if event is None else event.step
            while step < until:
                stop = min(until, loop.reach(step))
                loop.run(step, stop, seed=seed, rate=training.rate, record_every=NEVER)
                step = stop
            if event is not None and _is_number(training, event):
                training.seen({event.data["name"]: event.data["after"]}, step)
        index = job.payload.get("index")
        story = engine.explain(
            training.session,
            train.x,
            train.y,
            step=step,
            seed=seed,
            rate=training.rate,
            rows=train.rows,
            variable=job.payload.get("variable") or 0,
            index=None if index is None else tuple(int(place) for place in index),
        )
        return {"story": story.to_json(), "variables": list(names(training.session.network))}

    def _before(self, net: Net, step: int) -> engine.State:
        """The newest state that is kept of before that many steps were done."""
        for snapshot in reversed(self.past.store.snapshots.of_run(net.run)):
            if snapshot.step < step and not snapshot.damaged:
                try:
                    return self.past.state(net, snapshot.step)
                except DamagedSnapshot:
                    continue
        if self.past.store.runs.get(net.run).step == 0:
            raise RequestError("this run has done no step yet", where=net.run, remedy="Wait for the first one.")
        return net.start

    def _can_do_again(self, net: Net, training: Changes, state: engine.State, changed: list[Event], asked: int) -> bool:
        """Whether the steps from a state to the moment that is asked for can be done again."""
        known = {(state.step, name, value) for name, value in state.live.items()}
        return (
            asked - state.step <= MOST_AGAIN
            and training.plateau is None
            and not any(state.step < event.step < asked for event in self.past.store.runs.changed(net.run, "edited"))
            and all(
                _is_number(training, event) or (event.step, event.data["name"], event.data["after"]) in known
                for event in changed
                if event.step < asked
            )
        )


def _is_number(training: Changes, event: Event) -> bool:
    """Whether what was changed is an input of the compiled loop."""
    return event.data["name"] == RATE or event.data["name"] in training.session.loop.live.values
