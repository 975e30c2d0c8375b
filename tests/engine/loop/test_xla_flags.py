"""XLA's flags: one set a process, found in what XLA itself says that it compiled with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnviz import data
from nnviz.engine import Session
from nnviz.engine.loop import xla_flags
from nnviz.spec import RunSpec

ROOT = Path(__file__).parents[3]
COMPILE = """
import sys, os
import numpy as np
from nnviz.engine import Dense, Model
x, y = np.random.default_rng(0).normal(size=(64, 3)), np.arange(64) % 2
model = Model([Dense(2)])
assert "optimization_level" not in os.environ["XLA_FLAGS"]
for units in map(int, sys.argv[1:]):
    result = Model([Dense(units)]).fit(x, y, epochs=1, batch_size=64)
print(result.info["xla_flags"])
"""


def compiled(folder, *units):
    """Nets of so many units trained one after another in a new process: the flags recorded with the last, and what XLA wrote
    of the options of each compilation (those that differ from its defaults)."""
    done = subprocess.run(
        [sys.executable, "-c", COMPILE, *map(str, units)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"XLA_FLAGS": f"--xla_dump_to={folder}"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), [path.read_text() for path in folder.glob("*.debug_options")]


def test_the_first_network_of_a_process_decides(tmp_path):
    recorded, options = compiled(tmp_path, 2, 64)
    assert recorded == (
        f"--xla_dump_to={tmp_path} --xla_backend_optimization_level=1 --xla_cpu_use_fusion_emitters=false"
        " --xla_cpu_enable_concurrency_optimized_scheduler=false"
    )
    assert len(options) >= 2
    for text in options:
        assert "xla_backend_optimization_level: 1\n" in text
        assert "xla_cpu_use_fusion_emitters: false\n" in text
        assert "xla_cpu_enable_concurrency_optimized_scheduler: false\n" in text


@pytest.mark.parametrize(
    ("layer", "wanted"),
    [
        ({"kind": "Dense", "units": 4}, "quick"),
        ({"kind": "Dense", "units": 512}, "strong"),
        (
            {
                "kind": "Parallel",
                "branches": [
                    [{"kind": "Dense", "units": 512}],
                    [
                        {"kind": "Reshape", "target_shape": [-1, 1]},
                        {"kind": "Conv1D", "filters": 2, "kernel_size": 2},
                        {"kind": "Flatten"},
                    ],
                ],
            },
            "",
        ),
    ],
)
def test_a_session_asks_for_what_its_spec_needs(monkeypatch, layer, wanted):
    asked = []
    monkeypatch.setattr(xla_flags, "use", asked.append)
    spec = RunSpec.parse(
        {
            "data": {"kind": "builtin", "name": "iris"},
            "layers": [layer],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
        }
    )
    Session(spec, data.load(spec))
    assert asked == [wanted]


def test_what_is_given_stays_and_the_second_wish_changes_nothing(monkeypatch):
    monkeypatch.setattr(xla_flags, "_used", "")
    monkeypatch.setenv("XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_cpu_prefer_vector_width=512")
    monkeypatch.delenv(xla_flags.INHERITED, raising=False)
    xla_flags.use("")
    assert xla_flags.INHERITED not in os.environ
    xla_flags.use("quick")
    wanted = (
        "--xla_backend_optimization_level=0 --xla_cpu_prefer_vector_width=512 --xla_cpu_use_fusion_emitters=false"
        " --xla_cpu_enable_concurrency_optimized_scheduler=false"
    )
    assert os.environ["XLA_FLAGS"] == wanted
    xla_flags.use("strong")
    assert os.environ["XLA_FLAGS"] == wanted
    assert os.environ.pop(xla_flags.INHERITED) == "--xla_backend_optimization_level=0 --xla_cpu_prefer_vector_width=512"
