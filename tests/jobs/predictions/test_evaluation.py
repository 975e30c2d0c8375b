"""A trained network on labelled rows: each row's own loss, by the run's cost and by others."""

import numpy as np
import pytest

from nnviz.errors import RequestError, SpecError
from tests.jobs.predictions.flowers import flowers, job


def test_evaluate_ranks_rows_by_their_own_loss(place):
    answer = place.answerer.evaluate(job("evaluate", place.classifier, path=str(place.path)))
    losses = [row[-1] for row in answer["worst"]]
    assert losses == sorted(losses, reverse=True)
    assert len(losses) == 150
    assert np.mean(losses) == pytest.approx(answer["metrics"]["loss"], rel=1e-5)
    first = answer["worst"][0]
    share = first[answer["columns"].index(f"probability_{first[-2]}")]
    assert losses[0] == pytest.approx(-np.log(share), rel=1e-3)


@pytest.mark.parametrize(
    ("cost", "formula"),
    [
        ("MeanSquaredError", lambda y, p: ((y - p) ** 2).mean(1)),
        ("MeanAbsoluteError", lambda y, p: np.abs(y - p).mean(1)),
        ("CategoricalHinge", lambda y, p: np.maximum(0, 1 + ((1 - y) * p).max(1) - (y * p).sum(1))),
    ],
)
def test_another_cost_is_calculated_on_the_same_predictions(place, cost, formula):
    answer = place.answerer.evaluate(job("evaluate", place.classifier, path=str(place.path), cost=cost))
    network, encoder = place.network(place.classifier)
    frame = flowers()
    p = np.asarray(network(encoder.transform(frame)), dtype=float)
    y = np.eye(3)[encoder.transform_target(frame)]
    assert answer["metrics"]["loss"] == pytest.approx(formula(y, p).mean(), rel=1e-4)


def test_a_cost_without_scaling_is_calculated_in_the_targets_unit(place):
    answer = place.answerer.evaluate(job("evaluate", place.regression, path=str(place.path), cost="MeanAbsolutePercentageError"))
    network, encoder = place.network(place.regression)
    frame = flowers()
    own = np.asarray(network(encoder.transform(frame)), dtype=float)[:, 0] * encoder.target.scale[0] + encoder.target.mean[0]
    truth = frame["size"].to_numpy()
    assert answer["metrics"]["loss"] == pytest.approx(100 * np.abs((truth - own) / truth).mean(), rel=1e-3)


def test_a_cost_of_the_other_task_or_unknown_is_refused(place):
    for cost, error in (("Poisson", RequestError), ("NoSuchCost", SpecError), ("Expression", RequestError)):
        with pytest.raises(error):
            place.answerer.evaluate(job("evaluate", place.classifier, path=str(place.path), cost=cost))
