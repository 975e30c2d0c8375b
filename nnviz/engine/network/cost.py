"""The cost: the last layer of every stack, a layer whose activation has been swapped for a cost."""

from collections.abc import Mapping
from typing import Any, Literal

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import NDArray

from nnviz.catalog import COSTS
from nnviz.catalog.expression import parse
from nnviz.catalog.weights import PROJECTION
from nnviz.engine.network.expression import KERAS
from nnviz.engine.network.layers import dense_parts
from nnviz.spec import check_cost, class_weight_list

Reduction = Literal["mean", "sum", "none"]
TRANSFORMS: Mapping[str, Any] = {
    "softmax": lambda x: ops.softmax(x, axis=-1),
    "sigmoid": ops.sigmoid,
    "softplus": ops.softplus,
    "identity": lambda x: x,
}
BATCH = 8192
"""Rows a call of `calculate` when arrays are given without a batch size."""


class CostLayer(keras.layers.Layer):
    """Projects to the target's width and, with targets, gives the loss.

    `cost(x)` gives the raw outputs (logits), float (n, columns); `cost(x, y)` the loss, a scalar;
    `transform(logits)` the outputs that predictions are. For k classes y is int (n,), for t target columns float (n, t).
    `columns` is k or t, or 1 for two classes under a sigmoid. With class weights a row counts by its class's weight;
    the mean stays one over the number of rows, as in Keras. Initializers and regularizers of the
    projection are given as in a spec; what the latter penalise is no part of the loss.

    Always: `cost(x, y) == cost.calculate(y, cost.logits(x))`. Raises SpecError for a cost that does not fit the task."""

    def __init__(
        self,
        kind: str,
        *,
        task: str,
        outputs: int,
        transform: str | None = None,
        project: bool = True,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Mapping[str, Any] | None = None,
        bias_regularizer: Mapping[str, Any] | None = None,
        class_weight: NDArray[np.float32] | None = None,
        params: Mapping[str, Any] | None = None,
        seed: int = 0,
        index: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(**({"name": "cost"} | options))
        check_cost(kind, task=task, outputs=outputs)
        self.entry = COSTS[kind]
        self.kind, self.task, self.outputs = kind, task, outputs
        self.transform_name = transform or self.entry.transform[task]
        self.columns = self.entry.width(outputs, self.transform_name) if task == "classification" else outputs
        self.params = {param.name: param.default for param in self.entry.params if not param.required} | dict(params or {})
        self.class_weight = class_weight
        weights = {
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer,
            "bias_regularizer": bias_regularizer,
        }
        self.projection = (
            keras.layers.Dense(self.columns, use_bias=use_bias, name="projection", **dense_parts(weights, seed, index))
            if project
            else None
        )
        self._row_cost = self._chosen_row_cost()

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Build the projection for inputs (None, width). Raises ValueError where there is none and the width is not `columns`."""
        if self.projection is not None:
            self.projection.build(input_shape)
        elif tuple(input_shape[1:]) != (self.columns,):
            raise ValueError(f"without a projection the input must be {self.columns} wide; got {input_shape[1:]}")
        self.built = True

    def call(self, x: Any, y: Any = None) -> Any:
        """The raw outputs for x (n, width), or with targets `y` their mean loss."""
        logits = self.logits(x)
        return logits if y is None else self.calculate(y, logits)

    def logits(self, x: Any) -> Any:
        """The raw outputs, float (n, columns)."""
        return x if self.projection is None else self.projection(x)

    def transform(self, logits: Any) -> Any:
        """The outputs as predictions: probabilities under softmax and sigmoid; float (n, columns)."""
        return TRANSFORMS[self.transform_name](logits)

    def probabilities(self, logits: Any) -> Any:
        """For classes: one column a class, also where two classes share one output; float (n, outputs)."""
        transformed = self.transform(logits)
        return transformed if self.columns == self.outputs else ops.concatenate([1 - transformed, transformed], axis=-1)

    def picked(self, logits: Any) -> Any:
        """The class that each row's outputs stand for, int32 (n,)."""
        if self.columns == self.outputs:
            return ops.cast(ops.argmax(logits, axis=-1), "int32")
        return ops.cast(logits[:, 0] > 0, "int32")

    def targets(self, y: Any) -> Any:
        """What the outputs are compared with: one-hot for classes (0 or 1 for one output), y itself for numbers."""
        if self.task == "regression":
            return ops.cast(y, "float32")
        if self.columns == self.outputs:
            return ops.one_hot(ops.cast(y, "int32"), self.outputs, dtype="float32")
        return ops.cast(y, "float32")[:, None]

    def calculate(
        self, y: Any, y_pred: Any, *, from_logits: bool = True, reduction: Reduction = "mean", batch_size: int | None = None
    ) -> Any:
        """The loss of predictions: raw outputs, or transformed ones with `from_logits=False`.

        Arrays of any size are taken in batches. `none`: each row's own loss (n,); else a scalar.
        Raises ValueError for shapes that do not belong together."""
        self._check(y, y_pred)
        if isinstance(y_pred, tf.Tensor) and batch_size is None:
            rows = self._rows(y, y_pred, from_logits)
        else:
            size, count = batch_size or BATCH, len(y_pred)
            parts = [
                self._rows(
                    ops.convert_to_tensor(y[at : at + size]),
                    ops.convert_to_tensor(y_pred[at : at + size], dtype="float32"),
                    from_logits,
                )
                for at in range(0, max(count, 1), size)
            ]
            rows = parts[0] if len(parts) == 1 else ops.concatenate(parts)
        if reduction == "none":
            return rows
        return ops.sum(rows) if reduction == "sum" else ops.mean(rows)

    def _rows(self, y: Any, y_pred: Any, from_logits: bool) -> Any:
        rows = self._row_cost(self.targets(y), y_pred, from_logits)
        if self.class_weight is not None:
            rows = rows * ops.take(ops.convert_to_tensor(self.class_weight), ops.cast(y, "int32"))
        return rows

    def _chosen_row_cost(self) -> Any:
        if self.kind == "CrossEntropy" and self.transform_name in ("softmax", "sigmoid"):
            return self._cross_entropy
        if self.entry.keras and not (self.entry.sigmoid_formula and self.transform_name == "sigmoid"):
            loss = getattr(keras.losses, self.entry.keras)(reduction=None, **self.params)
            return lambda y_true, y_pred, from_logits: loss(y_true, self.transform(y_pred) if from_logits else y_pred)
        text = self.entry.formula_for(self.transform_name) or self.params["expression"]
        numbers = {name: value for name, value in self.params.items() if name != "expression"}
        formula = parse(text, names=("y_true", "y_pred", *numbers))
        reduce = {"sum": ops.sum, "mean": ops.mean, "row": lambda x, axis: x[:, 0]}[self.entry.columns]

        def row_cost(y_true: Any, y_pred: Any, from_logits: bool) -> Any:
            values = {"y_true": y_true, "y_pred": self.transform(y_pred) if from_logits else y_pred, **numbers}
            return reduce(formula.evaluate(values, ops=KERAS) + 0.0 * values["y_pred"], axis=-1)

        return row_cost

    def _cross_entropy(self, y_true: Any, y_pred: Any, from_logits: bool) -> Any:
        """TensorFlow's own functions on logits: exact where a probability would round to 0 or 1."""
        smoothing = self.params["label_smoothing"]
        if smoothing:
            y_true = y_true * (1 - smoothing) + smoothing / (2 if self.transform_name == "sigmoid" else self.columns)
        if self.transform_name == "softmax":
            logits = y_pred if from_logits else ops.log(ops.clip(y_pred, 1e-37, 1.0))
            return tf.nn.softmax_cross_entropy_with_logits(labels=y_true, logits=logits)
        if from_logits:
            each = tf.nn.sigmoid_cross_entropy_with_logits(labels=y_true, logits=y_pred)
        else:
            each = -(y_true * ops.log(ops.clip(y_pred, 1e-37, 1.0)) + (1 - y_true) * ops.log(ops.clip(1 - y_pred, 1e-37, 1.0)))
        return ops.sum(each, axis=-1)

    def _check(self, y: Any, y_pred: Any) -> None:
        shape, targets = tuple(y_pred.shape), tuple(y.shape)
        wanted = 1 if self.task == "classification" else 2
        if len(shape) != 2 or shape[1] != self.columns:
            raise ValueError(f"y_pred must have the shape (n, {self.columns}); got {shape}")
        if (
            len(targets) != wanted
            or (wanted == 2 and targets[1] != self.outputs)
            or (None not in (targets[0], shape[0]) and targets[0] != shape[0])
        ):
            form = "(n,)" if wanted == 1 else f"(n, {self.outputs})"
            raise ValueError(f"y must have the shape {form} with n = {shape[0]}; got {targets}")


def make(
    cost: Any, *, task: str, outputs: int, seed: int, index: int, class_weight: NDArray[np.float32] | None = None
) -> CostLayer:
    """The cost layer for a spec's cost; `index` is its place in the stack. Raises SpecError where it does not fit."""
    own = {param.name for param in COSTS[cost.kind].params}
    return CostLayer(
        cost.kind,
        task=task,
        outputs=outputs,
        transform=cost.transform,
        project=cost.project,
        use_bias=cost.use_bias,
        class_weight=class_weight,
        seed=seed,
        index=index,
        **{param.name: getattr(cost, param.name) for param in PROJECTION},
        params={name: value for name, value in cost.params.items() if name in own},
    )


def class_weights(
    class_weight: Any, y: NDArray[np.int32], classes: tuple[str, ...], *, places: bool = False
) -> NDArray[np.float32] | None:
    """One weight a class, float32 (k,): `balanced` is rows / (classes * rows of the class), as in scikit-learn, over the
    training rows; a mapping goes by the class's name, 1 for those it leaves out; None for none. `places`: its keys may be
    places of classes, too (`spec.class_weight_by_position`). Raises SpecError for a key that names no class."""
    if class_weight is None:
        return None
    if class_weight == "balanced":
        counts = np.bincount(y, minlength=len(classes))
        return (len(y) / (len(classes) * np.maximum(counts, 1))).astype(np.float32)
    return np.asarray(class_weight_list(class_weight, classes, places=places), dtype=np.float32)
