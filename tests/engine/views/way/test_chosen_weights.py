"""What the arrays of weights are called: copies of a Repeat and parts of attention are told apart."""

from nnviz import engine
from nnviz.engine.views.way.chosen_weights import variables_of
from tests.engine.support import spec


def arrays(layers, *, shape):
    run_spec = spec(layers)
    network = engine.build(run_spec.layers, run_spec.cost, task="classification", shape=shape, outputs=3, seed=1)
    return [
        (variable["layer"], variable["array"], variable["part"], variable["copy"], variable["copies"])
        for variable in variables_of(network)
        if variable["layer"]
    ]


def test_copies_of_a_repeat_are_counted():
    twice = {"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": 4}]}
    assert arrays([{"kind": "Dense", "units": 3}, twice], shape=(4,)) == [
        ("1", "kernel", "", 1, 1),
        ("1", "bias", "", 1, 1),
        ("2.1", "kernel", "", 1, 2),
        ("2.1", "bias", "", 1, 2),
        ("2.1", "kernel", "", 2, 2),
        ("2.1", "bias", "", 2, 2),
    ]


def test_parts_of_attention_have_their_names():
    attention = [{"kind": "MultiHeadAttention", "num_heads": 2, "key_dim": 3}, {"kind": "Flatten"}]
    parts = ("query", "key", "value", "attention_output")
    assert arrays(attention, shape=(5, 2)) == [("1", array, part, 1, 1) for part in parts for array in ("kernel", "bias")]
