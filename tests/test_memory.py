"""What training needs is estimated before anything is built, and what cannot fit is refused where most of it is."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import psutil
import pytest

from nnviz import engine, memory
from nnviz.catalog import DATASETS, OPTIMIZERS, PRESETS
from nnviz.catalog.presets import stack_for
from nnviz.engine.loop import optimizers
from nnviz.errors import StackError
from nnviz.jobs.foreground import check_here
from nnviz.jobs.shares import train_job
from nnviz.jobs.worker.training.train import Trainer
from nnviz.spec import RunSpec
from nnviz.stack import plan
from nnviz.store import Store
from tests.cli.test_commands import call

GB = 10**9
HUGE = [{"kind": "Dense", "units": 100}, {"kind": "Repeat", "times": 30, "layers": [{"kind": "Dense", "units": 65_536}]}]
"""30 matrices of 65,536 x 65,536: half a terabyte of weights, two with gradients and Adam."""


@dataclass(frozen=True)
class Rows:
    x: Any
    y: Any


@dataclass(frozen=True)
class Data:
    shape: tuple[int, ...]
    parts: dict[str, Rows]
    outputs: int = 3


def data(shape: tuple[int, ...], rows: int = 5000) -> Data:
    """Rows that take no memory: one zero seen from everywhere."""
    return Data(shape, {"train": Rows(np.broadcast_to(np.float32(0), (rows, *shape)), np.zeros(rows, np.int32))})


def spec(layers: list[dict[str, Any]], *, optimizer: Any = None, **training: Any) -> RunSpec:
    return RunSpec.parse(
        {
            "data": {"kind": "builtin", "name": "iris"},
            "layers": layers,
            "cost": {"kind": "CrossEntropy"},
            "optimizer": optimizer or {"kind": "Adam"},
            "training": {"epochs": 1, "batch_size": 16} | training,
        }
    )


def need(layers: list[dict[str, Any]], shape: tuple[int, ...], *, batch: int = 1, optimizer: Any = None) -> memory.Need:
    parsed = spec(layers, optimizer=optimizer)
    return memory.need(plan(parsed.layers, shape, outputs=3, cost=parsed.cost), optimizer=parsed.optimizer, batch=batch)


SETTINGS = [{"kind": kind} for kind in OPTIMIZERS] + [
    {"kind": "SGD", "momentum": 0.9},
    {"kind": "Adam", "amsgrad": True},
    {"kind": "Momentum", "momentum": 0},
    {"kind": "RMSprop", "centered": True, "momentum": 0.5},
    {"kind": "SGD", "use_ema": True},
    {"kind": "AdamW", "gradient_accumulation_steps": 4},
]


@pytest.mark.parametrize("optimizer", SETTINGS, ids=str)
def test_what_an_optimizer_keeps_is_what_keras_makes_for_it(optimizer: dict[str, Any]) -> None:
    chosen = spec([], optimizer=optimizer).optimizer
    weights = keras.Variable(np.zeros((300, 400), np.float32), name="kernel")
    made = optimizers.make(chosen)
    made.build([weights])
    numbers = sum(int(np.prod(variable.shape)) for variable in made.variables)
    assert memory.slots(chosen) == round(numbers / 120_000)


def test_the_parts_of_an_estimate_by_hand() -> None:
    needed = need(
        [{"kind": "Dense", "units": 10}, {"kind": "Dropout", "rate": 0.5}, {"kind": "Dense", "units": 20, "trainable": False}],
        (4,),
        batch=8,
    )
    moving, still = 4 * 10 + 10 + 20 * 3 + 3, 10 * 20 + 20
    assert (needed.weights, needed.gradients, needed.optimizer) == (4 * (moving + still), 4 * moving, 8 * moving)
    assert needed.outputs == 4 * 8 * (10 + 20 + 3)  # Dropout's own are those of the layer before it, changed
    assert needed.total == needed.weights + needed.gradients + needed.optimizer + needed.outputs
    first_still = need([{"kind": "Dense", "units": 50, "trainable": False}], (4,), batch=8)
    assert first_still.outputs == 4 * 8 * 3  # no gradient goes back through it


@pytest.mark.parametrize(
    ("layer", "numbers"),
    [
        ({"kind": "LSTM", "units": 7}, 7 + 5 * 4 * 7),
        ({"kind": "GRU", "units": 7, "bidirectional": True}, 14 + 5 * 3 * 14),
        ({"kind": "MultiHeadAttention", "num_heads": 3, "key_dim": 4}, 5 * 2 + 3 * (5 * 12 + 5 * 5)),
    ],
    ids=lambda layer: str(layer),
)
def test_what_layers_for_sequences_keep_of_every_step_is_counted(layer: dict[str, Any], numbers: int) -> None:
    planned = plan([layer], (5, 2))
    assert planned.rows[0].saved_values == numbers


def test_a_repeat_and_a_block_keep_the_outputs_of_all_their_copies() -> None:
    dense = {"kind": "Dense", "units": 6}
    assert need([{"kind": "Repeat", "times": 3, "layers": [dense]}], (6,)).outputs == 4 * (3 * 6 + 3)
    assert need([{"kind": "Residual", "layers": [dense]}], (6,)).outputs == 4 * (6 + 6 + 3)


def refused(
    layers: list[dict[str, Any]], shape: tuple[int, ...], free: int, monkeypatch: pytest.MonkeyPatch, **training: Any
) -> StackError:
    monkeypatch.setattr(memory, "free", lambda: free)
    with pytest.raises(StackError) as caught:
        memory.check(spec(layers, **training), data(shape))
    return caught.value


def test_too_many_weights_are_refused_with_the_estimate_at_their_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    error = refused(
        [{"kind": "Dense", "units": 10}, {"kind": "Dense", "units": 50_000}, {"kind": "Dense", "units": 50_000}],
        (4,),
        20 * GB,
        monkeypatch,
    )
    assert error.where == "layers[2]"
    assert error.what == (  # 2.5e9 weights and a few more, of 4 bytes, four times
        "this network needs about 40.0 GB to train (10.0 GB of weights, 10.0 GB of gradients, 20.0 GB that Adam keeps); "
        "20.0 GB are free on this machine"
    )
    assert error.remedy == "40.0 GB of it are for Dense at layers[2]: lower what goes into this layer, or what it gives."


def test_outsized_outputs_are_refused_with_the_batch_to_lower(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = [{"kind": "Conv2D", "filters": 4096, "kernel_size": 3, "padding": "same"}, {"kind": "GlobalAveragePooling2D"}]
    error = refused(layers, (256, 256, 3), 500 * GB, monkeypatch, batch_size=4096)
    assert error.where == "layers[0]"
    assert "4.4 TB of outputs of a batch of 4,096 rows" in error.what  # 4096 * 256 * 256 * 4096 * 4 bytes
    assert "lower the batch size" in error.remedy
    memory.check(spec(layers, batch_size=1), data((256, 256, 3)))  # 1.1 GB


def test_rows_that_do_not_fit_beside_the_arrays_they_come_from_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    error = refused([{"kind": "Flatten"}], (100, 1000), GB, monkeypatch)
    assert error.where == "data"
    assert "2.0 GB of rows" in error.what  # 5,000 * 100,000 * 4 bytes
    assert "use fewer" in error.remedy


def test_what_is_wrong_otherwise_is_left_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda: 0)
    memory.check(spec([{"kind": "Conv2D", "filters": 4, "kernel_size": 3}]), data((4,)))


def test_no_preset_on_any_data_set_of_the_catalog_is_refused_in_two_gigabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free", lambda: 2 * GB)
    seen = 0
    for preset in PRESETS.values():
        for entry in DATASETS.values():
            if preset.fits == "image" and len(entry.shape) != 3:
                continue
            layers = [dict(layer) for layer in stack_for(preset.name, entry.shape)]
            parsed = RunSpec.parse(
                {
                    "data": {"kind": entry.kind, "name": entry.name},
                    "layers": layers,
                    "optimizer": preset.optimizer,
                    "cost": {"kind": "CrossEntropy" if entry.task == "classification" else "MeanSquaredError"},
                    "training": preset.training,
                }
            )
            memory.check(parsed, data(entry.shape, entry.rows))
            seen += 1
    assert seen > 20


def test_check_and_train_refuse_a_huge_network_before_they_build_it(tmp_path: Path) -> None:
    (tmp_path / "huge.json").write_text(json.dumps(spec(HUGE).to_json()))
    before = psutil.Process().memory_info().rss
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    huge = spec(HUGE)
    with pytest.raises(StackError, match=r"^layers\[1\]\.layers\[0\]: this network needs about 2\.\d TB to train"):
        check_here(store, huge, base=tmp_path)
    run = store.runs.create(huge)
    assert Trainer(store).train(train_job(run)) == {"status": "failed"}
    error = store.runs.get(run).error
    assert error is not None
    assert error["where"] == "layers[1].layers[0]"
    assert "free on this machine" in error["what"]
    with pytest.raises(StackError, match="to train"):
        engine.Model([{"kind": "Dense", "units": 65_536}] * 12).fit(np.zeros((4, 2)), np.array([0, 1, 0, 1]))
    assert psutil.Process().memory_info().rss - before < 500e6
    message = call(tmp_path, "train", "huge.json", code=2).stderr
    assert "layers[1].layers[0]: this network needs about 2.0 TB" in message


def group(folder: Path, names: tuple[str, str, str], *values: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in zip(names, values, strict=True):
        (folder / name).write_text(f"{value}\n")


V2 = ("memory.max", "memory.current", "memory.stat")
V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat")


def test_a_control_group_leaves_less_than_the_machine(tmp_path: Path) -> None:
    own = tmp_path / "cgroup"
    available = psutil.virtual_memory().available
    own.write_text("0::/user/one\n")
    group(tmp_path / "v2/user/one", V2, "max", 10, "inactive_file 0")
    assert memory.free(cgroups=tmp_path / "v2", own=own) > 0.5 * available
    group(tmp_path / "v2/user", V2, 900_000, 300_000, "anon 5\ninactive_file 100000")
    assert memory.free(cgroups=tmp_path / "v2", own=own) == 700_000
    own.write_text("5:cpu,memory:/docker/abc\n4:cpuset:/docker/abc\n")
    group(tmp_path / "v1/memory", V1, 500_000, 700_000, "total_inactive_file 0")
    assert memory.free(cgroups=tmp_path / "v1", own=own) == 0
    assert memory.free(cgroups=tmp_path / "none", own=tmp_path / "missing") > 0.5 * available
