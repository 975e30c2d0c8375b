"""Every setting of a spec in the field's words, defaults filled in: what `setting_words` compares."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnviz.catalog import COSTS, LAYERS, OPTIMIZERS, SCHEDULES
from nnviz.catalog.param import Param
from nnviz.catalog.training import SPLIT, TRAINING
from nnviz.catalog.weights import PROJECTION
from nnviz.plain_text import visible
from nnviz.spec import RunSpec
from nnviz.ui.common.i18n import _
from nnviz.ui.common.settings.labels import noun_of, nouns

LONGEST = 160
"""Characters of a value."""
DATA, OPTIMIZER, RATE, STACK, COST, MORE, TRAINED, ROWS, PARTS, SEEDS, START = range(11)
"""Ranks of settings, the most telling first."""


@dataclass(frozen=True)
class Setting:
    """A setting as one spec has it. `rank`: by how telling it is; `noun`: what it is called; `layer`: the number of the layer
    it belongs to, empty for none; `is_sized`: the net in short holds it, too; `is_written`: it is not left to its default."""

    rank: int
    noun: str
    text: str
    layer: str = ""
    is_sized: bool = False
    is_written: bool = True


def settings(spec: RunSpec, *, with_layers: bool = True) -> dict[str, Setting]:
    """Every setting of a spec by its path, defaults filled in."""
    listed: dict[str, Setting] = {}
    for path, one in (
        *_data_settings(spec.data),
        *_optimizer_settings(spec.optimizer),
        *(layer_settings(spec.layers, "layers", "") if with_layers else ()),
        *_cost_settings(spec.cost),
        *_training_settings(spec.training),
        *_split_settings(spec.split),
    ):
        listed[path] = one
    start = _("step {n} of another run").format(n=f"{spec.branch.step:,}") if spec.branch else _("fresh weights")
    listed["from"] = Setting(START, _("start"), start, is_written=spec.branch is not None)
    return listed


def value_text(value: Any, param: Param | None = None) -> str:
    """A value as a person writes it: values of one meaning have one text."""
    kind = param.type if param else ""
    if value is None:
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        text = f"{value:.12g}" if isinstance(value, float) else str(value)
        return f"{text} \N{MULTIPLICATION SIGN} {text}" if kind == "pair" else text
    if kind == "part":
        text = _part_text(value, param)
    elif isinstance(value, Mapping):
        text = _mapping_text(value)
    elif isinstance(value, list | tuple):
        is_size = bool(value) and all(isinstance(item, int) for item in value) and kind != "ints"
        text = (" \N{MULTIPLICATION SIGN} " if is_size else ", ").join(value_text(item) for item in value) or _("none")
    else:
        text = str(value)
    return visible(text, limit=LONGEST)


def _data_settings(data: Any) -> Iterator[tuple[str, Setting]]:
    yield "data", Setting(DATA, _("data"), data_words(data))
    names = nouns()["data"]
    for name in type(data).model_fields:
        if name in ("kind", "name", "path", "read", "columns") or name.endswith("sha256"):
            continue
        value = getattr(data, name)
        text = value_text(str(value).rsplit("/", 1)[-1] if name.endswith("_path") and value else value)
        yield f"data.{name}", Setting(SEEDS if name == "seed" else ROWS, names.get(name) or noun_of(name, None), text)
    if data.kind != "file":
        return
    for name in type(data.read).model_fields:
        yield f"data.read.{name}", Setting(ROWS, _("{name} of the file").format(name=name), value_text(getattr(data.read, name)))
    for column, settled in data.columns.items():
        for name in type(settled).model_fields:
            label = _("{name} of column {column}").format(name=name, column=visible(column, limit=40))
            yield f"data.columns.{column}.{name}", Setting(ROWS, label, value_text(getattr(settled, name)))


def data_words(data: Any) -> str:
    """What the data is called; of a file with the beginning of its checksum, where one is known."""
    if data.kind != "file":
        return str(data.name)
    name = visible(data.path.rsplit("/", 1)[-1], limit=60)
    return f"{name} ({data.sha256[:6]})" if data.sha256 else name


def _optimizer_settings(optimizer: Any) -> Iterator[tuple[str, Setting]]:
    params = {param.name: param for param in OPTIMIZERS[optimizer.kind].params}
    yield "optimizer", Setting(OPTIMIZER, _("optimizer"), optimizer.kind)
    for path, one in _component(optimizer, params, "optimizer", MORE, without=("schedule",)):
        is_rate = path == "optimizer.learning_rate"
        yield path, Setting(RATE, one.noun, one.text, is_written=one.is_written) if is_rate else one
    schedule = optimizer.schedule
    yield "optimizer.schedule", Setting(RATE, _("schedule"), _("none") if schedule is None else schedule.kind)
    if schedule is not None:
        for path, one in _component(schedule, _by_name(SCHEDULES[schedule.kind].params), "optimizer.schedule", MORE):
            yield path, Setting(MORE, _("{name} of the schedule").format(name=one.noun), one.text, is_written=one.is_written)


def _cost_settings(cost: Any) -> Iterator[tuple[str, Setting]]:
    params = _by_name((*PROJECTION, *COSTS[cost.kind].params))
    expression = getattr(cost, "expression", None)
    yield "cost", Setting(COST, _("cost"), value_text(expression) if expression else cost.kind)
    yield from _component(cost, params, "cost", COST, without=("expression",))


def layer_settings(layers: Sequence[Any], path: str, place: str) -> Iterator[tuple[str, Setting]]:
    """Of layers at `path`; `place` begins their numbers (`2.` inside of the second). With the path of each."""
    for number, layer in enumerate(layers, start=1):
        at, numbers = f"{path}[{number - 1}]", f"{place}{number}"
        inner = getattr(layer, "branches", None) or [getattr(layer, "layers", [])]
        params = _by_name(LAYERS[layer.kind].params)
        sized = ("units",) if layer.kind == "Dense" else ("filters",) if layer.kind.startswith("Conv") else ()
        sized = ("times",) if layer.kind == "Repeat" and any(_is_sized(other) for other in layer.layers) else sized
        for name, one in _component(layer, params, at, STACK, without=("layers", "branches", "name")):
            is_sized = name.rpartition(".")[2] in sized
            yield name, Setting(STACK, one.noun, one.text, layer=numbers, is_sized=is_sized, is_written=one.is_written)
        for branch, others in enumerate(inner, start=1):
            head = f"{numbers}.{branch}." if len(inner) > 1 else f"{numbers}."
            yield from layer_settings(others, f"{at}.{branch}", head)


def _training_settings(training: Any) -> Iterator[tuple[str, Setting]]:
    yield from _component(training, TRAINING, "training", TRAINED, without=("early_stopping", "seed"))
    stopping = training.early_stopping
    text = _("none") if stopping is None else _("patience {n}").format(n=stopping.patience)
    yield "training.early_stopping", Setting(TRAINED, _("early stopping"), text)
    yield "training.seed", Setting(SEEDS, _("seed"), value_text(training.seed))


def _split_settings(split: Any) -> Iterator[tuple[str, Setting]]:
    names = nouns()["split"]
    for path, one in _component(split, SPLIT, "split", PARTS):
        name = path.removeprefix("split.")
        yield path, Setting(SEEDS if name.endswith("seed") else PARTS, names.get(name, one.noun), one.text)


def _component(
    block: Any, params: Mapping[str, Param], path: str, rank: int, *, without: Sequence[str] = ()
) -> Iterator[tuple[str, Setting]]:
    for name in type(block).model_fields:
        if name == "kind" or name in without:
            continue
        param = params.get(name)
        text = value_text(getattr(block, name), param)
        yield f"{path}.{name}", Setting(rank, noun_of(name, param), text, is_written=name in block.model_fields_set)


def _by_name(params: Sequence[Param]) -> dict[str, Param]:
    return {param.name: param for param in params}


def _part_text(value: Any, param: Param | None) -> str:
    kind = value if isinstance(value, str) else value.get("kind", "")
    fields = {} if isinstance(value, str) else value
    params = param.parts.get(kind, ()) if param else ()
    values = [(one.name, value_text(fields.get(one.name, one.default), one)) for one in params]
    words = [text if len(values) == 1 else f"{name} {text}" for name, text in values]
    return " ".join((kind, ", ".join(words))).strip()


def _mapping_text(value: Mapping[str, Any]) -> str:
    if "expression" in value:
        constants = [f"{name} = {value_text(number)}" for name, number in (value.get("constants") or {}).items()]
        return ", ".join((str(value["expression"]), *constants))
    if "each" in value:
        each = value["each"]
        return "/".join(map(value_text, each)) if isinstance(each, list | tuple) else f"[{each}]"
    return ", ".join(f"{name} {value_text(item)}" for name, item in value.items()) or _("none")


def _is_sized(layer: Any) -> bool:
    return layer.kind == "Dense" or layer.kind.startswith("Conv")
