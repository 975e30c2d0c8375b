"""Class weights by the names of classes: which class a key means, and the error for a key that means none."""

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from nnviz.catalog import DATASETS
from nnviz.catalog.param import quote
from nnviz.errors import SpecError
from nnviz.spec.blocks import FileData

WHERE = "cost.class_weight"
NAMED = 12
"""Classes that a message names."""


def class_weight_by_position(data: Any) -> bool:
    """Whether the keys may also be indices of classes (0 for the first), and unknown ones are ignored: the first version of
    the reading rules has it so."""
    return isinstance(data, FileData) and data.read.rules == 1


def class_weight_list(class_weight: Mapping[str, float], classes: Sequence[str], *, places: bool = False) -> list[float]:
    """One weight a class, 1 for those that `class_weight` leaves out. A key is the name of a class as it is written, in any
    Unicode form. `places`: see `class_weight_by_position`. Raises SpecError for a key that names no
    class, with the classes there are."""
    if places:
        return [class_weight.get(name, class_weight.get(str(number), 1.0)) for number, name in enumerate(classes)]
    known = {_form(name): name for name in reversed(classes)} | {name: name for name in classes}
    weights: dict[str, float] = {}
    for key, weight in class_weight.items():
        name = known.get(key, known.get(_form(key)))
        if name is None:
            raise SpecError(f"{quote(key)} is no class of this data", where=WHERE, remedy=_remedy(key, classes))
        if name in weights:
            raise SpecError(f"the class {quote(name)} is given two weights", where=WHERE, remedy="Keep one of them.")
        weights[name] = weight
    return [weights.get(name, 1.0) for name in classes]


def check_class_weight(class_weight: Any, *, task: str, classes: Sequence[str], data: Any) -> None:
    """Refuse weights that do not fit the data: those of a regression, and keys that name no class. Raises SpecError.
    `class_weight`: the cost's; `data`: the spec's data block."""
    if class_weight is None:
        return
    if task != "classification":
        raise SpecError("class_weight is for classes, and this is a regression", where=WHERE, remedy="Leave it out.")
    if class_weight != "balanced":
        class_weight_list(class_weight, classes, places=class_weight_by_position(data))


def weights_spelled_out(data: Any, class_weight: Any) -> dict[str, float] | None:
    """For a stored spec of before keys had to name classes: the weights of a set that comes with nnviz, by the names of its
    classes, where some key was a place or named none; else None. `data`, `class_weight`: the blocks as JSON."""
    entry = DATASETS.get(str(data.get("name"))) if isinstance(data, Mapping) and data.get("kind") != "file" else None
    if entry is None or not entry.names or not isinstance(class_weight, Mapping) or set(class_weight) <= set(entry.names):
        return None
    return {name: class_weight.get(name, class_weight.get(str(number), 1.0)) for number, name in enumerate(entry.names)}


def closest(key: str, classes: Sequence[str]) -> str | None:
    """The class that was probably meant: the same but for case or blanks, the same number, else one spelled much alike."""
    folded = {_form(name).casefold(): name for name in reversed(classes)}
    if (same := folded.get(_form(key).casefold())) is not None:
        return same
    value = _value(key)
    if value is not None:
        return next((name for name in classes if _value(name) == value), None)
    near = difflib.get_close_matches(_form(key).casefold(), folded, n=1, cutoff=0.75)
    return folded[near[0]] if near else None


def _remedy(key: str, classes: Sequence[str]) -> str:
    listed = ", ".join(quote(name) for name in classes[:NAMED])
    more = f" and {len(classes) - NAMED} more" if len(classes) > NAMED else ""
    meant = closest(key, classes)
    return f"{f'Did you mean {quote(meant)}? ' if meant is not None else ''}Its classes are: {listed}{more}."


def _form(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _value(name: str) -> float | None:
    try:
        return float(name)
    except ValueError:
        return None
