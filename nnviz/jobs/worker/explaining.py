"""The job `explain`: what one step of a run did, in numbers."""

from typing import Any

from nnviz import engine
from nnviz.engine.live import RATE
from nnviz.engine.places import names
from nnviz.engine.plateau import Plateau
from nnviz.errors import DamagedSnapshot, NnvizError, RequestError
from nnviz.jobs.worker.past import Net, Past, steps_of
from nnviz.store import Job

MOST_AGAIN = 20_000
"""Steps that are done again to come to the one that is asked for."""
NEVER = 2**31 - 1


class Explainer:
    """Payload: `step`: the one that led to this moment is told (the first one for 0); `variable` (a name) and `index` say of
    which weight, else the first array's one with the largest gradient.

    Between two snapshots the steps are done again, which gives the very numbers of then. Where that would take long, or a
    setting was changed in between, the step after the snapshot before is told instead. The answer: `story`, see
    `StepStory.to_json`; `variables`: the names there are."""

    def __init__(self, past: Past) -> None:
        self.past = past

    def explain(self, job: Job) -> dict[str, Any]:
        asked, = steps_of([job.payload.get("step")], most=1)
        net = self.past.net(job.run or "")
        state = self._before(net, max(asked, 1))
        session, train = net.session, net.prepared.parts["train"]
        session.network.values, session.loop.slots = state.weights, state.slots
        session.loop.live.reset()
        for name, value in state.live.items():
            if name != RATE:
                session.loop.live.set(name, value)
        rate, step, seed = _rate(net, state), state.step, net.spec.training.seed
        if self._is_plain(net, state, asked):
            while step < asked - 1:
                stop = min(asked - 1, session.loop.reach(step))
                session.loop.run(step, stop, seed=seed, rate=rate, record_every=NEVER)
                step = stop
        index = job.payload.get("index")
        story = engine.explain(
            session, train.x, train.y, step=step, seed=seed, rate=rate, rows=train.rows,
            variable=job.payload.get("variable") or 0, index=None if index is None else tuple(int(place) for place in index))
        return {"story": story.to_json(), "variables": list(names(session.network))}

    def _before(self, net: Net, step: int) -> engine.State:
        """The newest state that is kept of before that many steps were done."""
        for kept in reversed(self.past.store.snapshots(net.run)):
            if kept.step < step and not kept.damaged:
                try:
                    return self.past.state(net, kept.step)
                except DamagedSnapshot:
                    continue
        if self.past.store.run(net.run).step == 0:
            raise RequestError("this run has done no step yet", where=net.run, remedy="Wait for the first one.")
        return net.start

    def _is_plain(self, net: Net, state: engine.State, asked: int) -> bool:
        """Whether nothing but steps lies between a state and the moment that is asked for."""
        if asked - state.step > MOST_AGAIN or _has_plateau(net):
            return False
        try:
            return dict(self.past.state(net, asked).live) == dict(state.live)
        except NnvizError:
            return not any(event.kind == "changed" and event.step > state.step for event in self.past.store.events(net.run))


def _has_plateau(net: Net) -> bool:
    schedule = net.spec.optimizer.schedule
    return schedule is not None and schedule.kind == "ReduceOnPlateau"


def _rate(net: Net, state: engine.State) -> float:
    """The optimizer's in that state, before a schedule."""
    if _has_plateau(net) and state.notes.get("plateau"):
        rule = Plateau(net.spec.optimizer.schedule, net.spec.optimizer.learning_rate)
        rule.memory = state.notes["plateau"]
        return rule.rate
    return float(state.live.get(RATE, net.spec.optimizer.learning_rate))
