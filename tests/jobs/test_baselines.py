"""Simple models on a run's rows: their metrics are scikit-learn's, they are computed once, and a network is held against them."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, balanced_accuracy_score, mean_absolute_error, r2_score, roc_auc_score

from nnviz import data
from nnviz.errors import RequestError, RunError
from nnviz.jobs.worker import baselines as worker
from nnviz.spec import RunSpec
from nnviz.verdict import baselines


def spec(name, **split):
    cost = "MeanSquaredError" if name == "diabetes" else "CrossEntropy"
    return RunSpec.parse(
        {
            "data": {"kind": "builtin", "name": name},
            "layers": [],
            "cost": {"kind": cost},
            "optimizer": {"kind": "Adam"},
            "split": split,
        }
    )


def test_classes_are_judged_as_scikit_learn_does():
    prepared = data.load(spec("wine"))
    train, validation = prepared.parts["train"], prepared.parts["validation"]
    document = worker.compute(prepared)
    by_name = {model["name"]: model["metrics"] for model in document["models"]}
    assert list(by_name) == ["constant", "linear", "boosting"]
    commonest = np.bincount(train.y).argmax()
    assert by_name["constant"]["val_accuracy"] == pytest.approx(np.mean(validation.y == commonest))
    for name, model in (
        ("linear", LogisticRegression(max_iter=500)),
        ("boosting", HistGradientBoostingClassifier(random_state=0)),
    ):
        model.fit(train.x, train.y)
        picked = model.predict(validation.x)
        assert by_name[name]["val_accuracy"] == pytest.approx(accuracy_score(validation.y, picked))
        assert by_name[name]["val_balanced_accuracy"] == pytest.approx(balanced_accuracy_score(validation.y, picked))
        auc = roc_auc_score(validation.y, model.predict_proba(validation.x), multi_class="ovr")
        assert by_name[name]["val_roc_auc"] == pytest.approx(auc, abs=1e-6)


def test_numbers_are_judged_in_their_own_unit():
    prepared = data.load(spec("diabetes"))
    train, validation = prepared.parts["train"], prepared.parts["validation"]
    by_name = {model["name"]: model["metrics"] for model in worker.compute(prepared)["models"]}

    def own(scaled):
        return scaled * prepared.target_scale + prepared.target_mean

    predicted = own(Ridge().fit(train.x, train.y).predict(validation.x).reshape(-1, 1))
    assert by_name["linear"]["val_r2"] == pytest.approx(r2_score(own(validation.y), predicted), abs=1e-5)
    assert by_name["linear"]["val_mae"] == pytest.approx(mean_absolute_error(own(validation.y), predicted), rel=1e-5)
    mean = np.full_like(own(validation.y), own(train.y).mean())
    assert by_name["constant"]["val_r2"] == pytest.approx(r2_score(own(validation.y), mean), abs=1e-5)


def test_they_are_computed_once_for_all_runs_on_the_same_rows(store, monkeypatch):
    monkeypatch.setattr(store.jobs, "report", lambda job, progress: True)
    loads = []

    def load(asked):
        loads.append(asked)
        return data.load(asked)

    baseliner = worker.Baseliner(store, load)
    first, second = (store.runs.create(spec("iris").with_("optimizer.learning_rate", rate)) for rate in (0.1, 0.01))
    fold = store.runs.create(spec("iris", folds=5, fold=2))
    documents = [baseliner.compute(store.jobs.get(store.jobs.add("baselines", run_id=run))) for run in (first, second, fold)]
    assert documents[0] == documents[1] == store.baselines.of(store.runs.get(second).spec)
    assert len(loads) == 2


def test_a_cancelled_job_ends_and_rows_are_needed(store):
    prepared = data.load(spec("iris"))
    names = []
    with pytest.raises(RunError):
        worker.compute(prepared, lambda name: names.append(name) is None and len(names) < 2)
    assert names == ["constant", "linear"]
    run = store.runs.create(spec("iris", validation=0))
    with pytest.raises(RequestError):
        worker.Baseliner(store, data.load).compute(store.jobs.get(store.jobs.add("baselines", run_id=run)))


def test_of_many_rows_some_are_drawn(monkeypatch):
    monkeypatch.setattr(worker, "MOST_VALUES", 40)
    monkeypatch.setattr(worker, "LEAST_ROWS", 10)
    document = worker.compute(data.load(spec("iris")))
    assert (document["rows"], document["all"]) == (10, 90)


@pytest.mark.parametrize(("own", "is_beaten"), [(0.9, True), (0.95, True), (0.951, False)])
def test_a_network_that_is_no_better_is_beaten(store, own, is_beaten):
    run = store.runs.get(store.runs.create(spec("iris")))
    run = replace(run, metrics={"val_accuracy": own}, info={"task": "classification"})
    models = [{"name": "linear", "metrics": {"val_accuracy": 0.95}}, {"name": "constant", "metrics": {"val_accuracy": 0.3}}]
    standing = baselines.standing(run, {"models": models})
    assert (standing.is_beaten, standing.name, standing.best) == (is_beaten, "Logistic regression", 0.95)
    assert baselines.standing(replace(run, metrics={}), {"models": models}) is None
