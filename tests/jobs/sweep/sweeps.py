"""A sweep and its trials, trained by nobody: tests write what a worker would."""

from nnviz.spec import RunSpec

RATE = "optimizer.learning_rate"


def spec(vary=None, *, epochs=10, **sweep):
    return RunSpec.parse(
        {
            "data": {"kind": "synthetic", "name": "moons"},
            "layers": [{"kind": "Dense", "units": 4}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "SGD"},
            "training": {"epochs": epochs},
            "sweep": {"vary": vary or {RATE: {"log": [0.001, 1.0]}}, "goal": "val_accuracy", **sweep},
        }
    )


def train(store, run_id, values, *, name="val_accuracy", status="finished", error=None):
    """The values of a metric after each epoch; then the run ends, unless `status` is empty."""
    attempt = store.runs.claim(run_id, pid=1)
    rows = [(float(epoch), epoch, 0.1 * epoch, {name: value}) for epoch, value in enumerate(values, start=1)]
    store.series.append(run_id, attempt, step=len(rows), epoch=len(rows), seconds=1.0, epochs_=rows)
    if status:
        store.runs.finish(run_id, attempt, status, error=error)


def waiting(store, group_id):
    return [head.run for head in store.sweeps.heads(group_id) if head.status == "queued"]
