"""Networks of runs, kept ready to be put into any recorded state of their training."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from nnviz import data, engine
from nnviz.catalog.views import VIEWS as CATALOG
from nnviz.doctor import Moment
from nnviz.engine.training import live_views
from nnviz.engine.training.live_changes import Changes
from nnviz.engine.training.plateau import Plateau
from nnviz.engine.training.recompile import spec_of
from nnviz.engine.views.view_request import Recorded, ViewRequest
from nnviz.engine.views.views import VIEWS
from nnviz.errors import DamagedSnapshot, NotFound, RequestError
from nnviz.spec import RunSpec, layer_kinds
from nnviz.store import Store

MAX_LOADED = 3
"""Networks that are kept loaded."""
SCORED = 2e7
"""Rows times parameters up to which a state is scored."""
MOST_BYTES = 64_000_000
"""Weights of past moments that a network keeps at hand."""


@dataclass
class Net:
    """The network of a run with its loop, not compiled before it is needed; `start` is the state before the first step;
    `other` a session with settings that were compiled in while it trained, or for units that are off."""

    run: str
    spec: RunSpec
    prepared: data.Prepared
    session: engine.Session
    start: engine.State
    other: engine.Session | None = None
    at_hand: OrderedDict[tuple[int, float], Recorded] = field(default_factory=OrderedDict)
    """Weights of past moments by step and when they were kept, those last in use at the end."""
    looked_at: dict[tuple[int, float], Moment] = field(default_factory=dict)
    """What the doctor saw of moments, by the same."""
    of_data: dict[str, Any] = field(default_factory=dict)
    """What views made of the rows alone."""

    _gallery: live_views.FrameRenderer | None = None

    def put(self, state: engine.State) -> engine.Session:
        """A session whose network is in this state, with the units off that were off then."""
        session = self._fitting(spec_of(self.spec, state), state) if state.off else self.session
        session.network.values = state.weights
        if session.network.switches is not None:
            session.network.switches.off = state.off
        return session

    def frame(self, state: engine.State) -> engine.Frame:
        """What the run's live view shows in this state."""
        network = self.put(state).network
        if self._gallery is None or self._gallery.network is not network:
            self._gallery = live_views.FrameRenderer(network, self.prepared)
        return self._gallery.now(state.step, int(self.epochs(state)))

    def view_names(self) -> list[str]:
        """The catalog's views that exist for such data and layers."""
        data, kinds = self.prepared, layer_kinds(self.spec.layers)
        return [view.name for view in CATALOG.values() if view.exists_for(data.task, data.shape, kinds)]

    def view(
        self,
        name: str,
        state: engine.State,
        choice: Mapping[str, Any],
        way: Callable[[int], Sequence[Recorded]],
        recorded: Callable[[int | None], Recorded | None],
    ) -> engine.Frame:
        """What a view of the catalog shows in this state, of what was chosen in it; `way`, `recorded`: see `ViewRequest`. Raises
        RequestError
        for a name that is none, for a view that does not exist for such data, and for a choice that is none."""
        names = self.view_names()
        if name not in names:
            raise RequestError(f"there is no view {name[:40]!r} of this run", remedy=f"Views: {', '.join(names)}.")
        network, spec = self.put(state).network, spec_of(self.spec, state)
        asked = ViewRequest(
            network, self.prepared, spec, state, choice, lambda: self.training(state), way, recorded, self.of_data
        )
        body = VIEWS[name](asked)
        return engine.Frame(view=name, step=state.step, epoch=int(self.epochs(state)), body=body)

    def epochs(self, state: engine.State) -> float:
        """How many were done."""
        return state.calendar(self.session.loop.steps_per_epoch).share(state.step)

    def training(self, state: engine.State) -> Changes:
        """The training about to do its next step from a state, with the settings of then: also with those that had been
        compiled in by then, in a session of their own."""
        spec = spec_of(self.spec, state)
        session = self._fitting(spec, state) if spec != self.spec or state.off else self.session
        schedule = spec.optimizer.schedule
        plateau = (
            Plateau(schedule, spec.optimizer.learning_rate)
            if schedule is not None and schedule.kind == "ReduceOnPlateau"
            else None
        )
        session.loop.reset()
        changes = Changes(spec, self.prepared, session, plateau=plateau)
        changes.restore(state)
        return changes

    def _fitting(self, spec: RunSpec, state: engine.State) -> engine.Session:
        """The other session, for a spec and for whether units are off."""
        switchable = bool(state.off)
        if self.other is None or self.other.form != engine.form(spec, self.prepared, switchable=switchable):
            mode, data = self.session.mode, self.session.loop.data
            self.other = engine.Session(spec, self.prepared, mode=mode, tensors=data, switchable=switchable)
        return self.other

    def metrics(self, state: engine.State) -> dict[str, float]:
        """In this state, on the training and validation rows; empty where that would take long."""
        metrics: dict[str, float] = {}
        rows = sum(len(self.prepared.parts[name].y) for name in self.session.parts)
        if rows * self.session.network.count_params() > SCORED:
            return metrics
        session = self.put(state)
        for name in session.parts:
            part = self.prepared.parts[name]
            scored = session.scorer(part.x, part.y, scale=self.prepared.target_scale)
            metrics |= {f"val_{key}" if name == "validation" else key: value for key, value in scored.items()}
        return metrics


