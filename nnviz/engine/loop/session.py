"""A network with its compiled loop: made for one run, or ahead of it and then used by a run of the same form."""

import hashlib
import json
import os
import time
from collections.abc import Sequence
from typing import Any, Self

import keras
import numpy as np
import tensorflow as tf

from nnviz import memory
from nnviz.engine.loop import compile_mode, metric_sample, xla_flags
from nnviz.engine.loop.loop import Loop
from nnviz.engine.loop.out_of_core import BlockLoop, outside_memory
from nnviz.engine.loop.state import State
from nnviz.engine.loop.turns import Seat
from nnviz.engine.metrics import streaming
from nnviz.engine.network.cost import class_weights
from nnviz.engine.network.network import Network, build
from nnviz.engine.records import PreparedLike
from nnviz.errors import SpecError
from nnviz.spec import Placed, RunSpec, check_class_weight, class_weight_by_position, expand, tuning_of, unfold

AT_ONCE_WORK = 2e7
"""Rows times parameters up to which the loop evaluates all rows in one piece."""
OLD_VALUES = 2**22
"""Input values in one batch of an evaluation, for runs that began before evaluation went by blocks."""
CHECKED_AT_ONCE = 8192


class Session:
    """Built by `prepare` or by `train` itself; `form` says for which runs it can be used. `mode`: see `prepare`.
    `tensors`: the rows of a session of the same data (`Loop.data`), which then stand in memory once. `is_old`: for a run that
    began when all training rows were evaluated after every epoch: it goes on so, to the last bit of its losses. `switchable`:
    whether units of its network can be switched off: only then does a step ask which are.

    `sample`: numbers of the training rows that the metrics of an epoch are taken from, None: all."""

    def __init__(
        self,
        spec: RunSpec,
        prepared: PreparedLike,
        *,
        mode: compile_mode.Mode | None = None,
        tensors: tuple[Any, Any] | None = None,
        is_old: bool = False,
        switchable: bool = False,
    ) -> None:
        began = time.perf_counter()
        xla_flags.use(tuning_of(spec))
        self.form = form(spec, prepared, is_old=is_old, switchable=switchable)
        self.is_old, self.is_switchable = is_old, switchable
        if not tf.config.list_physical_devices("GPU"):  # whose memory is its own
            memory.check(spec, prepared)
        self.prepared = prepared
        self.network = _network(spec, prepared, switchable=switchable)
        if not self.network.trainable_variables:
            raise SpecError(
                "no weight of this network can be trained", where="layers", remedy="Add a Dense layer, or let the cost project."
            )
        _check_numbers(spec, prepared)
        train = prepared.parts["train"]
        self.parts = [name for name in ("train", "validation") if name in prepared.parts and len(prepared.parts[name].y)]
        sizes = tuple(len(prepared.parts[name].y) for name in self.parts)
        self.sample = None if is_old else metric_sample.rows_of(spec, prepared)
        is_light = sum(sizes) * self.network.count_params() <= AT_ONCE_WORK
        block = None if is_old or (is_light and self.sample is None) else streaming.block_rows(self.network)
        self.blocks = outside_memory(train.x)
        self.mode = mode or compile_mode.mode(layer.kind for _, layer in expand(spec.layers))
        self.inner = not self.blocks and self.mode == "xla" and (is_light or not is_old)
        x, y = tensors or self._rows(prepared)
        if self.blocks:
            self.loop: Loop = BlockLoop(
                self.network, spec.optimizer, x=x, y=y, batch_size=spec.training.batch_size, xla=self.mode == "xla"
            )
        else:
            self.loop = Loop(
                self.network,
                spec.optimizer,
                x=x,
                y=y,
                sizes=sizes,
                batch_size=spec.training.batch_size,
                xla=self.mode == "xla",
                inner=self.inner,
                block=block,
                sample=self.sample,
            )
        rows = self._old_batch() if is_old else streaming.block_rows(self.network)
        self.scorer = streaming.Scorer(self.network, batch_size=rows)
        self.seed = spec.training.seed
        self.build_seconds = time.perf_counter() - began
        self.compile_seconds = 0.0
        self.used = False
        self.seat: Seat | None = None
        """Of the training whose numbers it holds, while that goes on."""

    @classmethod
    def compiled(cls, spec: RunSpec, prepared: PreparedLike, *, mode: compile_mode.Mode | None = None) -> Self:
        """Built, traced and compiled: its first step is not slower than the next."""
        session = cls(spec, prepared, mode=mode)
        session.compile()
        return session

    @classmethod
    def going_on(cls, spec: RunSpec, prepared: PreparedLike, state: State | None) -> Self:
        """One in which a training goes on from a state, or begins."""
        return cls(spec, prepared, is_old=metric_sample.is_old(state), switchable=state is not None and bool(state.off))

    def compile(self) -> None:
        """Trace and compile the loop, without a step."""
        began = time.perf_counter()
        self.loop.run(0, 0, seed=0, rate=0.0, record_every=1)
        self.compile_seconds = time.perf_counter() - began

    def begin(self, spec: RunSpec, prepared: PreparedLike) -> None:
        """Initial weights for the spec's seed, a fresh optimizer, and the rows of this very data. A training that goes on here
        can take its place again."""
        if self.seat is not None:
            self.seat.leave()
        if self.used or spec.training.seed != self.seed:
            self.network.values = _network(spec, prepared).values
            self.loop.reset()
            self.seed = spec.training.seed
        if self.network.switches is not None:
            self.network.switches.off = ()
        if self.used or prepared is not self.prepared:
            self.loop.use(*self._rows(prepared))
        self.used = True

    def _old_batch(self) -> int:
        size = max(1, min(8192, OLD_VALUES // max(1, int(np.prod(self.network.shape)))))
        return size if self.mode == "xla" else min(size, 256)

    def _rows(self, prepared: PreparedLike) -> tuple[Any, Any]:
        """Training and validation rows, one after another, as tensors on the device; in blocks the training rows as they
        are."""
        if self.blocks:
            return prepared.parts["train"].x, prepared.parts["train"].y
        parts = [prepared.parts[name] for name in self.parts]
        return tf.constant(np.concatenate([part.x for part in parts])), tf.constant(np.concatenate([part.y for part in parts]))


def prepare(spec: RunSpec, prepared: PreparedLike, *, mode: compile_mode.Mode | None = None) -> Session:
    """Build and compile ahead; `train(..., session=...)` then starts at once, with the very same results.

    The session can be used again for any seed, learning rate, number of epochs and data of the same form.
    `mode`: how to compile, `xla` or `graph`, where a comparison wants another way than `compile_mode` would choose."""
    return Session.compiled(spec, prepared, mode=mode)


def form(spec: RunSpec, prepared: PreparedLike, *, is_old: bool = False, switchable: bool = False) -> str:
    """A key of everything that is fixed when a run's loop is compiled: runs of the same form share a session. `is_old`,
    `switchable`: see `Session`."""
    optimizer = {name: value for name, value in spec.optimizer.model_dump(mode="json").items() if name != "learning_rate"}
    weights = _class_weights(spec, prepared)
    record = {
        "layers": _structure(unfold(spec.layers)),
        "cost": spec.cost.model_dump(mode="json"),
        "optimizer": optimizer,
        "batch_size": spec.training.batch_size,
        "task": prepared.task,
        "shape": prepared.shape,
        "outputs": prepared.outputs,
        "rows": {name: len(part.y) for name, part in prepared.parts.items() if name != "test"},
        "class_weight": None if weights is None else weights.tolist(),
        "blocks": outside_memory(prepared.parts["train"].x),
        "sample": metric_sample.counts(spec, prepared),
        "is_old": is_old,
        "switchable": switchable,
    }
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _structure(placed: Sequence[Placed]) -> list[Any]:
    """All that a list of layers fixes, its inner lists in their blocks."""
    return [
        (place.layer.model_dump(mode="json", exclude={"layers", "branches"}), [_structure(inner) for inner in place.lists])
        for place in placed
    ]


def info(session: Session) -> dict[str, Any]:
    """How a run was computed: needed to do it again bit for bit."""
    return {
        "rows_from": "blocks" if session.blocks else "memory",
        "mode": session.mode,
        "sample": None if session.sample is None else [len(session.sample), len(session.prepared.parts["train"].y)],
        "modes_version": compile_mode.VERSION,
        "evaluation": "inner" if session.inner else "outer",
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "intra_op_threads": tf.config.threading.get_intra_op_parallelism_threads(),
        "inter_op_threads": tf.config.threading.get_inter_op_parallelism_threads(),
        "xla_flags": os.environ.get("XLA_FLAGS", ""),
        "device": "GPU" if tf.config.list_physical_devices("GPU") else "CPU",
    }


def _class_weights(spec: RunSpec, prepared: PreparedLike) -> Any:
    class_weight = spec.cost.class_weight
    if class_weight is None:
        return None
    check_class_weight(class_weight, task=prepared.task, classes=prepared.classes, data=spec.data)
    return class_weights(class_weight, prepared.parts["train"].y, prepared.classes, places=class_weight_by_position(spec.data))


def _check_numbers(spec: RunSpec, prepared: PreparedLike) -> None:
    """Whether an Embedding is given whole numbers that it has vectors for. Raises SpecError."""
    for path, layer in expand(spec.layers):
        if layer.kind != "Embedding":
            continue
        for name, part in prepared.parts.items():
            for start in range(0, len(part.y), CHECKED_AT_ONCE):
                x = part.x[start : start + CHECKED_AT_ONCE]
                wrong = x[(x < 0) | (x >= layer.input_dim) | (x != np.floor(x))]
                if not wrong.size:
                    continue
                raise SpecError(
                    f"Embedding needs whole numbers from 0 to {layer.input_dim - 1}: the {name} rows hold "
                    f"{float(wrong.flat[0]):g}",
                    where=path,
                    remedy="Raise input_dim, or give columns of whole numbers from 0 on.",
                )


def _network(spec: RunSpec, prepared: PreparedLike, *, switchable: bool = False) -> Network:
    return build(
        spec.layers,
        spec.cost,
        task=prepared.task,
        shape=prepared.shape,
        outputs=prepared.outputs,
        seed=spec.training.seed,
        class_weight=_class_weights(spec, prepared),
        switchable=switchable,
    )
