"""The training doctor: judges what a training left behind, and says what is wrong, why, and what to do. NumPy only: no
TensorFlow, no store, no page. Whoever has a run gathers its `Evidence`; `judge` gives the findings. Imported by workers (which
gather) and by pages (which draw); start reading at `judge.py`, then `evidence.py` and one of `rules/`."""

from nnviz.doctor.evidence import (
    Change,
    DataFacts,
    Evidence,
    InputFacts,
    LabelFacts,
    LastMoments,
    LayerFacts,
    Moment,
    Points,
    RateRange,
)
from nnviz.doctor.finding import Finding, Mark, Verdict
from nnviz.doctor.judge import judge
from nnviz.doctor.rules import RULES
from nnviz.doctor.rules.rule import Rule

__all__ = [
    "RULES",
    "Change",
    "DataFacts",
    "Evidence",
    "Finding",
    "InputFacts",
    "LabelFacts",
    "LastMoments",
    "LayerFacts",
    "Mark",
    "Moment",
    "Points",
    "RateRange",
    "Rule",
    "Verdict",
    "judge",
]
