"""How the house is kept: small folders, short modules, names that say what a thing is, and docstrings of what is public."""

import ast
import importlib
import inspect
import json
from dataclasses import fields, is_dataclass
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [ROOT / "dashboard.py", *ROOT.glob("pages/*.py"), *ROOT.glob("nnviz/**/*.py"), *ROOT.glob("benchmarks/**/*.py")]
TESTS = [*ROOT.glob("tests/**/*.py")]
SCRIPTS = [*ROOT.glob("nnviz/browser/**/*.js"), *ROOT.glob("tests/js/**/*.js")]
MOST_LINES = 300
MOST_MODULES = {"nnviz": 20, "pages": 20, "benchmarks": 40, "tests": 40}
NAMELESS = frozenset({"found", "given", "said", "told", "kept", "shown"})
"""Participles that say that there is a result, and not which."""
PACKAGES = sorted(
    ".".join(path.parent.relative_to(ROOT).parts)
    for path in ROOT.glob("nnviz/**/__init__.py")
    if "__all__" in path.read_text(encoding="utf-8")
)


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [*SOURCES, *TESTS, *SCRIPTS], ids=name_of)
def test_a_module_is_short(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{name_of(path)} has {lines} lines: split it by what its parts are for"


@pytest.mark.parametrize("top", MOST_MODULES)
def test_a_folder_is_a_room(top):
    for folder in (ROOT / top, *(path for path in (ROOT / top).rglob("*") if path.is_dir())):
        for pattern in ("*.py", "*.js"):
            count = len([path for path in folder.glob(pattern) if path.name != "__init__.py"])
            assert count <= MOST_MODULES[top], f"{name_of(folder)} holds {count} modules"


@pytest.mark.parametrize("path", [*ROOT.glob("nnviz/**/__init__.py")], ids=name_of)
def test_a_package_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{name_of(path)} opens with no docstring"


def names_in(tree):
    """(name, line) of what is assigned, taken as a parameter, or defined."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.arg(arg=name):
                yield name, node.lineno
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield name, node.lineno
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name, node.lineno


MADE_BEFORE = ROOT / "tests" / "assets"
"""Holds scripts for the code of earlier versions, as they were run then."""


@pytest.mark.parametrize("path", [path for path in (*SOURCES, *TESTS) if MADE_BEFORE not in path.parents], ids=name_of)
def test_results_are_named(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nameless = [f"{name} (line {line})" for name, line in names_in(tree) if name.strip("_").lower() in NAMELESS]
    assert not nameless, f"{name_of(path)}: say what it is, not that it was found: {', '.join(nameless)}"


def public_parts(thing, name):
    """(dotted name, object) of a public name and, of a class of ours, its public methods and properties."""
    yield name, thing
    if inspect.isclass(thing) and thing.__module__.startswith("nnviz"):
        for attribute, value in vars(thing).items():
            part = getattr(value, "__func__", value)
            if attribute.startswith("_") or getattr(part, "__qualname__", "").startswith("dict"):
                continue
            if inspect.isfunction(part) or isinstance(part, property):
                yield f"{name}.{attribute}", part


def fields_without_words(thing):
    """Fields of a record that neither its docstring nor a docstring of their own speaks of."""
    own = inspect.getsource(thing)
    body = ast.parse(inspect.cleandoc(own) if own[0] == " " else own).body[0].body
    spoken = {
        line.target.id
        for line, after in pairwise(body)
        if isinstance(line, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
    }
    return [field.name for field in fields(thing) if field.name not in spoken and field.name not in (thing.__doc__ or "")]


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_public_has_a_docstring(package):
    module = importlib.import_module(package)
    missing = []
    for name in module.__all__:
        thing = getattr(module, name)
        if not (inspect.isclass(thing) or inspect.isfunction(thing)) or not thing.__module__.startswith("nnviz"):
            continue
        for part, value in public_parts(thing, name):
            words = (value.__doc__ or "").strip()
            if not words or words.startswith(f"{name}("):  # the one that a dataclass makes of its fields
                missing.append(part)
            elif words.rstrip(".").lower().replace(" ", "_") == part.rpartition(".")[2].lower():
                missing.append(f"{part} (repeats the name)")
        if is_dataclass(thing):
            missing += [f"{name}.{field} (field)" for field in fields_without_words(thing)]
    assert not missing, f"{package}: {json.dumps(missing)}"
