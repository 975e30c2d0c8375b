"""Custom activations and costs: one TOML or JSON file each under NNVIZ_HOME/components/.

Nothing in such a file is executed: what it computes is a formula in the expression language. A file that cannot be used
is left out and reported; it stops nothing. Files are read when the catalog is first imported.
"""

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nnviz.catalog.entry import TRANSFORMS, ActivationEntry, CostEntry
from nnviz.catalog.expression import parse
from nnviz.catalog.param import RESERVED, Param, quote
from nnviz.catalog.shared import ANY_COST
from nnviz.errors import ComponentError, ExpressionError

MAX_BYTES = 20_000
MAX_FILES = 200
MAX_TEXT = 500
TASKS = ("classification", "regression")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_FIELDS = {
    "activation": ("component", "name", "formula", "latex", "help"),
    "cost": ("component", "name", "formula", "latex", "help", "tasks", "transform", "columns", "target_scaling", "parameters"),
}
_PARAMETER_FIELDS = ("name", "default", "minimum", "maximum", "help")

Fingerprint = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Own:
    """What a folder holds: entries by name, and an error for each file that cannot be used."""

    activations: Mapping[str, ActivationEntry] = field(default_factory=dict)
    costs: Mapping[str, CostEntry] = field(default_factory=dict)
    troubles: tuple[ComponentError, ...] = ()
    fingerprint: Fingerprint = ()


def folder() -> Path:
    """Where the files lie: `components` in $NNVIZ_HOME, else in ./.nnviz."""
    return Path(os.environ.get("NNVIZ_HOME") or ".nnviz").absolute() / "components"


def fingerprint(place: Path) -> Fingerprint:
    """Name, time of the last change (ns) and size of each file that may be a component; empty where there is no folder."""
    try:
        stats = [(path.name, path.stat()) for path in _files(place)]
    except OSError:
        return ()
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def read(place: Path, *, taken: Iterable[str]) -> Own:
    """Every component in a folder, in the order of the files' names. `taken`: names that are not free any more."""
    names = {name.lower() for name in taken}
    activations: dict[str, ActivationEntry] = {}
    costs: dict[str, CostEntry] = {}
    troubles: list[ComponentError] = []
    seen = fingerprint(place)
    try:
        files = _files(place)
    except OSError as error:
        return Own(
            troubles=(
                ComponentError(f"the folder cannot be read ({error.strerror})", where=str(place), remedy="Check its rights."),
            )
        )
    for path in files[:MAX_FILES]:
        try:
            entry = _entry(path, names)
        except ComponentError as error:
            troubles.append(error)
            continue
        if isinstance(entry, ActivationEntry):
            activations[entry.name] = entry
            names.add(entry.name.lower())
        else:
            costs[entry.kind] = entry
            names.add(entry.kind.lower())
    if len(files) > MAX_FILES:
        troubles.append(
            ComponentError(
                f"there are {len(files)} files, and {MAX_FILES} are read", where=str(place), remedy="Move away what is not used."
            )
        )
    return Own(activations, costs, tuple(troubles), seen)


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return []
    return sorted(
        path
        for path in place.iterdir()
        if path.suffix.lower() in (".toml", ".json", ".py") and not path.name.startswith(".") and path.is_file()
    )


def _entry(path: Path, taken: set[str]) -> ActivationEntry | CostEntry:
    record = _record(path)
    where = str(path)
    kind = record.get("component")
    if kind not in _FIELDS:
        raise ComponentError(
            f'component must be "activation" or "cost"; got {quote(kind)}',
            where=where,
            remedy="Say which of the two the file describes.",
        )
    unknown = [key for key in record if key not in _FIELDS[kind]]
    if unknown:
        raise ComponentError(f"unknown field {quote(unknown[0])}", where=where, remedy=f"Allowed: {', '.join(_FIELDS[kind])}.")
    name = record.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ComponentError(
            f"name must be letters, digits and _, at most 40, the first a letter; got {quote(name)}",
            where=where,
            remedy="Choose another name.",
        )
    if name.lower() in taken or name in RESERVED:
        raise ComponentError(f"the name {name} is taken already", where=where, remedy="Choose another name.")
    latex, help_ = (_text(record, key, where) for key in ("latex", "help"))
    formula = record.get("formula")
    if not isinstance(formula, str):
        raise ComponentError(
            f"formula must be a text; got {quote(formula)}",
            where=where,
            remedy='Write it in the expression language, as in formula = "clip(x, 0, 6)".',
        )
    if kind == "activation":
        grid = np.linspace(-3, 3, 25)
        _check(formula, {"x": grid}, where)
        return ActivationEntry(name=name, formula=formula, latex=latex, help=help_ or "An activation of your own.", source=where)
    return _cost(record, name, formula, latex, help_ or "A cost of your own.", where)


