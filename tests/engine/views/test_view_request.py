from types import SimpleNamespace

import pytest

from nnviz.engine.views.view_request import ViewRequest
from nnviz.errors import RequestError


def asked(**choice) -> ViewRequest:
    nothing = SimpleNamespace()
    return ViewRequest(nothing, nothing, nothing, nothing, choice)  # type: ignore[arg-type]


def test_a_choice_is_an_index_or_the_default():
    assert asked(row=3).index("row", of=4) == 3
    assert asked().index("row", of=4) == 0
    assert asked(row=None).index("row", of=4, default=2) == 2


@pytest.mark.parametrize("value", [-1, 4, 1.0, "1", True, [1], {"a": 1}, "x" * 1000])
def test_a_choice_that_is_none_of_them_is_refused_with_the_bound(value):
    with pytest.raises(RequestError, match="row is one of 4, from 0; got"):
        asked(row=value).index("row", of=4)
