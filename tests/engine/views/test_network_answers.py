"""What a unit is worth in the picture of a network, against NumPy."""

import numpy as np
import pytest

from tests.engine.support import prepared
from tests.engine.views.test_network_picture import picture

LEFT_OUT = [{"kind": "Dense", "units": 4, "activation": "tanh"}, {"kind": "Dense", "units": 3, "activation": "sigmoid"}]


def test_the_mean_output_by_class_and_the_loss_without_a_unit_are_those_of_numpy():
    data = prepared(outputs=3)
    network, body = picture(data, LEFT_OUT)
    part = data.parts["validation"]
    w1, b1, w2, b2, w3, b3 = network.values
    hidden = np.tanh(part.x @ w1 + b1)

    def loss(hidden):
        raw = 1 / (1 + np.exp(-(hidden @ w2 + b2))) @ w3 + b3
        raw -= raw.max(axis=1, keepdims=True)
        return -(raw - np.log(np.exp(raw).sum(axis=1, keepdims=True)))[np.arange(len(part.y)), part.y].mean()

    for unit in body["layers"][0]["units"]:
        for kind, mean in enumerate(unit["by_class"]):
            own = hidden[part.y == kind, unit["index"]]
            assert mean is None if not len(own) else mean == pytest.approx(own.mean(), abs=1e-6)
    assert "without" not in body
    assert body["row_costs"]["mean"] == pytest.approx(loss(hidden), rel=1e-5)
    for index in range(4):
        _, body = picture(data, LEFT_OUT, unit={"key": "layers[0]", "index": index})
        muted = hidden.copy()
        muted[:, index] = 0
        assert body["without"] == {"key": "layers[0]", "index": index, "mean": pytest.approx(loss(muted), rel=1e-5)}
        assert body["row_costs"]["mean"] == pytest.approx(loss(hidden), rel=1e-5)


@pytest.mark.parametrize("how", ["concatenate", "add"])
def test_a_unit_inside_of_a_block_is_left_out_on_its_branch_alone(how):
    data = prepared()
    branches = [[{"kind": "Dense", "units": 3, "activation": "relu"}], [{"kind": "Dense", "units": 3, "activation": "tanh"}]]
    layers = [{"kind": "Parallel", "join": how, "branches": branches}]
    network, body = picture(data, layers, unit={"key": "layers[0].branches[1][0]", "index": 2})
    part = data.parts["validation"]
    w1, b1, w2, b2, w3, b3 = network.values
    first, second = np.maximum(part.x @ w1 + b1, 0), np.tanh(part.x @ w2 + b2)
    second[:, 2] = 0
    raw = (np.concatenate([first, second], axis=1) if how == "concatenate" else first + second) @ w3 + b3
    costs = np.log(np.exp(raw).sum(axis=1)) - raw[np.arange(len(part.y)), part.y]
    assert body["without"]["mean"] == pytest.approx(costs.mean(), rel=1e-5)
