"""When a trial is behind the others, held against Optuna's own median pruner."""

import math

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState, create_trial

from nnviz.jobs.sweep.pruning import FIRST_SHARE, LEAST_OTHERS, behind

EPOCHS = 20


def curve(values):
    return [(float(epoch), float(value)) for epoch, value in enumerate(values, start=1)]


def dict_of(points):
    return {int(epoch): value for epoch, value in points}


def test_it_decides_as_optunas_median_pruner_over_random_curves():
    draw = np.random.default_rng(0)
    decisions = []
    for _ in range(60):
        others = [curve(draw.random(draw.integers(3, EPOCHS + 1))) for _ in range(draw.integers(4, 9))]
        mine = curve(draw.random(draw.integers(1, EPOCHS)))
        trial = create_trial(state=TrialState.RUNNING, intermediate_values=dict_of(mine))
        # Optuna compares with the others' values at this very epoch, we with their best until then: alike where curves only rise
        rising = [curve(np.maximum.accumulate([value for _, value in other])) for other in others]
        study = optuna.create_study(direction="maximize")
        study.add_trials(
            [create_trial(state=TrialState.COMPLETE, value=0, intermediate_values=dict_of(other)) for other in rising]
        )
        warm_up = math.ceil(FIRST_SHARE * EPOCHS)
        pruner = optuna.pruners.MedianPruner(n_startup_trials=1, n_warmup_steps=warm_up, n_min_trials=LEAST_OTHERS)
        wanted = pruner.prune(study, trial)
        late = behind(mine, others, epochs=EPOCHS, is_higher=True)
        decisions.append((wanted, late is not None))
    assert [ours for _, ours in decisions] == [theirs for theirs, _ in decisions]
    assert {theirs for theirs, _ in decisions} == {True, False}


def test_the_reason_counts():
    late = behind(curve([0.5, 0.4, 0.5]), [curve([0.6] * 5)] * 3 + [curve([0.1] * 5)] * 2, epochs=EPOCHS, is_higher=True)
    assert late is not None
    assert late.text == "Pruned at epoch 3: worse than 3 of 5 trials were at that epoch"
    assert late.value == 0.5


@pytest.mark.parametrize(
    ("mine", "others", "is_higher"),
    [
        ([0.1], [[0.9] * 20] * 6, True),  # too early
        ([0.1] * 20, [[0.9] * 20] * 6, True),  # all its epochs are done
        ([0.1] * 5, [[0.9] * 20] * 3, True),  # too few others
        ([0.1] * 5, [[0.9] * 4] * 6, True),  # none came so far
        ([0.1] * 5, [[0.1] * 20] * 6, True),  # as good as they
        ([0.1] * 5, [[0.9] * 20] * 6, False),  # a loss: lower is better
        ([], [[0.9] * 20] * 6, True),
    ],
)
def test_it_is_left_alone(mine, others, is_higher):
    assert behind(curve(mine), map(curve, others), epochs=EPOCHS, is_higher=is_higher) is None


def test_what_is_no_number_is_worst():
    assert behind(curve([math.nan] * 4), [curve([0.5] * 9)] * 4, epochs=EPOCHS, is_higher=False) is not None
