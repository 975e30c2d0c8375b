"""A run for the supervisor to look after."""

from nnviz.spec import RunSpec

SPEC = RunSpec.parse(
    {"data": {"kind": "builtin", "name": "iris"}, "layers": [], "cost": {"kind": "CrossEntropy"}, "optimizer": {"kind": "SGD"}}
)


def training(store, worker):
    """A run that `worker` trains."""
    run_id = store.runs.create(SPEC)
    store.jobs.add("train", run_id=run_id)
    store.workers.beat(worker, pid=4711, host="here", state="idle")
    store.jobs.claim(worker, training_at_once=1)
    store.runs.claim(run_id, pid=4711)
    return run_id
