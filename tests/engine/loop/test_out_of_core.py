"""Rows outside memory: the same training as with all of them on the device, bit for bit."""

from dataclasses import replace

import numpy as np
import pytest

from nnviz import engine
from nnviz.engine.loop import out_of_core
from tests.engine.support import Prepared, Rows, prepared, same, spec


def mapped(data: Prepared, folder) -> Prepared:
    """The same rows in files."""
    parts = {}
    for name, part in data.parts.items():
        np.save(folder / f"{name}.npy", part.x)
        parts[name] = Rows(np.load(folder / f"{name}.npy", mmap_mode="r"), part.y, part.rows)
    return replace(data, parts=parts)


def run(run_spec, data, **options):
    seen = []
    result = engine.train(run_spec, data, on_progress=seen.append, **options)
    losses = np.concatenate([item.steps["batch_loss"] for item in seen if "batch_loss" in item.steps])
    return result, losses, [record.metrics for item in seen for record in item.epochs]


@pytest.mark.parametrize("block_bytes", [500, 1 << 25], ids=["five steps", "several epochs"])
def test_dense_with_dropout_and_a_short_last_batch(tmp_path, monkeypatch, block_bytes):
    monkeypatch.setattr(out_of_core, "BLOCK_BYTES", block_bytes)
    layers = [{"kind": "Dense", "units": 6, "activation": "tanh"}, {"kind": "Dropout", "rate": 0.3}]
    run_spec = spec(layers, optimizer={"kind": "Adam", "learning_rate": 0.02}, epochs=5, batch_size=8, keep="best")
    data = prepared(train=38)
    whole, other = run(run_spec, data), run(run_spec, mapped(data, tmp_path))
    assert other[0].info["rows_from"] == "blocks"
    assert whole[0].info["rows_from"] == "memory"
    assert same(whole[0].weights, other[0].weights)
    np.testing.assert_array_equal(whole[1], other[1])
    # in memory the compiled loop sums up the losses, in an order of its own
    for one, two in zip(whole[2], other[2], strict=True):
        assert one == pytest.approx(two, rel=1e-5)
    assert whole[0].metrics == pytest.approx(other[0].metrics, rel=1e-5)


@pytest.mark.parametrize(
    ("layers", "shape", "task"),
    [
        ([{"kind": "Conv2D", "filters": 3, "kernel_size": 3}, {"kind": "Flatten"}], (6, 6, 1), "classification"),
        ([{"kind": "Dense", "units": 5, "activation": "relu"}], (4,), "regression"),
    ],
)
def test_convolutions_and_numbers(tmp_path, monkeypatch, layers, shape, task):
    monkeypatch.setattr(out_of_core, "BLOCK_BYTES", 3000)
    cost = {"kind": "CrossEntropy" if task == "classification" else "MeanSquaredError"}
    run_spec = spec(layers, cost=cost, epochs=3)
    data = prepared(task, shape=shape, outputs=2)
    whole, other = run(run_spec, data), run(run_spec, mapped(data, tmp_path))
    assert same(whole[0].weights, other[0].weights)
    np.testing.assert_array_equal(whole[1], other[1])
    assert whole[0].metrics == pytest.approx(other[0].metrics, rel=1e-5)


def test_a_prepared_session_serves_blocks_again_with_another_seed(tmp_path, monkeypatch):
    monkeypatch.setattr(out_of_core, "BLOCK_BYTES", 500)
    data = mapped(prepared(), tmp_path)
    session = engine.prepare(spec(), data)
    run(spec(seed=0), data, session=session)
    assert same(run(spec(seed=3), data, session=session)[0].weights, run(spec(seed=3), data)[0].weights)


def test_a_session_for_rows_in_memory_is_not_taken_for_blocks(tmp_path):
    data = prepared()
    session = engine.prepare(spec(), data)
    result, *_ = run(spec(), mapped(data, tmp_path), session=session)
    assert result.info["rows_from"] == "blocks"
