"""Numbers as the command line writes them."""

import pytest

from nnviz.cli.printing import seconds_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (4e-5, "< 0.001 s"), (0.0412, "0.041 s"), (0.5, "0.5 s"), (12.34, "12.3 s"), (3600, "3600.0 s")],
)
def test_a_short_time_is_not_none(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text
