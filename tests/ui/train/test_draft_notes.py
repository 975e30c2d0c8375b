"""Of no preset on a data set that comes along anything is said before it is trained."""

import pytest

from nnviz.catalog import PRESETS
from nnviz.catalog.datasets import DATASETS
from nnviz.doctor import judge
from nnviz.spec import RunSpec
from nnviz.ui.common import session
from nnviz.ui.train.draft_notes import evidence_of

MADE = ("spirals", "circle", "xor", "gaussians", "moons", "plane", "gauss_regression")


@pytest.mark.parametrize("name", DATASETS)
def test_presets_are_left_alone(name):
    facts = session.dataset_facts(name)
    cost = "CrossEntropy" if facts.task == "classification" else "MeanSquaredError"
    for preset in PRESETS:
        spec = RunSpec.parse(
            {
                "data": {"kind": "synthetic" if name in MADE else "builtin", "name": name},
                "layers": [dict(layer) for layer in session.stack_for(preset, facts.shape)],
                "cost": {"kind": cost},
                "optimizer": {"kind": "Adam"},
            }
        )
        assert [finding.text for finding in judge(evidence_of(spec, facts))] == []