class Past:
    """Of a store's runs. `read` gives the data of a spec."""

    def __init__(self, store: Store, read: Callable[[RunSpec], data.Prepared]) -> None:
        self.store = store
        self._read = read
        self._nets: OrderedDict[str, Net] = OrderedDict()

    def net(self, run_id: str) -> Net:
        """The last few stay loaded. Raises NotFound, and what is wrong with the run's data."""
        if run_id not in self._nets:
            spec = self.store.runs.get(run_id).spec
            prepared = self._read(spec)
            session = self._session(spec, prepared)
            start = engine.State(step=0, weights=session.network.values, slots=session.loop.slots)
            self._nets[run_id] = Net(run_id, spec, prepared, session, start)
            if len(self._nets) > MAX_LOADED:
                self._nets.popitem(last=False)
        self._nets.move_to_end(run_id)
        return self._nets[run_id]

    def _session(self, spec: RunSpec, prepared: data.Prepared) -> engine.Session:
        """With initial weights. That of another run of the same form and rows, if there is one: it is traced and compiled, and
        each look puts the state that it is about into it."""
        form = engine.form(spec, prepared)
        of_others = (net.session for net in self._nets.values() if net.prepared is prepared)
        session = next((one for one in of_others if one.form == form), None) or engine.Session(spec, prepared)
        session.begin(spec, prepared)
        return session

    def state(self, net: Net, step: int) -> engine.State:
        """After `step` steps; 0 is before the first. Raises NotFound, DamagedSnapshot, RunError."""
        return engine.State.from_bytes(self.store.snapshots.get(net.run, step)) if step else net.start

    def view(self, net: Net, name: str, state: engine.State, choice: Mapping[str, Any]) -> engine.Frame:
        """What a view of the catalog shows in this state; see `Net.view`."""
        return net.view(name, state, choice, partial(self.way, net, state), partial(self.recorded, net))

    def way(self, net: Net, state: engine.State, most: int) -> list[Recorded]:
        """Up to `most` recorded moments up to a state, which is the last; those that are damaged are left out."""
        snapshots = [moment for moment in self.store.snapshots.of_run(net.run) if not moment.damaged and moment.step < state.step]
        kept_at = {moment.step: moment.created for moment in snapshots}
        # the weights before the first step are known where every step was kept from there on
        first = [0] if state.step == 1 or (snapshots and snapshots[0].step == 1) else []
        way = []
        for step in spread([*first, *kept_at, state.step], most)[:-1]:
            try:
                way.append(self._at_hand(net, (step, kept_at.get(step, 0.0))))
            except (DamagedSnapshot, NotFound):
                continue  # thinned away meanwhile: the way goes on without it
        self._trim(net)
        return [*way, Recorded(state.step, state.weights)]

    def recorded(self, net: Net, step: int | None) -> Recorded | None:
        """The moment at a step, or the last one for None; None where it is not kept or damaged."""
        every = self.store.snapshots.of_run(net.run)
        moments = [moment for moment in every if not moment.damaged and step in (None, moment.step)]
        if not moments:
            return None
        try:
            recorded = self._at_hand(net, (moments[-1].step, moments[-1].created))
        except (DamagedSnapshot, NotFound):
            return None
        self._trim(net)
        return recorded

    def _at_hand(self, net: Net, key: tuple[int, float]) -> Recorded:
        """The weights of a moment, by its step and when it was kept. Raises as `state` does."""
        if key not in net.at_hand:
            net.at_hand[key] = Recorded(key[0], self.state(net, key[0]).weights)
        net.at_hand.move_to_end(key)
        return net.at_hand[key]

    @staticmethod
    def _trim(net: Net) -> None:
        size = sum(array.nbytes for array in net.start.weights)
        while len(net.at_hand) * size > MOST_BYTES:
            net.at_hand.popitem(last=False)


def spread(steps: Sequence[int], most: int) -> list[int]:
    """Up to `most` of the rising `steps`, as evenly as they allow, the first and the last among them."""
    if len(steps) <= most:
        return list(steps)
    all_steps = np.array(steps)
    places = np.abs(all_steps[None, :] - np.linspace(all_steps[0], all_steps[-1], most)[:, None]).argmin(axis=1)
    return [int(all_steps[place]) for place in np.unique(places)]


def steps_of(steps: Any, *, most: int) -> list[int]:
    """The steps that a payload asks for. Raises RequestError for anything else."""
    if (
        not isinstance(steps, list)
        or len(steps) > most
        or not all(isinstance(step, int) and not isinstance(step, bool) and step >= 0 for step in steps)
    ):
        raise RequestError(f"a job about moments names up to {most} steps", where="steps")
    return steps