def _cost(record: Mapping[str, Any], name: str, formula: str, latex: str, help_: str, where: str) -> CostEntry:
    tasks = record.get("tasks", list(TASKS))
    if not isinstance(tasks, list) or not tasks or any(task not in TASKS for task in tasks):
        raise ComponentError(
            f"tasks must be a list of {' and '.join(TASKS)}, or one of them; got {quote(tasks)}",
            where=where,
            remedy='Write it as tasks = ["regression"].',
        )
    columns = _one_of(record, "columns", ("mean", "sum", "row"), "mean", where)
    usual = {"classification": "softmax", "regression": "identity"}
    transform = {task: _one_of(record, "transform", TRANSFORMS, usual[task], where) for task in TASKS if task in tasks}
    scaling = record.get("target_scaling", True)
    if not isinstance(scaling, bool):
        raise ComponentError(f"target_scaling must be true or false; got {quote(scaling)}", where=where, remedy="Leave it out.")
    params = _params(record.get("parameters", []), where)
    y_true = np.eye(3)[[0, 1, 2, 1]]
    y_pred = np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.4, 0.4, 0.2], [0.1, 0.8, 0.1]])
    _check(formula, {"y_true": y_true, "y_pred": y_pred} | {param.name: param.default for param in params}, where)
    return CostEntry(
        kind=name,
        formula=formula,
        latex=latex,
        help=help_,
        tasks=tuple(transform),
        transform=transform,
        columns=columns,
        target_scaling=scaling,
        params=params,
        source=where,
        reason="" if len(transform) == 2 else f"its file says tasks = {json.dumps(list(transform))}",
    )


def _params(records: Any, where: str) -> tuple[Param, ...]:
    if not isinstance(records, list) or len(records) > 10 or not all(isinstance(item, dict) for item in records):
        raise ComponentError(
            "parameters must be a list of at most 10, each with a name and a default",
            where=where,
            remedy='Write each as [[parameters]] with name = "...", default = 1.0.',
        )
    params: list[Param] = []
    for item in records:
        name, numbers = item.get("name"), {key: item.get(key) for key in ("default", "minimum", "maximum")}
        wrong = [key for key in item if key not in _PARAMETER_FIELDS]
        if wrong:
            raise ComponentError(
                f"unknown field {quote(wrong[0])} of a parameter", where=where, remedy=f"Allowed: {', '.join(_PARAMETER_FIELDS)}."
            )
        taken = {"x", "y_true", "y_pred", "pi", "e", "kind", "expression", *(param.name for param in (*ANY_COST, *params))}
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in RESERVED or name in taken:
            raise ComponentError(f"a parameter cannot be called {quote(name)}", where=where, remedy="Choose another name.")
        for key, value in numbers.items():
            if (value is None and key == "default") or (value is not None and not _is_number(value)):
                raise ComponentError(
                    f"{key} of the parameter {name} must be a number; got {quote(value)}",
                    where=where,
                    remedy="Write it as a plain number.",
                )
        param = Param(
            name=name,
            type="float",
            default=float(item["default"]),
            minimum=item.get("minimum"),
            maximum=item.get("maximum"),
            help=_text(item, "help", where) or f"The {name} of this cost.",
        )
        try:
            param.check(param.default)
        except ValueError as error:
            raise ComponentError(str(error), where=where, remedy="Choose a default within the range.") from error
        params.append(param)
    return tuple(params)


def _check(formula: str, values: Mapping[str, Any], where: str) -> None:
    """That the formula is one, and gives numbers. Raises ComponentError."""
    try:
        expression = parse(formula, names=tuple(values))
    except ExpressionError as error:
        raise ComponentError(f"formula: {error.what}", where=where, remedy=error.remedy) from error
    if not np.isfinite(np.asarray(expression.evaluate(values), dtype=float)).any():
        raise ComponentError(
            "formula gives no finite number anywhere",
            where=where,
            remedy="Look for a division by zero, or a logarithm or root of what is negative.",
        )


def _record(path: Path) -> dict[str, Any]:
    where = str(path)
    if path.suffix.lower() == ".py":
        raise ComponentError(
            "Python files are not run",
            where=where,
            remedy="Write the component as a .toml file: component, name, formula, latex, help.",
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ComponentError(f"the file has more than {MAX_BYTES:,} bytes", where=where, remedy="Shorten it.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ComponentError(f"the file cannot be read ({error.strerror})", where=where, remedy="Check its rights.") from error
    except UnicodeDecodeError as error:
        raise ComponentError("the file is no text in UTF-8", where=where, remedy="Save it as UTF-8.") from error
    loads: Callable[[str], Any] = json.loads if path.suffix.lower() == ".json" else tomllib.loads
    form = "JSON" if path.suffix.lower() == ".json" else "TOML"
    try:
        record = loads(text)
    except (ValueError, RecursionError) as error:
        raise ComponentError(
            f"this is not {form} ({error})",
            where=where,
            remedy="Check quotes and brackets; in TOML, latex stands in single quotes.",
        ) from error
    if not isinstance(record, dict):
        raise ComponentError("the file must be an object with named fields", where=where, remedy="See docs/add-a-component.md.")
    return record


def _text(record: Mapping[str, Any], key: str, where: str) -> str:
    value = record.get(key, "")
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ComponentError(
            f"{key} must be a text of at most {MAX_TEXT} characters; got {quote(value)}",
            where=where,
            remedy="Shorten it or leave it out.",
        )
    return value


def _one_of(record: Mapping[str, Any], key: str, choices: tuple[str, ...], default: str, where: str) -> Any:
    value = record.get(key, default)
    if value not in choices:
        raise ComponentError(
            f"{key} must be one of {', '.join(choices)}; got {quote(value)}",
            where=where,
            remedy="Choose one of them or leave it out.",
        )
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e30
