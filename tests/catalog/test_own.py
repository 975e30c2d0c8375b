"""Files of one's own: what they add, what each mistake is told as, and that no mistake stops anything."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nnviz.catalog import ACTIVATIONS, COSTS, own
from nnviz.catalog.expression import parse
from nnviz.catalog.shared import ANY_COST
from nnviz.spec.components import _COST_EXTRA

ROOT = Path(__file__).parents[2]
CLIP6 = {"component": "activation", "name": "clip6", "formula": "clip(x, 0, 6)"}
QUANTILE = {
    "component": "cost",
    "name": "Quantile",
    "tasks": ["regression"],
    "formula": "maximum(quantile * (y_true - y_pred), (quantile - 1) * (y_true - y_pred))",
    "parameters": [{"name": "quantile", "default": 0.5, "minimum": 0, "maximum": 1}],
}
TAKEN = [*ACTIVATIONS, *COSTS]


def put(folder: Path, **files: object) -> own.Own:
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return own.read(folder, taken=TAKEN)


def test_an_activation_in_toml(tmp_path):
    text = "component = 'activation'\nname = 'clip6'\nformula = 'clip(x, 0, 6)'\nlatex = '\\min(x, 6)'\nhelp = 'Stops at 6.'\n"
    components = put(tmp_path, clip6_toml=text)
    entry = components.activations["clip6"]
    assert (entry.latex, entry.help, entry.keras) == (r"\min(x, 6)", "Stops at 6.", "")
    assert entry.source == str(tmp_path / "clip6.toml")
    values = parse(entry.formula, names=("x",)).evaluate({"x": np.array([-1.0, 3.0, 7.0])})
    np.testing.assert_array_equal(values, [0, 3, 6])
    assert components.troubles == ()


def test_a_cost_in_json_with_its_parameter(tmp_path):
    entry = put(tmp_path, q_json=QUANTILE).costs["Quantile"]
    assert (entry.tasks, dict(entry.transform), entry.columns) == (("regression",), {"regression": "identity"}, "mean")
    (param,) = entry.params
    assert (param.name, param.default, param.minimum, param.maximum) == ("quantile", 0.5, 0, 1)
    both = put(tmp_path, q_json=QUANTILE | {"tasks": ["classification", "regression"], "transform": "softplus"}).costs["Quantile"]
    assert set(both.transform.values()) == {"softplus"}
    assert both.reason == ""


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a_toml", "component = ", "not TOML"),
        ("a_json", "{", "not JSON"),
        ("a_json", "[1]", "named fields"),
        ("a_json", "[" * 10_000, "not JSON"),
        ("a_json", " " * 30_000, "more than 20,000 bytes"),
        ("a_py", "raise SystemExit", "Python files are not run"),
        ("a_json", {"component": "layer"}, 'component must be "activation" or "cost"; got \'layer\''),
        ("a_json", CLIP6 | {"color": 1}, "unknown field 'color'"),
        ("a_json", CLIP6 | {"name": "relu"}, "relu is taken"),
        ("a_json", CLIP6 | {"name": "two words"}, "name must be letters"),
        ("a_json", CLIP6 | {"name": "tan"}, "tan is taken"),
        ("a_json", CLIP6 | {"formula": 6}, "formula must be a text"),
        ("a_json", CLIP6 | {"formula": "clip(x, 0"}, "formula: the bracket at position 5 is not closed"),
        ("a_json", CLIP6 | {"formula": "x.real"}, "formula: '.' at position 2 is not allowed"),
        ("a_json", CLIP6 | {"formula": "log(-1 - x * x)"}, "no finite number"),
        ("a_json", CLIP6 | {"help": "a" * 501}, "help must be a text"),
        ("a_json", QUANTILE | {"tasks": "regression"}, "tasks must be a list"),
        ("a_json", QUANTILE | {"columns": "all"}, "columns must be one of mean, sum, row"),
        ("a_json", QUANTILE | {"transform": "tanh"}, "transform must be one of"),
        ("a_json", QUANTILE | {"target_scaling": 1}, "target_scaling must be true or false"),
        ("a_json", QUANTILE | {"parameters": [{"name": "quantile", "default": 2, "maximum": 1}]}, "up to 1"),
        ("a_json", QUANTILE | {"parameters": [{"name": "transform", "default": 2}]}, "cannot be called 'transform'"),
        ("a_json", QUANTILE | {"parameters": [{"name": "quantile"}]}, "default of the parameter quantile must be a number"),
        ("a_json", QUANTILE | {"parameters": []}, "'quantile' at position 9 is unknown"),
    ],
)
def test_each_mistake_is_told_with_the_file_and_stops_nothing(tmp_path, name, content, says):
    components = put(tmp_path, z_json=CLIP6 | {"name": "fine"}, **{name: content})
    assert list(components.activations) == ["fine"]
    (trouble,) = components.troubles
    assert says in trouble.what
    assert trouble.where == str(tmp_path / name.replace("_", "."))
    assert trouble.remedy or "formula" in trouble.what or "up to" in trouble.what


def test_a_name_is_taken_by_the_first_file(tmp_path):
    components = put(tmp_path, a_json=CLIP6, b_json=CLIP6 | {"name": "Clip6"})
    assert list(components.activations) == ["clip6"]
    assert "Clip6 is taken" in components.troubles[0].what


def test_no_folder_is_no_trouble_and_a_change_is_seen(tmp_path):
    assert own.read(tmp_path / "none", taken=[]) == own.Own()
    before = put(tmp_path, a_json=CLIP6).fingerprint
    assert before == own.fingerprint(tmp_path) != ()
    (tmp_path / "notes.txt").write_text("no component")
    assert own.fingerprint(tmp_path) == before
    (tmp_path / "a.json").write_text(json.dumps(CLIP6 | {"formula": "clip(x, 0, 7)"}))
    os.utime(tmp_path / "a.json", ns=(1, 1))
    assert own.fingerprint(tmp_path) != before


def test_a_parameter_may_not_be_called_like_a_field_of_every_cost(tmp_path):
    fields = [param.name for param in ANY_COST]
    assert set(fields) == set(_COST_EXTRA)
    record = QUANTILE | {"formula": "abs(y_true - y_pred)"}
    for name in fields:
        components = put(tmp_path, cost_json=record | {"parameters": [{"name": name, "default": 0.5}]})
        assert "cannot be called" in components.troubles[0].message


SCRIPT = """
import json, sys
from pathlib import Path
import numpy as np
from nnviz import data, engine
from nnviz.catalog import own_changed
from nnviz.jobs.worker.training.train import custom_expressions
from nnviz.spec import RunSpec

