import json
import subprocess
import sys

import pytest

from nnviz.catalog import ACTIVATIONS, COSTS, DATASETS, LAYERS, METRICS, OPTIMIZERS, PRESETS, SCHEDULES
from nnviz.catalog.metrics import FINAL_METRICS, TASK_METRICS
from nnviz.catalog.presets import stack_for
from nnviz.catalog.training import EARLY_STOPPING, SPLIT, TRAINING
from nnviz.spec import RunSpec
from nnviz.stack import plan

WITH_PARAMS = [entry for group in (LAYERS, COSTS, OPTIMIZERS, SCHEDULES, DATASETS) for entry in group.values()]


def test_the_catalog_and_the_spec_import_no_tensorflow():
    code = "import sys, nnviz.spec, nnviz.stack; sys.exit(any(m in sys.modules for m in ('tensorflow', 'keras')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("entry", WITH_PARAMS, ids=lambda entry: getattr(entry, "kind", entry))
def test_every_parameter_has_help_and_a_default_that_it_allows(entry):
    assert entry.help.endswith(".")
    for param in entry.params:
        assert param.help.endswith("."), param.name
        if not (param.required and param.default is None):
            param.check(param.default)
    names = [param.name for param in entry.params]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("param", [*TRAINING.values(), *SPLIT.values(), *EARLY_STOPPING.values()], ids=lambda param: param.name)
def test_training_parameters_are_complete(param):
    assert param.check(param.default) == param.default
    assert param.label
    assert param.help.endswith(".")


def test_each_entry_stands_under_its_own_name():
    for group in (ACTIVATIONS, METRICS, DATASETS, PRESETS):
        assert all(entry.name == name for name, entry in group.items())
    for kinds in (LAYERS, COSTS, OPTIMIZERS, SCHEDULES):
        assert all(entry.kind == kind for kind, entry in kinds.items())


def test_each_task_has_its_metrics():
    assert {name for names in (*TASK_METRICS.values(), *FINAL_METRICS.values()) for name in names} == set(METRICS)


@pytest.mark.parametrize("name", DATASETS)
def test_each_data_set_runs_with_its_preset(name):
    entry = DATASETS[name]
    preset = PRESETS[entry.preset]
    cost = "CrossEntropy" if entry.task == "classification" else "MeanSquaredError"
    spec = RunSpec.parse(
        json.loads(
            json.dumps(
                {
                    "data": {"kind": entry.kind, "name": name},
                    "layers": stack_for(entry.preset, entry.shape),
                    "cost": {"kind": cost},
                    "optimizer": preset.optimizer,
                    "training": preset.training,
                }
            )
        )
    )
    planned = plan(spec.layers, entry.shape, outputs=entry.classes or 1, cost=spec.cost)
    assert planned.error is None
    assert planned.output_shape == (entry.classes or 1,)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("shape", [(2,), (8, 8, 1), (28, 28, 1)])
def test_each_preset_fits_what_it_says_it_fits(preset, shape):
    error = plan([dict(layer) for layer in stack_for(preset, shape)], shape, outputs=3).error
    assert (error is None) == (PRESETS[preset].fits == "any" or len(shape) == 3)


def test_the_deep_preset_shows_a_repeat():
    assert any(layer["kind"] == "Repeat" for layer in PRESETS["deep"].layers)
