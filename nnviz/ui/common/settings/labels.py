"""What settings are called, by their paths in a spec: the one vocabulary of the pages, their scripts and texts from elsewhere.

`browser/live/run/setting_labels.js` follows the same rules with the nouns that are sent to it; both are tested with the same
cases."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from nnviz.catalog import COSTS, LAYERS, OPTIMIZERS, SCHEDULES
from nnviz.catalog.param import Param
from nnviz.catalog.training import SPLIT, TRAINING
from nnviz.catalog.weights import PROJECTION
from nnviz.plain_text import within
from nnviz.ui.common.i18n import _, language

_LAYER = r"layers\[\d+\](?:\[\d+\]|\.(?:layers|branches)(?=\[))*"
_COLUMN = r"data\.columns\.(?P<column>.+?)\.(?P<field>elapsed|type|use|encoding)\b"
_PATH = re.compile(rf"(?<![\w./])(?:{_COLUMN}|(?:{_LAYER}|(?:optimizer|training|split|cost|data)(?=\.[a-z]))(?:\.[A-Za-z_]\w*)*)")
_COLUMN_FIELD = re.compile(_COLUMN)
_COLUMN_TYPES = re.compile(r'in data\.columns: \{".+?": \{"type": "date"\}\}')
_CHANGE = re.compile(r" [^→,;]{1,60} → ")
_REGULARIZER = re.compile(r"(\w+)_regularizer\.(l[12])")

Nouns = Mapping[str, Mapping[str, str]]


def nouns() -> Nouns:
    """What parameters are called within a sentence, by block of the spec and name. A name that means something else in
    another kind of the block has its own words."""
    return _nouns(language())


@cache
def _nouns(_chosen: str) -> Nouns:
    return {
        "data": {
            "kind": _("data"),
            "seed": _("seed of the data"),
            "header": _("header line"),
            "drop": _("columns left out"),
            "task": _("task"),
            "target": _("target"),
            "samples": _("samples"),
            "noise": _("noise"),
            "path": _("file"),
            "name": _("data"),
            "validation_path": _("validation file"),
            "test_path": _("test file"),
        },
        "split": _named(SPLIT.values())
        | {
            "seed": _("seed of the split"),
            "validation": _("validation share"),
            "test": _("test share"),
            "column": _("column of the parts"),
            "by": _("split by"),
        },
        "training": _named(TRAINING.values()) | {"early_stopping": _("early stopping")},
        "optimizer": _of_kinds(OPTIMIZERS) | {"kind": _("optimizer"), "schedule": _("schedule")},
        "schedule": _of_kinds(SCHEDULES) | {"kind": _("schedule")},
        "cost": _of_kinds(COSTS)
        | _named(PROJECTION)
        | {"kind": _("cost"), "kernel": _("kernel of the cost"), "bias": _("bias of the cost")},
        "layers": _of_kinds(LAYERS),
    }


def noun_of(name: str, param: Param | None) -> str:
    """What a parameter is called within a sentence."""
    if name == "rate":
        return _("dropout")
    if name == "stddev":
        return _("noise")
    label = _(param.label) if param and param.label else name.replace("_", " ")
    return within(label)


def label_for(path: str) -> str:
    """`layers[1].layers[0].rate` -> "dropout of layer 2.1"; what is no setting, such as a file's name, as it stands."""
    block, _sep, rest = path.partition(".")
    if not _is_setting(path):
        return path
    if path.startswith("layers"):
        match = re.match(rf"({_LAYER})(?:\.(.+))?$", path, re.DOTALL)
        if match is None:
            return path
        number = ".".join(str(int(digits) + 1) for digits in re.findall(r"\d+", match[1]))
        if match[2] is None:
            return _("layer {n}").format(n=number)
        return _("{name} of layer {n}").format(name=_noun("layers", match[2]), n=number)
    if rest.startswith("schedule."):
        name = rest.removeprefix("schedule.")
        noun = _noun("schedule", name)
        return noun if name == "kind" else _("{name} of the schedule").format(name=noun)
    if path.startswith("data.read."):
        return _("{name} of the file").format(name=path.removeprefix("data.read.").replace("_", " "))
    if match := re.fullmatch(_COLUMN, path):
        return _("{name} of column {column}").format(name=match["field"], column=match["column"])
    return _noun(block, rest)


def without_paths(text: str) -> str:
    """A text with paths of a spec in it, in words."""
    return _PATH.sub(_label_in, text)


def _label_in(match: re.Match[str]) -> str:
    """A label within a text: one that ends with a number has a colon before the numbers of a change."""
    is_placed = match[0].startswith("layers[") and _CHANGE.match(match.string, match.end())
    return label_for(match[0]) + (":" if is_placed else "")


def page_words(text: str) -> str:
    """A text for the command line, too, as a page says it: what can be set is called as its field there."""
    for path, title in _titles().items():
        text = text.replace(path, title)
    text = _COLUMN_TYPES.sub(_('by the type of their column: "date"'), text)
    return without_paths(_COLUMN_FIELD.sub(lambda match: _column_title(match["field"], match["column"]), text))


def _titles() -> dict[str, str]:
    return {
        'split.duplicates "together"': _("“Keep copies together” in the split"),
        "split.duplicates": _("“Keep copies together”"),
        "split.by": _("“Split by”"),
        "data.read.decimal": _("“Decimal mark”"),
        "data.read.encoding": _("“Encoding”"),
        "data.read.separator": _("“Separator”"),
        "data.read.missing names the words": _("in a spec, the words for missing values name those"),
        'set data.task to "classification"': _("choose classes for what its column holds"),
        'set data.task to "regression"': _("choose numbers for what its column holds"),
        "the file data.validation_path": _("the validation file"),
    }


def _column_title(field: str, column: str) -> str:
    titles = {"elapsed": _("“Elapsed time as an input, too”"), "type": _("“Type”"), "use": _("“Use”")}
    return _("{field} of column {column}").format(field=titles.get(field, field), column=column)


def _is_setting(path: str) -> bool:
    block, _sep, rest = path.partition(".")
    head = rest.partition(".")[0]
    return path.startswith(("layers[", "data.read.", "data.columns.")) or head in nouns().get(block, ())


def _noun(block: str, name: str) -> str:
    known = nouns().get(block, {})
    if name in known:
        return known[name]
    penalty = _REGULARIZER.fullmatch(name)
    if penalty:
        return f"{penalty[1].replace('_', ' ')} {penalty[2].upper()}"
    return re.sub(r"[_.]", " ", name)


def _named(params: Iterable[Param]) -> dict[str, str]:
    return {param.name: noun_of(param.name, param) for param in params}


def _of_kinds(entries: Mapping[str, Any]) -> dict[str, str]:
    names: dict[str, set[str]] = {}
    for entry in entries.values():
        for name, noun in _named(entry.params).items():
            names.setdefault(name, set()).add(noun)
    return {name: words.pop() if len(words) == 1 else name.replace("_", " ") for name, words in names.items()}