assert not own_changed()
spec = RunSpec.parse({
    "data": {"kind": "synthetic", "name": "plane", "samples": 40},
    "layers": [{"kind": "Dense", "units": 3, "activation": "clip6"}],
    "cost": {"kind": "Quantile", "quantile": 0.9}, "optimizer": {"kind": "Adam"}, "training": {"epochs": 1}})
assert custom_expressions(spec) == {"clip6": "clip(x, 0, 6)", "Quantile": sys.argv[1]}, custom_expressions(spec)
prepared = data.load(spec)
result = engine.train(spec, prepared, on_progress=lambda progress: None)
network = engine.restore(spec.layers, spec.cost, result.weights, task="regression", shape=prepared.shape, outputs=1)
part = prepared.parts["train"]
hidden = np.clip(part.x @ result.weights[0] + result.weights[1], 0, 6)
miss = part.y - (hidden @ result.weights[2] + result.weights[3])
wanted = np.maximum(0.9 * miss, -0.1 * miss).mean()
np.testing.assert_allclose(engine.evaluate(network, part.x, part.y).metrics["loss"], wanted, rtol=1e-4)
np.testing.assert_allclose(result.metrics["loss"], wanted, rtol=1e-4)
Path("spec.json").write_text(json.dumps(spec.to_json()))
"""


def run(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"NNVIZ_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=home, env=environment, capture_output=True, text=True, timeout=180, check=False
    )


def test_they_train_and_are_missed_in_words(tmp_path):
    folder = tmp_path / "components"
    folder.mkdir()
    put(folder, clip6_json=CLIP6, quantile_json=QUANTILE, bad_json="{")
    done = run(tmp_path, "-c", SCRIPT, QUANTILE["formula"])
    assert done.returncode == 0, done.stderr[-3000:]
    (folder / "clip6.json").unlink()
    done = run(tmp_path, "-m", "nnviz", "check", "spec.json")
    assert done.returncode == 2
    assert f"left out: {folder / 'bad.json'}: this is not JSON" in done.stderr
    assert f"If it is one of your own, its file is missing from {folder}." in done.stderr
    assert "Traceback" not in done.stderr
