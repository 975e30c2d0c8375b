"""Which numbers of a run may be changed while it trains, and what its spec says of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nnviz.catalog import LAYERS, OPTIMIZERS
from nnviz.catalog.param import Param
from nnviz.catalog.weights import PROJECTION
from nnviz.spec.expansion import expand
from nnviz.spec.run import RunSpec

RATE = "optimizer.learning_rate"
BATCH_SIZE = "training.batch_size"


def changeable(spec: RunSpec) -> dict[str, float]:
    """The path of each number with its value: what the catalog calls tunable, and the batch size. Of those that are inputs of
    the compiled loop one that is 0 is left out: the network is then built without what it would act on. Copies of a Repeat
    share a path, and the value of the first."""
    numbers = dict(_numbers("optimizer", OPTIMIZERS[spec.optimizer.kind].params, spec.optimizer.params))
    for path, layer in expand(spec.layers):
        for name, value in _numbers(path, LAYERS[layer.kind].params, layer.params):
            numbers.setdefault(name, value)
    if spec.cost.project:
        numbers |= _numbers("cost", PROJECTION, spec.cost.params)
    return numbers | {BATCH_SIZE: spec.training.batch_size}


def _numbers(path: str, params: Iterable[Param], values: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for param in params:
        value = values[param.name]
        if not param.tunable or value is None:
            continue
        numbers = {f"{path}.{param.name}": value}
        if param.type == "part":
            numbers = {
                f"{path}.{param.name}.{part.name}": value.get(part.name, part.default) for part in param.parts[value["kind"]]
            }
        yield from ((name, float(number)) for name, number in numbers.items() if number or param.tunable == "compiled")
