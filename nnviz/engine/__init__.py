"""The engine: from a spec and arrays to a network trained in a compiled loop. The only place that imports TensorFlow."""

from nnviz.engine import flags as flags  # sets the environment that TensorFlow reads when the next lines load it
from nnviz.engine.cost import CostLayer
from nnviz.engine.evaluate import Evaluation, evaluate, predict, restore
from nnviz.engine.network import Network, build, weights_from_bytes, weights_to_bytes
from nnviz.engine.records import Control, EpochRecord, Frame, Progress, Result
from nnviz.engine.session import Session, form, prepare
from nnviz.engine.train import train

__all__ = [
    "Control", "CostLayer", "EpochRecord", "Evaluation", "Frame", "Network", "Progress", "Result", "Session", "build",
    "evaluate", "form", "predict", "prepare", "restore", "train",
    "weights_from_bytes", "weights_to_bytes",
]
