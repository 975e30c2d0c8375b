"""Groups in a store with results as they are wanted."""

from nnviz.verdict.entrants import Entrant
from tests.pages.example_runs import spec

ROWS = {"train": 800, "validation": 200, "test": 100}


def group_of(store, values, *, metric="val_accuracy", name="", rate=0.01, failed=(), task="classification", rows=ROWS, **blocks):
    """A group of as many folds (or what `blocks` says) as there are values, with these at their end; gives its id. `failed`: the
    numbers of members, from 1, that fail."""
    blocks = blocks or {"split": {"folds": len(values)}}
    asked = spec(data=blocks.pop("data", "iris"), optimizer={"kind": "Adam", "learning_rate": rate}, **blocks)
    group = store.runs.create_group(asked, name=name)
    for run, value in zip(store.runs.group_runs(group), values, strict=True):
        attempt = store.runs.claim(run.id, pid=1)
        store.runs.set_phase(run.id, attempt, "training", info={"task": task, "rows": rows})
        status = "failed" if run.member in failed else "finished"
        store.runs.finish(run.id, attempt, status, metrics={metric: value, "loss": rate})
    return group


def entrant(store, group, name):
    return Entrant(group, name, tuple(store.runs.group_runs(group)))


def run_of(store, value, **settings):
    """The id of one run alone."""
    group = group_of(store, [value], split={"validation": 0.2}, **settings)
    return store.runs.group_runs(group)[0].id
