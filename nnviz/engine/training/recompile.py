"""A session for other settings, built and compiled in a thread while the training goes on with the one it has."""

import threading
from collections.abc import Mapping

import numpy as np

from nnviz.engine.loop.optimizer_state import repack
from nnviz.engine.loop.session import Session
from nnviz.engine.loop.state import State
from nnviz.engine.records import PreparedLike
from nnviz.errors import NnvizError, SpecError
from nnviz.spec import RunSpec

BATCH_SIZE = "training.batch_size"
PLACES = ("layers[", "cost.", "optimizer.")


def with_settings(spec: RunSpec, settings: Mapping[str, float]) -> RunSpec:
    """The spec with settings changed by their paths. Raises SpecError for what is no setting that may change while a network
    trains, and for values that do not fit."""
    for name, value in settings.items():
        if name != BATCH_SIZE and (not name.startswith(PLACES) or "_initializer" in name):
            raise SpecError("it cannot be changed while this network trains", where=name)
        spec = spec.with_(name, value)
    return spec


def spec_of(spec: RunSpec, state: State | None) -> RunSpec:
    """The spec with which a training goes on from a state: a run's own with what was compiled in on its way there."""
    return spec if state is None else with_settings(spec, compiled_in(state))


def compiled_in(state: State) -> dict[str, float]:
    """Without what somebody has taken out of the state's `live`, so that the spec decides it."""
    return {name: value for name, value in state.notes.get("compiled_in", {}).items() if name in state.live}


class Preparation:
    """The session for `spec` that is to take the place of `present`; `settings`: what it was asked for."""

    def __init__(self, spec: RunSpec, settings: Mapping[str, float], present: Session, prepared: PreparedLike) -> None:
        self.spec, self.settings, self.is_switchable = spec, dict(settings), present.is_switchable
        self.session: Session | None = None
        self.error: NnvizError | None = None
        self._present, self._prepared = present, prepared
        self._rows = present.loop.data
        # No daemon: a process that ends in the middle of a compilation would crash.
        self._thread = threading.Thread(target=self._run, name="nnviz-switch")
        self._thread.start()

    @property
    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def _run(self) -> None:
        present, prepared = self._present, self._prepared
        try:
            session = Session(
                self.spec, prepared, mode=present.mode, tensors=self._rows, is_old=present.is_old, switchable=self.is_switchable
            )
            if [value.shape for value in session.network.weights] != [value.shape for value in present.network.weights]:
                raise SpecError(
                    "the network would need other weights",
                    where=", ".join(self.settings),
                    remedy="Begin a run with this setting.",
                )
            repack(present.loop, session.loop)
            session.compile()
            row = np.zeros((1, *prepared.shape), np.float32)
            session.network.raw(row)
            if not session.inner:
                session.scorer(row, prepared.parts["train"].y[:1], scale=prepared.target_scale)
            self.session = session
        except NnvizError as error:
            self.error = error
        except Exception as error:
            self.error = NnvizError(f"it could not be compiled ({type(error).__name__}: {str(error)[:300]})")
