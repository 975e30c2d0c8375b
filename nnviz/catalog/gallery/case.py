"""What a case of the gallery is, and the blocks that their specs are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Layers = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class GalleryCase:
    """A training to judge. `name`: for programs and addresses, of one with a trouble that of the doctor's rule; `title`, which
    does not give the answer away, and `question`: what is to be looked at; `spec`: as JSON; `rule`: what the doctor names first,
    None where it finds nothing; `others`: rules that are offered beside the right answer; `lesson`: two or three sentences,
    shown with the answer."""

    name: str
    title: str
    question: str
    spec: Mapping[str, Any]
    rule: str | None
    others: tuple[str, ...]
    lesson: str


def trouble(rule: str, title: str, question: str, spec: Mapping[str, Any], others: tuple[str, str], lesson: str) -> GalleryCase:
    """A case that the doctor names by `rule`."""
    return GalleryCase(name=rule, title=title, question=question, spec=spec, rule=rule, others=others, lesson=lesson)


def made(name: str, *, samples: int = 500, noise: float = 0.1, seed: int = 0) -> dict[str, Any]:
    """Data that is drawn at random, the same for the same `seed`."""
    return {"kind": "synthetic", "name": name, "samples": samples, "noise": noise, "seed": seed}


def dense(*units: int, activation: str = "tanh", **settings: Any) -> Layers:
    """Dense layers of so many units; ReLU starts with He's weights where `settings` have no others."""
    start = {"kernel_initializer": "he_normal"} if activation == "relu" else {}
    return [{"kind": "Dense", "units": count, "activation": activation, **start, **settings} for count in units]


def spec(
    data: Mapping[str, Any] | str,
    layers: Layers,
    *,
    optimizer: Mapping[str, Any],
    epochs: int,
    batch_size: int = 32,
    cost: Mapping[str, Any] | None = None,
    validation: float = 0.3,
    seed: int = 0,
) -> dict[str, Any]:
    """A spec as JSON. `data`: of a built-in set its name; `validation`: that share of the rows; there are none for test."""
    return {
        "data": {"kind": "builtin", "name": data} if isinstance(data, str) else dict(data),
        "split": {"validation": validation, "test": 0.0, "seed": seed},
        "layers": layers,
        "cost": {"kind": "CrossEntropy", **(cost or {})},
        "optimizer": dict(optimizer),
        "training": {"epochs": epochs, "batch_size": batch_size, "seed": seed},
    }


def adam(rate: float) -> dict[str, Any]:
    """Adam with a learning rate."""
    return {"kind": "Adam", "learning_rate": rate}
