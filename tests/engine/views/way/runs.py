"""A small full-batch run with all its states, and its objective in float64."""

import msgpack
import numpy as np

from nnviz import engine
from nnviz.engine.training.live_changes import Changes
from nnviz.engine.views.view_request import Recorded, ViewRequest
from nnviz.engine.views.way.weight_way import weight_way
from tests.engine.support import prepared, spec

DATA = prepared(train=22, validation=0)
LAYERS = [{"kind": "Dense", "units": 4, "activation": "tanh", "kernel_regularizer": {"kind": "L2", "l2": 0.02}}]
PAIR = {"first": {"variable": 0, "index": [1, 2]}, "second": {"variable": 3, "index": [1]}}


class Run:
    """A full-batch run of a few steps, with every state of it."""

    def __init__(self, optimizer, steps=4, layers=LAYERS, data=DATA, **training):
        self.spec = spec(layers, optimizer=optimizer, **({"batch_size": 22} | training))
        self.data = data
        self.session = engine.Session(self.spec, data)
        self.states = [self.state(0)]
        for step in range(steps):
            self.session.loop.run(step, step + 1, seed=0, rate=self.spec.optimizer.learning_rate, record_every=1000)
            self.states.append(self.state(step + 1))

    def state(self, step):
        return engine.State(step=step, weights=self.session.network.values, slots=self.session.loop.slots)

    def view(self, step, choice=PAIR):
        return self.body(weight_way, step, choice)

    def body(self, view, step, choice=None):
        state = self.states[step]

        def training():
            changes = Changes(self.spec, self.data, self.session, plateau=None)
            changes.restore(state)
            return changes

        way = [Recorded(one.step, one.weights) for one in self.states[: step + 1]]
        asked = ViewRequest(self.session.network, self.data, self.spec, state, choice or {}, training, lambda most: way)
        return msgpack.unpackb(msgpack.packb(view(asked)))


def objective(values, x, y):
    """Of two Dense layers with tanh between them, softmax and cross-entropy, L2 on the first kernel."""
    w1, b1, w2, b2 = (value.astype(np.float64) for value in values)
    logits = np.tanh(x.astype(np.float64) @ w1 + b1) @ w2 + b2
    logits -= logits.max(axis=1, keepdims=True)
    logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -logs[np.arange(len(y)), y].mean() + 0.02 * (w1**2).sum()


def floats(content):
    return np.frombuffer(content, "<f4").astype(np.float64)
