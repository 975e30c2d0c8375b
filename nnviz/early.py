"""What `python -m nnviz train` does before it is itself loaded, which takes a second: an idle worker of a dashboard begins to
build and compile the spec's network. A guess, by the standard library alone: nothing is said of what is wrong here, the worker
finds out for itself, and no run takes anything from it but the prepared network, which it would be given anyhow.

Only for plain stacks whose network the arguments leave as it is, and data that needs no file of the user."""

import json
import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

STRONG_WORK = 4096
"""As in `spec/tuning.py`."""
_WITHOUT_WEIGHTS = ("Dropout", "Activation", "GaussianNoise", "Flatten")
_LEAVE_IT = ("training.epochs", "training.seed", "optimizer.learning_rate", "name")
_MOST_BYTES = 100_000
_IDLE = "SELECT 1 FROM workers WHERE state = 'idle' AND coalesce(nullif(tuning, ''), 'quick') = ? AND heartbeat > ?"
_ASKED = (
    'INSERT INTO jobs (kind, run, payload, "key", status, prefers, created, needs)'
    " VALUES ('prepare', NULL, ?, ?, 'queued', '', ?, ?)"
)


def key() -> str:
    """What the job of this process is called: the run that is queued while it is done waits for the worker that does it."""
    return f"early-{os.getpid()}"


def prepare(arguments: Sequence[str]) -> None:
    """Asks for it where a store of a dashboard is at its usual place and a worker idles there. Raises nothing."""
    with suppress(Exception):
        spec = _spec(arguments)
        needs = _tuning(spec) if spec is not None else None
        place = Path(os.environ.get("NNVIZ_HOME") or ".nnviz") / "nnviz.db"
        if needs is None or os.environ.get("NNVIZ_STORE") or os.environ.get("NNVIZ_HERE") or not place.is_file():
            return
        url = f"{place.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(url, uri=True, timeout=0.2, isolation_level=None)) as store:
            now = time.time()
            if store.execute(_IDLE, (needs, now - 5.0)).fetchone():
                store.execute(_ASKED, (json.dumps({"spec": spec}), key(), now, needs))


def _spec(arguments: Sequence[str]) -> Any:
    """The spec's own words; None where they may not be those that are trained."""
    if not arguments or arguments[0] != "train":
        return None
    path, rest = None, list(arguments[1:])
    while rest:
        word = rest.pop(0)
        if word == "--set":
            if rest.pop(0).partition("=")[0].strip() not in _LEAVE_IT:
                return None
        elif word in ("--json", "--quiet", "-q", "--worker"):
            continue
        elif word.startswith("-") or path is not None:
            return None
        else:
            path = Path(word)
    if path is None or not path.is_file() or path.stat().st_size > _MOST_BYTES:
        return None
    return json.loads(path.read_bytes())


def _tuning(spec: Any) -> str | None:
    """What `tuning_of` says of a plain stack; None for any other, and for data that is not at hand."""
    split, training = spec.get("split", {}), spec.get("training", {})
    if spec["data"]["kind"] == "file" or spec.get("from") or {"folds", "repeats"} & {*split, *training}:
        return None
    if any(layer["kind"] not in ("Dense", *_WITHOUT_WEIGHTS) for layer in spec["layers"]):
        return None
    units = sum(layer["units"] for layer in spec["layers"] if layer["kind"] == "Dense")
    return "strong" if training.get("batch_size", 32) * units >= STRONG_WORK else "quick"
