"""A hundred steps beside Keras's fit and PyTorch, from the same weights over the same rows in the same order.

Their losses were recorded by `python -m benchmarks.trajectories`."""

import json
from pathlib import Path

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.loop import shuffle

from .support import Prepared, Rows, spec

WITH = np.load(Path(__file__).parent / "trajectories.npz")
OPTIMIZERS = json.loads(str(WITH["settings"]))
TRANSFORMS = {"MeanSquaredLogarithmicError": "softplus", "Poisson": "softplus", "CategoricalHinge": "identity"}
HIDDEN = [{"kind": "Dense", "units": 5, "activation": "tanh"}]


def losses(monkeypatch: pytest.MonkeyPatch, optimizer: dict, cost: dict, *, task: str) -> np.ndarray:
    # those of epochs that are only made ahead do not matter
    monkeypatch.setattr(shuffle, "order", lambda seed, epoch, rows: WITH["order"][epoch % len(WITH["order"])][:rows])
    is_number = task == "numbers"
    x, y = WITH["x"], WITH["t" if is_number else "y"]
    data = Prepared(
        "regression" if is_number else "classification",
        (3,),
        1 if is_number else 3,
        {"train": Rows(x, y, np.arange(len(x)))},
        () if is_number else ("a", "b", "c"),
    )
    run_spec = spec(HIDDEN, optimizer=optimizer, cost=cost, epochs=20, batch_size=8, record_every=1000)
    session = engine.prepare(run_spec, data)
    session.network.values = [WITH[f"{task}.{place}"] for place in range(4)]
    seen: list[engine.Progress] = []
    engine.train(run_spec, data, session=session, on_progress=seen.append, frames=False)
    return np.concatenate([item.steps["batch_loss"] for item in seen if "batch_loss" in item.steps])


@pytest.mark.parametrize("peer", [name for name in WITH.files if ".optimizer." in name])
def test_every_optimizer_takes_the_same_steps(monkeypatch: pytest.MonkeyPatch, peer: str) -> None:
    ours = losses(monkeypatch, OPTIMIZERS[peer.split(".")[2]], {"kind": "CrossEntropy"}, task="classes")
    # PyTorch puts Adam's epsilon in another place.
    tolerance = 1e-5 if peer.startswith("keras") else 1e-4
    np.testing.assert_allclose(ours, WITH[peer], rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("peer", [name for name in WITH.files if ".cost." in name])
def test_every_cost_leads_the_same_way(monkeypatch: pytest.MonkeyPatch, peer: str) -> None:
    kind = peer.split(".")[2]
    of_classes = kind in ("CrossEntropy", "CategoricalHinge", "KLDivergence")
    cost = {"kind": kind} | ({"transform": TRANSFORMS[kind]} if kind in TRANSFORMS else {})
    ours = losses(monkeypatch, {"kind": "SGD", "learning_rate": 0.02}, cost, task="classes" if of_classes else "numbers")
    np.testing.assert_allclose(ours, WITH[peer], rtol=1e-5, atol=1e-5)
