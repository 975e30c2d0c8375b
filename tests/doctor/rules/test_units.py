"""Since when units are dead: what recorded moments can tell."""

from dataclasses import replace

import numpy as np
import pytest

from nnviz.doctor import RULES
from tests.doctor.evidence_of import EPOCHS, layer, losses, moments, sound

POOR = losses(np.full(EPOCHS, 0.6), np.full(EPOCHS, 0.6), 0.7)


@pytest.mark.parametrize(
    ("dead", "since"),
    [
        ((0.9, 0.9, 0.9, 0.9), 0),
        ((0.1, 0.1, 0.9, 0.9), 100),
        ((0.1, 0.1, 0.2, 1.0), 400),
        # at the last moment some are back: the first of those before it counts
        ((0.1, 0.9, 1.0, 0.3), 10),
    ],
)
def test_dead_units_begin_at_the_first_moment_at_which_they_were_seen(dead, since):
    looked_at = tuple(
        replace(moment, layers=(layer(dead=share), layer("cost", dead=None)))
        for moment, share in zip(moments(), dead, strict=True)
    )
    verdict = RULES["dead_relu"].judge(sound(epochs=POOR, moments=looked_at))
    assert verdict.since == since
