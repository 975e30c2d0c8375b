"""Packed runs of every kind come back the same."""

import json

import numpy as np
import pytest

from nnviz.errors import NnvizError, RequestError
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.store.packed_runs import PackedParts
from tests.store.transfer.test_pack import everything


def test_the_good_one_comes_in_and_goes_out_the_same(store, good, tmp_path):
    run_id = store.packs.unpack(good).run_id
    store.packs.pack(run_id, tmp_path / "again.nnviz")
    (tmp_path / "there").mkdir()
    other = Store(f"sqlite:///{tmp_path}/there/nnviz.db")
    other.packs.unpack(tmp_path / "again.nnviz")
    assert everything(other, run_id) == everything(store, run_id)


def test_a_component_of_ones_own_that_is_not_here(store, packed, tmp_path):
    """Such a run comes in, and is opened where its file is; without its name among its own, it does not."""
    for table in ("runs", "groups"):
        record = json.loads(packed.rows(table)[0]["spec"])
        record["layers"][0]["activation"] = "clip6"
        packed.change(table, spec=json.dumps(record))
    with pytest.raises(RequestError, match="clip6"):
        store.packs.unpack(packed.write(tmp_path / "bad.nnviz"))
    packed.change_document("info", own={"clip6": "clip(x, 0, 6)"})
    assert store.packs.unpack(packed.write(tmp_path / "own.nnviz")).is_new


@pytest.mark.parametrize("status", ["finished", "stopped", "failed", "diverged"])
@pytest.mark.parametrize(
    "blocks",
    [
        {"layers": [{"kind": "Dense", "units": 4}]},
        {
            "data": {"kind": "builtin", "name": "digits"},
            "layers": [{"kind": "Conv2D", "filters": 2, "kernel_size": 3}, {"kind": "Flatten"}],
        },
        {"data": {"kind": "synthetic", "name": "spirals"}, "layers": [], "from": {"run": "261128-000000-abcdef", "step": 5}},
    ],
)
def test_runs_of_every_kind_come_back_the_same(store, tmp_path, status, blocks):
    images = {
        "version": 1,
        "target": {"names": ["y"], "task": "classification", "classes": ["a", "b"], "mean": [], "scale": []},
        "columns": [],
        "shape": [8, 8, 1],
        "divide": 16.0,
    }
    run_id = store.runs.create(
        RunSpec.parse(
            {"data": {"kind": "builtin", "name": "iris"}, "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}} | blocks
        )
    )
    attempt = store.runs.claim(run_id, pid=1)
    store.runs.set_phase(
        run_id,
        attempt,
        "training",
        encoder=images,
        info={
            "task": "classification",
            "shape": [8, 8, 1],
            "outputs": 2,
            "classes": ["a", "b"],
            "columns": [],
            "plane": None,
            "rows": {"train": 3, "validation": 1},
            "target_mean": [],
            "target_scale": [],
        },
    )
    store.series.append(
        run_id,
        attempt,
        step=3,
        epoch=1.0,
        seconds=0.1,
        steps_={"batch_loss": np.array([1, np.nan, np.inf])},
        epochs_=[(1.0, 3, 0.1, {"loss": float("nan"), "val_loss": float("-inf")})],
    )
    error = NnvizError("it failed", where="there", remedy="Do.") if status in ("failed", "diverged") else None
    store.runs.finish(
        run_id, attempt, status, error=error, log="a\tb\x1b[0m\n" if error else "", metrics={"test_loss": float("nan")}
    )
    store.packs.pack(run_id, tmp_path / "run.nnviz")
    (tmp_path / "there").mkdir()
    other = Store(f"sqlite:///{tmp_path}/there/nnviz.db")
    other.packs.unpack(tmp_path / "run.nnviz")
    assert everything(other, run_id) == everything(store, run_id)
    other.packs.pack(run_id, tmp_path / "again.nnviz")
    assert (
        PackedParts(tmp_path / "again.nnviz").parts["tables/runs.jsonl"]
        == PackedParts(tmp_path / "run.nnviz").parts["tables/runs.jsonl"]
    )
