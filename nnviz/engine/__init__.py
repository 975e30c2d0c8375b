"""The engine: from a spec and arrays to a network trained in a compiled loop. The only place that imports TensorFlow.

Every layer, cost, optimizer and schedule of the catalog is a call here: `Dense(32, activation="relu")`, `Adam(0.01)`."""

from typing import Any

from nnviz.engine import quiet  # isort: skip  # noqa: F401 - before TensorFlow is loaded
from nnviz.engine.loop.metric_sample import counts as sample_counts
from nnviz.engine.loop.session import Session, form, prepare
from nnviz.engine.loop.state import State
from nnviz.engine.metrics.evaluate import Evaluation, evaluate, predict, restore
from nnviz.engine.metrics.whole_set import Quality
from nnviz.engine.model import Model
from nnviz.engine.network.cost import CostLayer
from nnviz.engine.network.from_keras import from_keras
from nnviz.engine.network.network import Network, build, weights_from_bytes, weights_to_bytes
from nnviz.engine.network.to_keras import keras_model
from nnviz.engine.records import Change, Control, EpochRecord, Frame, Progress, Result
from nnviz.engine.training.branch import Branched, branch
from nnviz.engine.training.crossvalidate import CrossValidation, Spread, cross_validate
from nnviz.engine.training.explain import StepStory, explain
from nnviz.engine.training.rate_finder import RateSweep, find_rate
from nnviz.engine.training.train import train
from nnviz.spec import Call
from nnviz.spec.components import COMPONENTS

__all__ = [
    "Branched",
    "Change",
    "Control",
    "CostLayer",
    "CrossValidation",
    "EpochRecord",
    "Evaluation",
    "Frame",
    "Model",
    "Network",
    "Progress",
    "Quality",
    "RateSweep",
    "Result",
    "Session",
    "Spread",
    "State",
    "StepStory",
    "branch",
    "build",
    "cross_validate",
    "evaluate",
    "explain",
    "find_rate",
    "form",
    "from_keras",
    "keras_model",
    "predict",
    "prepare",
    "restore",
    "sample_counts",
    "train",
    "weights_from_bytes",
    "weights_to_bytes",
]


def __getattr__(name: str) -> Any:
    if name in COMPONENTS:
        return Call(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *COMPONENTS]
