"""Takes the cost, the optimizer and the layers of this folder through all of nnviz; run in a copy of it that has them."""

import keras
import numpy as np

from nnviz import catalog, engine, memory
from nnviz.catalog import COSTS, LAYERS, OPTIMIZERS
from nnviz.engine.loop import parameters
from nnviz.engine.loop.live_scalars import LiveScalars
from nnviz.engine.loop.state import State
from nnviz.spec import RunSpec
from nnviz.spec.tunable import BATCH_SIZE, RATE, changeable
from nnviz.stack import plan
from nnviz.ui.common.param_fields import is_rare
from nnviz.ui.train import stack_catalog
from tests.engine.support import prepared, same, spec
from tests.export.test_walk import agrees

LAYERS_GIVEN = [
    {"kind": "Dense", "units": 4},
    {"kind": "PReLU", "alpha_regularizer": {"kind": "L2", "l2": 0.125}},
    {"kind": "GaussianDropout", "rate": 0.25},
    {"kind": "RepeatVector", "n": 2},
    {"kind": "Flatten"},
]
COST = {"kind": "Cauchy", "width": 2.0}
SPEC = spec(LAYERS_GIVEN, cost=COST, optimizer={"kind": "HeavyBall"}, epochs=4)
DATA = prepared()


def in_spec_and_interface() -> None:
    assert RunSpec.parse(SPEC.to_json()) == SPEC
    assert {"Cauchy", "HeavyBall", "PReLU", "GaussianDropout"} <= set(RunSpec.model_json_schema()["$defs"])
    assert spec([engine.PReLU()], cost=engine.Cauchy(width=3), optimizer=engine.HeavyBall(0.1)).cost.width == 3
    offered = stack_catalog.catalog("classification", (3,))
    assert offered["costs"]["Cauchy"]["formula"] == COSTS["Cauchy"].formula
    assert offered["layers"]["GaussianDropout"]["start"] == {"rate": 0.2}
    assert [param["name"] for param in offered["layers"]["PReLU"]["params"] if param["rare"]][:3] == [
        "alpha_initializer",
        "alpha_regularizer",
        "alpha_constraint",
    ]
    assert not is_rare(OPTIMIZERS["HeavyBall"].params[0])
    assert list(LAYERS)[-3:] == ["PReLU", "GaussianDropout", "RepeatVector"]  # behind those that were there
    assert not catalog.own_changed()


def planned_and_measured() -> None:
    rows = plan(SPEC.layers, (3,), outputs=3, cost=SPEC.cost)
    assert rows.error is None
    network = engine.build(SPEC.layers, SPEC.cost, task="classification", shape=(3,), outputs=3)
    assert rows.parameters == network.count_params() == 3 * 4 + 4 + 4 + 8 * 3 + 3
    assert memory.slots(SPEC.optimizer) == 1
    need = memory.need(rows, optimizer=SPEC.optimizer, batch=1)
    assert need.optimizer == 4 * rows.trainable
    assert need.outputs == 4 * (4 + 4 + 8 + 3)  # of Dense, PReLU, RepeatVector and the projection; the others pass theirs on


def trained_and_branched() -> None:
    states: list[State] = []
    session = engine.prepare(SPEC, DATA)
    result = engine.train(
        SPEC, DATA, frames=False, keep="all", session=session, on_progress=lambda progress: states.extend(progress.states)
    )
    assert np.isfinite(result.metrics["loss"])
    again = engine.train(SPEC, DATA, frames=False, session=session, on_progress=lambda progress: None)
    assert same(again.weights, result.weights)  # what is drawn follows from the seed
    still = SPEC.with_("layers[2].rate", 1e-6)
    assert not same(engine.train(still, DATA, frames=False, on_progress=lambda progress: None).weights, result.weights)
    half = next(state for state in states if state.step == 6)
    more = SPEC.with_("optimizer.momentum", 0.5)
    branched = engine.branch(half, parent=SPEC, spec=more, prepared=DATA)
    assert branched.notes == ()  # weights and velocities carry over
    plain = SPEC.with_("optimizer", {"kind": "SGD", "momentum": 0.9})
    assert engine.branch(half, parent=SPEC, spec=plain, prepared=DATA).notes == ()


def changed_and_explained() -> None:
    data = prepared("regression")
    session = engine.Session(SPEC, data)
    assert isinstance(session.loop.parameters, parameters.FlatVector)
    offered = {name: value for name, value in changeable(SPEC).items() if name not in (RATE, BATCH_SIZE)}
    taken = LiveScalars(session.network, session.loop.optimizer).values
    assert taken == {"optimizer.momentum": 0.9, "layers[1].alpha_regularizer.l2": 0.125}
    assert offered == taken | {"layers[2].rate": 0.25}  # which is compiled anew
    train = data.parts["train"]
    for variable in ("layers[0].kernel", "layers[1].alpha"):
        session.loop.run(0, 2, seed=0, rate=0.05, record_every=2**31 - 1)
        story = engine.explain(session, train.x, train.y, step=2, seed=0, rate=0.05, variable=variable)
        assert [line.symbol for line in story.lines] == ["v", "w"]
        np.testing.assert_allclose(story.lines[-1].value, story.after, rtol=1e-5)
    # each row's own cost, by hand from the answers that the step gave
    by_hand = np.log(1 + ((story.targets - story.answers) / 2) ** 2).mean(axis=1)
    np.testing.assert_allclose(story.costs, by_hand, rtol=1e-4)


def exported() -> None:
    own = engine.from_keras(keras.layers.GaussianDropout(0.3))
    assert (own.kind, own.rate) == ("GaussianDropout", 0.3)
    agrees(LAYERS_GIVEN, (3,), cost=COST, optimizer={"kind": "HeavyBall"})


if __name__ == "__main__":
    for part in (in_spec_and_interface, planned_and_measured, trained_and_branched, changed_and_explained, exported):
        part()
    print("through")
