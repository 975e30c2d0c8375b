"""What the stack editor lets its user pick, as it is sent to the browser."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from nnviz.catalog import ACTIVATIONS, COSTS, LAYERS, PRESETS
from nnviz.catalog.entry import ActivationEntry, CostEntry
from nnviz.catalog.param import Param
from nnviz.catalog.presets import stack_for
from nnviz.catalog.shared import ANY_COST, ANY_LAYER, CLASS_WEIGHT
from nnviz.ui.common.i18n import _
from nnviz.ui.common.param_fields import is_rare

Shape = tuple[int, ...]


def catalog(task: str, shape: Shape, chosen: str = "") -> dict[str, Any]:
    """What can be picked for this task and input, and the `chosen` cost, in the words of the user's language."""
    titles = {
        "core": _("Core"),
        "convolution": _("Convolution"),
        "pooling": _("Pooling"),
        "regularization": _("Regularization"),
        "normalization": _("Normalization"),
        "shape": _("Shape"),
        "structure": _("Structure"),
        "sequence": _("Sequences"),
        "augmentation": _("Image augmentation"),
    }
    costs = {kind: entry for kind, entry in COSTS.items() if task in entry.tasks or kind == chosen}
    extra = [param for param in ANY_COST if task == "classification" or param is not CLASS_WEIGHT]
    return {
        "groups": [list(group) for group in titles.items()],
        "layers": {
            kind: {
                "group": entry.group,
                "help": _(entry.help),
                "start": _required(entry.params) | dict(entry.start),
                "params": [_param(param) for param in (*entry.params, *ANY_LAYER)],
            }
            for kind, entry in LAYERS.items()
        },
        "costs": {
            kind: {
                "help": _help(entry),
                "formula": entry.formula,
                "reference": entry.reference,
                "sigmoid_formula": entry.sigmoid_formula,
                "columns": entry.columns,
                "target_scaling": entry.target_scaling,
                "least_outputs": entry.least_outputs,
                "transform": entry.transform.get(task, "identity"),
                "start": _required(entry.params),
                "params": [_param(param) for param in (*entry.params, *extra)],
            }
            for kind, entry in costs.items()
        },
        "activations": {name: {"formula": entry.formula, "help": _help(entry)} for name, entry in ACTIVATIONS.items()},
        "presets": [
            {"title": _(preset.title), "help": _(preset.help), "layers": list(stack_for(name, shape))}
            for name, preset in PRESETS.items()
            if preset.fits == "any" or len(shape) == 3
        ],
    }


@lru_cache(maxsize=16)
def sent(task: str, shape: Shape, chosen: str, language: str) -> dict[str, Any]:
    """Made once: it is the same at every edit, and takes longer than all the rest of the editor."""
    return packed(catalog(task, shape, chosen))


def _help(entry: ActivationEntry | CostEntry) -> str:
    """The entry's help; of a custom one with the file that defines it."""
    text = _(entry.help)
    return f"{text} {_('Your own, from {file}.').format(file=Path(entry.source).name)}" if entry.source else text


def packed(entries: Mapping[str, Any]) -> dict[str, Any]:
    """A catalog as it is sent: most parameters stand in many layers, so each is written once, in `shared`, and layers and
    costs say which by number; what is empty is left out."""
    numbers: dict[str, int] = {}

    def number(param: Mapping[str, Any]) -> int:
        return numbers.setdefault(json.dumps(_filled(param)), len(numbers))

    kinds = {
        group: {
            kind: dict(entry) | {"params": [number(param) for param in entry["params"]]} for kind, entry in entries[group].items()
        }
        for group in ("layers", "costs")
    }
    return {**entries, **kinds, "shared": [json.loads(text) for text in numbers]}


def _filled(param: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter without what is empty."""
    filled = {
        name: value
        for name, value in param.items()
        if value not in (None, "", [], {}) and (value is not False or name == "default")
    }
    if "parts" in filled:
        filled["parts"] = {kind: [_filled(inner) for inner in inside] for kind, inside in filled["parts"].items()}
    return filled


def _required(params: Sequence[Param]) -> dict[str, Any]:
    return {param.name: param.default for param in params if param.required}


def _param(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "type": param.type,
        "default": param.default,
        "required": param.required,
        "optional": param.optional,
        "minimum": param.minimum,
        "above": param.above,
        "maximum": param.maximum,
        "below": param.below,
        "choices": list(param.choices),
        "names": list(param.names),
        "step": param.step,
        "label": _(param.label),
        "help": _(param.help),
        "allowed": param.allowed.removesuffix(" or null"),
        "parts": {kind: [_param(inner) for inner in inside] for kind, inside in param.parts.items()},
        "rare": is_rare(param),
        "shown": param.required or param.on_card,
    }
