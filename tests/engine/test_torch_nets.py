"""A hundred steps of whole networks beside PyTorch, from the same weights over the same rows in the same order.

PyTorch's losses were recorded by `python -m benchmarks.torch_nets`."""

import json
from pathlib import Path

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.loop import shuffle

from .support import Prepared, Rows, spec

WITH = np.load(Path(__file__).parent / "torch_nets.npz")
NETS = json.loads(str(WITH["nets"]))


@pytest.mark.parametrize("name", NETS)
def test_a_network_loses_what_pytorch_s_does(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # those of epochs that are only made ahead do not matter
    monkeypatch.setattr(shuffle, "order", lambda seed, epoch, rows: WITH["order"][epoch % len(WITH["order"])][:rows])
    net, x, y = NETS[name], WITH[f"{name}.x"], WITH[f"{name}.y"]
    task, outputs, cost = ("regression", 1, "MeanSquaredError") if "numbers" in net else ("classification", 3, "CrossEntropy")
    data = Prepared(
        task, tuple(net["shape"]), outputs, {"train": Rows(x, y, np.arange(len(x)))}, () if "numbers" in net else ("a", "b", "c")
    )
    run_spec = spec(net["layers"], optimizer=net["optimizer"], cost={"kind": cost}, epochs=20, batch_size=8, record_every=1000)
    session = engine.prepare(run_spec, data)
    for place, variable in enumerate(session.network.trainable_variables):
        variable.assign(WITH[f"{name}.{place}"])
    seen: list[engine.Progress] = []
    engine.train(run_spec, data, session=session, on_progress=seen.append, frames=False)
    losses = np.concatenate([item.steps["batch_loss"] for item in seen if "batch_loss" in item.steps])
    wanted = WITH[f"{name}.losses"]
    assert wanted[-5:].mean() < 0.5 * wanted[:5].mean(), "nothing was learned: the comparison would say little"
    np.testing.assert_allclose(losses, wanted, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(losses[:10], wanted[:10], rtol=2e-5, atol=2e-6)
