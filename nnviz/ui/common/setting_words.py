"""Settings in the field's words: a spec in short, and how specs differ, without a path."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnviz.plain_text import visible
from nnviz.spec import RunSpec, summary as network_and_cost
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import epoch_text
from nnviz.ui.common.settings.labels import label_for
from nnviz.ui.common.settings.live_changes import LiveChange
from nnviz.ui.common.spec_settings import ROWS, STACK, Setting, layer_settings, settings, value_text

RATE_PATH = "optimizer.learning_rate"
_CONVOLUTION = re.compile(r"\bc(?=[\d\[])")
_PLAIN_KINDS = {"Dense", "Flatten", "Repeat"}


@dataclass(frozen=True)
class Difference:
    """A setting in which specs differ: its `label`, and its value in each as text, None where a spec has no such setting.
    `is_placed`: the label ends with a layer's number."""

    label: str
    texts: tuple[str | None, ...]
    is_placed: bool = False


def summary(spec: RunSpec, changed: Mapping[str, LiveChange] | None = None) -> str:
    """A spec in short: `Adam 0.01, 32-16`; with what was `changed` while a run of it trained: `Adam 0.01 (0.003 since epoch 40),
    32-16, batch size 64 since epoch 12`."""
    words = {name: _since(change) for name, change in (changed or {}).items()}
    rate = words.pop(RATE_PATH, "")
    parts = [f"{optimizer_words(spec)} ({rate})" if rate else optimizer_words(spec), network_words(spec) or _("no hidden layers")]
    return ", ".join([*parts, *(f"{label_for(name)} {text}" for name, text in words.items())])


def _since(change: LiveChange) -> str:
    return _("{value} since epoch {n}").format(value=f"{change.value:.6g}", n=epoch_text(change.epoch))


def optimizer_words(spec: RunSpec) -> str:
    """`Adam 0.01`; with a schedule its kind in the rate's place."""
    rate = spec.optimizer.schedule.kind if spec.optimizer.schedule is not None else value_text(spec.optimizer.learning_rate)
    return f"{spec.optimizer.kind} {rate}"


def network_words(spec: RunSpec) -> str:
    """The hidden layers in short: `32-16`, `conv 8-16`; empty without any."""
    return _sizes(spec) or (visible(stack_words(spec.layers), limit=40) if spec.layers else "")


def differences(before: RunSpec, after: RunSpec) -> list[str]:
    """What has changed, a phrase each, the most telling first: `learning rate 0.01 → 0.1`, `activation of layer 1: relu →
    tanh`. By meaning: a default that is written is none, 1 and 1.0 are equal; names do not count."""
    return [
        f"{one.label}{':' if one.is_placed else ''} {one.texts[0]} → {one.texts[1]}"
        if one.texts[0] is not None
        else f"{one.label}{':' if one.is_placed else ''} {one.texts[1]}"
        for one in differing([before, after])
        if one.texts[1] is not None
    ]


def differing(specs: Sequence[RunSpec]) -> list[Difference]:
    """The settings in which specs differ, the most telling first."""
    are_alike = len({_kinds(spec.layers) for spec in specs}) == 1
    nets = [_sizes(spec) for spec in specs]
    tables = [settings(spec, with_layers=are_alike) for spec in specs]
    rows: dict[str, list[Setting | None]] = {}
    if not are_alike:
        for path, column in _stack_rows(specs, nets).items():
            rows[path] = column
    elif len(set(nets)) > 1:
        rows["layers"] = [Setting(STACK, _("hidden layers"), net or _("none")) for net in nets]
        tables = [{path: one for path, one in table.items() if not one.is_sized} for table in tables]
    for path in dict.fromkeys(path for table in tables for path in table):
        rows[path] = [table.get(path) for table in tables]
    return _joined([column for column in rows.values() if _differs(column)])


def stack_words(layers: Sequence[Any]) -> str:
    """Layers in words: `Conv2D 16 relu, MaxPooling2D, Flatten`."""
    words = []
    for layer in layers:
        if layer.kind == "Repeat":
            words.append(f"{layer.times} \N{MULTIPLICATION SIGN} ({stack_words(layer.layers)})")
        elif layer.kind == "Residual":
            words.append(f"x + ({stack_words(layer.layers)})")
        elif layer.kind == "Parallel":
            words.append(f"{layer.join} ({' | '.join(stack_words(branch) for branch in layer.branches)})")
        else:
            fields = layer.written()
            names = [name for name in ("units", "filters", "rate", "pool_size") if name in fields][:1]
            values = [value_text(fields[name]) for name in (*names, *(["activation"] if "activation" in fields else []))]
            words.append(" ".join((layer.kind, *values)))
    return ", ".join(words) if words else _("none")


def _differs(column: Sequence[Setting | None]) -> bool:
    """Where a spec has no such setting, only what is written counts, and nothing of the rows: an Adam has defaults that an SGD
    has not, and that they differ says no more than their kinds do."""
    if None in column:
        return any(one is not None and one.is_written and one.rank != ROWS for one in column)
    return len({one.text for one in column if one is not None}) > 1


def _joined(columns: Sequence[Sequence[Setting | None]]) -> list[Difference]:
    """One line for what differs in the same way in several layers, in order of rank."""
    layers: dict[tuple[Any, ...], list[str]] = {}
    ranks: dict[tuple[Any, ...], int] = {}
    for column in columns:
        one = next(one for one in column if one is not None)
        key = (one.noun, bool(one.layer), tuple(None if other is None else other.text for other in column))
        ranks.setdefault(key, one.rank)
        layers.setdefault(key, []).append(one.layer)
    lines = []
    for key in sorted(layers, key=lambda key: ranks[key]):
        noun, is_placed, texts = key
        numbers = ", ".join(layers[key])
        several = _("{name} of layers {n}") if len(layers[key]) > 1 else _("{name} of layer {n}")
        label = several.format(name=noun, n=numbers) if is_placed else noun
        lines.append(Difference(label, texts, is_placed))
    return lines


def _stack_rows(specs: Sequence[RunSpec], nets: Sequence[str]) -> dict[str, list[Setting | None]]:
    """Stacks of other kinds of layers: plain ones by their sizes and activations, others in words."""
    if all(kind in _PLAIN_KINDS for spec in specs for kind in _all_kinds(spec.layers)) and len(set(nets)) > 1:
        activations = [
            dict.fromkeys(
                one.text for path, one in layer_settings(spec.layers, "layers", "") if path.endswith(".activation") and one.text
            )
            for spec in specs
        ]
        return {
            "layers": [Setting(STACK, _("hidden layers"), net or _("none")) for net in nets],
            "activations": [Setting(STACK, _("activation"), ", ".join(names)) if names else None for names in activations],
        }
    return {"layers": [Setting(STACK, _("layers"), visible(stack_words(spec.layers), limit=2000)) for spec in specs]}


def _all_kinds(layers: Sequence[Any]) -> Iterator[str]:
    for layer in layers:
        yield layer.kind
        for inner in _inner_lists(layer):
            yield from _all_kinds(inner)


def _kinds(layers: Sequence[Any]) -> str:
    return repr([(one.kind, [_kinds(inner) for inner in _inner_lists(one)]) for one in layers])


def _inner_lists(layer: Any) -> list[Any]:
    return getattr(layer, "branches", None) or [getattr(layer, "layers", [])]


def _sizes(spec: RunSpec) -> str:
    return _CONVOLUTION.sub("conv ", network_and_cost(spec).rpartition("-")[0])
