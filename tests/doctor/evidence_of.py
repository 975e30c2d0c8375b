"""Evidence made by hand: a sound training of two classes, and what tests change of it."""

import numpy as np

from nnviz.doctor import DataFacts, Evidence, LayerFacts, Moment, Points
from nnviz.spec import RunSpec

SPEC = RunSpec.parse(
    {
        "data": {"kind": "synthetic", "name": "moons", "samples": 400},
        "layers": [{"kind": "Dense", "units": 8, "activation": "relu", "kernel_initializer": "he_normal"}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.01},
        "training": {"epochs": 40, "batch_size": 32},
    }
)
EPOCHS, EACH = 40, 10
BASELINE = float(np.log(2))


def by_epoch(values):
    epoch = np.arange(1, len(values) + 1, dtype=float)
    return Points(epoch * EACH, epoch, np.asarray(values, float))


def falling(start=BASELINE, end=0.02, *, epochs=EPOCHS, noise=0.002, seed=0):
    """A loss that halves again and again until it is near its end."""
    way = end + (start - end) * 0.8 ** np.arange(epochs)
    return way + noise * np.random.default_rng(seed).standard_normal(epochs)


def layer(path="layers[0]", *, weights=2.0, gradient=0.2, update=0.02, dead=0.1, saturated=None, activation="relu"):
    return LayerFacts(
        path=path,
        title="Dense 8",
        activation=activation,
        count=24,
        weights=weights,
        gradient=gradient,
        update=update,
        units=8,
        dead=dead,
        saturated=saturated,
    )


def moments(*layers, steps=(0, 10, 100, 400), loss=0.8):
    every = layers or (layer(), layer("cost", dead=None, activation="softmax", saturated=0.0))
    return tuple(Moment(step=step, epoch=step / EACH, loss=loss, penalty=0.0, layers=tuple(every)) for step in steps)


def facts(**more):
    shares = np.array([0.5, 0.5])
    fields = {
        "task": "classification",
        "shape": (2,),
        "outputs": 2,
        "rows": {"train": 320, "validation": 80},
        "class_shares": {"train": shares, "validation": shares},
        "baseline_loss": {"train": BASELINE, "validation": BASELINE},
    }
    return DataFacts(**fields | more)


def sound(**more):
    fields = {
        "spec": SPEC,
        "status": "finished",
        "step": EPOCHS * EACH,
        "epoch": float(EPOCHS),
        "epochs": {
            "loss": by_epoch(falling()),
            "val_loss": by_epoch(falling(seed=1)),
            "accuracy": by_epoch(np.linspace(0.6, 0.99, EPOCHS)),
            "val_accuracy": by_epoch(np.linspace(0.6, 0.98, EPOCHS)),
        },
        "data": facts(),
        "moments": moments(),
        "recorded": tuple(range(1, EPOCHS * EACH + 1)),
    }
    return Evidence(**fields | more)


def losses(train, held_out, score=0.5):
    """Metrics by epoch of a training with these losses."""
    flat = by_epoch(np.full(len(train), score))
    return {"loss": by_epoch(train), "val_loss": by_epoch(held_out), "accuracy": flat, "val_accuracy": flat}
