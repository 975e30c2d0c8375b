"""What a stack of layers makes of its input: shapes, parameters, memory and the first layer that does not fit.

No TensorFlow: the catalog's `build` functions agree with Keras, so a page can show all this at every key press.
"""

from nnviz.stack.planner import MAX_PARAMETERS, plan
from nnviz.stack.rows import BYTES, Plan, PlanRow

__all__ = ["BYTES", "MAX_PARAMETERS", "Plan", "PlanRow", "plan"]
