"""The type stub of the engine: current, of the same names and parameters as the package, and of use to a type checker."""

import ast

import pytest

from nnviz import engine
from nnviz.engine import stub
from nnviz.spec.components import COMPONENTS

TREE = ast.parse(stub.PATH.read_text(encoding="utf-8"))
FUNCTIONS = {node.name: node for node in TREE.body if isinstance(node, ast.FunctionDef)}


def test_it_is_current():
    assert stub.PATH.read_text(encoding="utf-8") == stub.generate(), "run python -m nnviz.engine.stub"


def test_it_declares_all_that_the_package_has():
    listed = next(ast.literal_eval(node.value) for node in TREE.body if isinstance(node, ast.Assign))
    assert set(listed) == {*engine.__all__, *FUNCTIONS}
    imported = {alias.asname or alias.name for node in TREE.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert set(engine.__all__) <= imported


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_a_call_has_the_parameters_of_the_component_in_their_order(kind):
    arguments = FUNCTIONS[kind].args
    names = [argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)]
    assert tuple(names) == getattr(engine, kind).names
    assert ast.get_docstring(FUNCTIONS[kind])
    required = [name for name, field in COMPONENTS[kind].model_fields.items() if field.is_required() and name != "kind"]
    assert names[: len(arguments.args) - len(arguments.defaults)] == required


def test_a_type_checker_takes_what_is_right_and_refuses_what_is_not(tmp_path):
    mypy = pytest.importorskip("mypy.api")
    calls = """from declared import Adam, CosineDecay, Dense, Dropout, Repeat

Repeat(2, [Dense(32, "relu", bias_regularizer={"kind": "L2"}), Dense({"each": [4, 8]}, activation={"expression": "x"})])
Adam(0.01, schedule=CosineDecay(decay_steps=100), clipnorm=None)
Dense(unit=32)
Dense("relu")
Dropout()
Adam(beta_1="much")
Dense(4, kernel_initializer="glorot")
"""
    (tmp_path / "calls.py").write_text(calls, encoding="utf-8")
    # alone: following its imports into Keras would take half a minute
    (tmp_path / "declared.pyi").write_text(stub.generate(), encoding="utf-8")
    options = ["--follow-imports=skip", "--ignore-missing-imports", f"--cache-dir={tmp_path / 'cache'}", "--config-file="]
    report, _, _ = mypy.run([*options, str(tmp_path / "calls.py"), str(tmp_path / "declared.pyi")])
    lines = {int(line.split("calls.py:")[1].split(":")[0]) for line in report.splitlines() if "error:" in line}
    assert lines == {5, 6, 7, 8, 9}, report
