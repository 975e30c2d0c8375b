"""The gallery "Good and broken": small trainings, each one lesson, most of them with one thing wrong. `case.py` says what a case
is; the doctor names each (`python -m benchmarks.gallery`). Imported by the Train page alone."""

from nnviz.catalog.gallery.case import GalleryCase
from nnviz.catalog.gallery.sound import SOUND
from nnviz.catalog.gallery.troubles import TROUBLES

_ORDER = (
    "rate_too_high",
    "noisy_batches",
    "dead_relu",
    "underfitting",
    "overfitting",
    "slow_start",
    "rate_too_low",
    "vanishing_gradient",
    "poor_initialisation",
    "still_accuracy",
    "too_much_dropout",
    "batch_too_large",
    "exploding_gradient",
    "small_gap",
    "too_much_regularization",
    "saturated",
)
_BY_NAME = {case.name: case for case in (*TROUBLES, *SOUND)}
CASES: dict[str, GalleryCase] = {name: _BY_NAME[name] for name in _ORDER}
"""By name, in the order of the menu: sound ones among the others, and what is easy to see first."""

__all__ = ["CASES", "GalleryCase"]
