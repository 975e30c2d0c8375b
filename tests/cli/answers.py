"""A spec, and what a refused command answers."""

SPEC = {
    "data": {"kind": "builtin", "name": "iris"},
    "layers": [{"kind": "Dense", "units": 4}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam"},
}


def refused(answer, *words, code=2):
    assert answer[0] == code, answer
    for word in words:
        assert word in answer[1], answer
