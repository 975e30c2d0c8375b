"""The job `baselines`: simple models of scikit-learn on the rows of a run, with the same metrics on its validation rows."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz import data
from nnviz.errors import NnvizError, RequestError, RunError, Unexpected
from nnviz.jobs.worker.predictions.scores import Scores
from nnviz.store import Job, Store

MOST_VALUES = 5_000_000
"""Input values that a model is fitted on, and asked about; of more rows some are drawn."""
LEAST_ROWS = 500


class Baseliner:
    """`load` reads the data of a spec."""

    def __init__(self, store: Store, load: Callable[..., data.Prepared]) -> None:
        self.store, self._load = store, load

    def compute(self, job: Job) -> dict[str, Any]:
        """Of the job's run; see `compute`. Reports which model it is at; ends after it where it was cancelled."""
        run = self.store.runs.get(job.run or "")
        known = self.store.baselines.of(run.spec)
        if known is not None:
            return known
        prepared = self._load(run.spec)
        if "validation" not in prepared.parts:
            raise RequestError(
                "this run has no validation rows to compare on", where="split.validation", remedy="Hold some back."
            )
        document = compute(prepared, lambda name: self.store.jobs.report(job.id, {"model": name}))
        self.store.baselines.put(run.spec, document)
        return document


def compute(prepared: data.Prepared, report: Callable[[str], bool] = lambda name: True) -> dict[str, Any]:
    """Fits each model on the training rows and takes its metrics on the validation rows: {"task", "rows", "all", "models":
    [{"name", "metrics"}]}, where `rows` of `all` training rows were used. `report`: called with the name of each model before it
    is fitted; where it says False, the work ends with a RunError."""
    x, y, used = _rows(prepared, "train")
    asked, truth, _used = _rows(prepared, "validation")
    models = []
    for name, model in _models(prepared.task).items():
        if not report(name):
            raise RunError("the baselines were cancelled")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of a linear model that has not converged: it is a baseline
                fitted = model.fit(x, y)
                metrics = _metrics(prepared, fitted, asked, truth)
        except NnvizError:
            raise
        except MemoryError as error:
            raise RunError("memory ran out", remedy="Use fewer rows.") from error
        except ValueError as error:
            # one class only, for instance: the others may do
            Unexpected.logged(error, where=f"baseline {name}")
            continue
        models.append({"name": name, "metrics": metrics})
    return {"task": prepared.task, "rows": used, "all": len(prepared.parts["train"]), "models": models}


def _models(task: str) -> dict[str, Any]:
    # here, not above: scikit-learn takes a second, and a worker that starts has somebody waiting
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.multioutput import MultiOutputRegressor

    if task == "classification":
        boosting: Any = HistGradientBoostingClassifier(random_state=0)
        return {"constant": DummyClassifier(strategy="prior"), "linear": LogisticRegression(max_iter=500), "boosting": boosting}
    boosting = MultiOutputRegressor(HistGradientBoostingRegressor(random_state=0))
    return {"constant": DummyRegressor(), "linear": Ridge(), "boosting": boosting}


def _rows(prepared: data.Prepared, part: str) -> tuple[NDArray[np.float32], NDArray[Any], int]:
    """Inputs (n, inputs) and targets of a part, at most MOST_VALUES of the inputs: the rows are drawn then, in their order."""
    rows = prepared.parts[part]
    width = int(np.prod(prepared.shape))
    most = max(LEAST_ROWS, MOST_VALUES // max(1, width))
    if len(rows) <= most:
        chosen: Any = slice(0, len(rows))
    else:
        chosen = np.sort(np.random.default_rng(0).choice(len(rows), most, replace=False))
    x, y = np.asarray(rows.x[chosen]), np.asarray(rows.y[chosen])
    is_labelled = y >= 0 if prepared.task == "classification" else np.isfinite(y).all(axis=1)
    return x.reshape(len(x), width)[is_labelled], y[is_labelled], int(is_labelled.sum())


def _metrics(prepared: data.Prepared, fitted: Any, x: NDArray[np.float32], y: NDArray[Any]) -> dict[str, float]:
    """The network's own metrics but for the loss, which is that of its cost."""
    scores = Scores(prepared.encoder.target)
    nothing = np.zeros(len(x))
    if prepared.task == "classification":
        probabilities = np.zeros((len(x), prepared.outputs))
        probabilities[:, fitted.classes_] = fitted.predict_proba(x)
        scores.add(probabilities, probabilities.argmax(axis=1), y, nothing)
    else:
        scaled = fitted.predict(x).reshape(len(x), -1)
        scores.add(scaled * prepared.target_scale + prepared.target_mean, None, y, nothing)
    return {f"val_{name}": value for name, value in scores.metrics().items() if name != "loss"}
