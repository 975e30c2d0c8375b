"""The small expression language of activations, costs and varying parameters: `x * sigmoid(1.7 * x)`.

An allow-list over Python's own parser: names that the caller gives, numbers, `+ - * / **`, unary minus, comparisons and
calls of the functions listed here; no attributes, subscripts, texts or keywords. One expression is evaluated with NumPy
to be drawn and with Keras to be trained: `ops` maps the function names to callables, operators are Python's own. A
comparison is cast to 0. or 1. by `ops["cast"]`; `where(c, a, b)` takes a wherever c is not 0.
"""

from nnviz.catalog.expression.evaluation import NUMPY, Expression
from nnviz.catalog.expression.language import ARGUMENTS, CONSTANTS, FUNCTIONS, MAX_DEPTH, MAX_LENGTH
from nnviz.catalog.expression.parser import parse

__all__ = ["ARGUMENTS", "CONSTANTS", "FUNCTIONS", "MAX_DEPTH", "MAX_LENGTH", "NUMPY", "Expression", "parse"]
