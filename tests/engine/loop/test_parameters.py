"""One vector instead of many variables: the same numbers in another form."""

import numpy as np
import pytest

from nnviz import engine
from nnviz.catalog import OPTIMIZERS
from nnviz.catalog.updates import update
from nnviz.engine.loop import parameters, session
from tests.engine.support import prepared, spec

LAYERS = [{"kind": "Dense", "units": 5, "activation": "tanh"}]
MORE_LAYERS = [
    *LAYERS,
    {"kind": "BatchNormalization"},
    {"kind": "Dropout", "rate": 0.2},
    {"kind": "Dense", "units": 4, "activation": {"expression": "x * sigmoid(a * x)", "constants": {"a": 1}}},
]


def trained(monkeypatch: pytest.MonkeyPatch, optimizer: dict[str, object], *, most: int) -> engine.Result:
    """The rule of an optimizer is the same for any layers: those that take long to compile go with one of them."""
    monkeypatch.setattr(parameters, "MOST_IN_ONE", most)
    run_spec = spec(MORE_LAYERS if "use_ema" in optimizer else LAYERS, optimizer=optimizer, epochs=6, batch_size=7)
    return engine.train(run_spec, prepared(), on_progress=lambda progress: None, frames=False)


@pytest.mark.parametrize(
    "optimizer",
    [
        # Momentum and Nesterov are SGD under another name, whose momentum is in the last line.
        {"kind": kind, "learning_rate": 0.01}
        for kind in sorted(OPTIMIZERS)
        if update(kind, {}).is_elementwise and kind not in ("Momentum", "Nesterov")
    ]
    + [{"kind": "Adam", "use_ema": True}, {"kind": "SGD", "clipvalue": 0.1, "momentum": 0.9, "weight_decay": 0.01}],
    ids=lambda case: "-".join(map(str, case.values())),
)
def test_a_vector_trains_to_the_same_weights(monkeypatch: pytest.MonkeyPatch, optimizer: dict[str, object]) -> None:
    apart = trained(monkeypatch, optimizer, most=0)
    together = trained(monkeypatch, optimizer, most=10**6)
    assert together.steps == apart.steps
    for one, other in zip(together.weights, apart.weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-6)
    assert together.metrics == pytest.approx(apart.metrics, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize(
    ("optimizer", "form"),
    [
        ({"kind": "Adam"}, parameters.FlatVector),
        ({"kind": "Adam", "clipnorm": 1.0}, parameters.PerVariable),
        ({"kind": "SGD", "global_clipnorm": 1.0}, parameters.PerVariable),
        ({"kind": "Lamb"}, parameters.PerVariable),
        ({"kind": "Adafactor"}, parameters.PerVariable),
        ({"kind": "Muon"}, parameters.PerVariable),
        ({"kind": "Nesterov"}, parameters.FlatVector),
        ({"kind": "AMSGrad"}, parameters.FlatVector),
    ],
    ids=str,
)
def test_what_looks_at_a_whole_variable_keeps_them_apart(optimizer: dict[str, object], form: type) -> None:
    run_spec = spec(LAYERS[:1], optimizer=optimizer)
    network = session.Session(run_spec, prepared()).network
    assert type(parameters.of(network, run_spec.optimizer)) is form
