"""Which places of a layer's input one of its values is made of: kernel, strides, dilation and padding as the layer has them."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
NOWHERE = -1


@dataclass(frozen=True)
class Window:
    """For each row and each column of a kernel the input's row or column that it meets, -1 where it meets padding."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]

    @property
    def is_inside(self) -> NDArray[np.bool_]:
        """(kernel height, kernel width)"""
        return (self.rows[:, None] != NOWHERE) & (self.columns[None, :] != NOWHERE)

    def patch(self, x: Floats) -> Floats:
        """The input's values (kernel height, kernel width, channels) from `x` (height, width, channels); 0 in padding."""
        values = x[np.ix_(self.rows, self.columns)]
        return np.where(self.is_inside[..., None], values, np.float32(0))


def window_at(layer: keras.layers.Layer, size: tuple[int, int], at: tuple[int, int]) -> Window:
    """The window of the value at row and column `at` of a layer's output, whose input has this height and width."""
    kernel = _pair(layer.pool_size if hasattr(layer, "pool_size") else layer.kernel_size)
    strides = _pair(layer.strides)
    dilation = _pair(getattr(layer, "dilation_rate", 1))
    met = _met_backwards if isinstance(layer, keras.layers.Conv2DTranspose) else _met
    rows, columns = (
        met(at[axis], size[axis], kernel[axis], strides[axis], dilation[axis], layer.padding == "same") for axis in (0, 1)
    )
    return Window(rows, columns)


def _met(at: int, size: int, kernel: int, stride: int, dilation: int, is_padded: bool) -> NDArray[np.int64]:
    """TensorFlow's padding "same" puts the smaller half of what is missing first."""
    before = 0
    if is_padded:
        places = -(-size // stride)
        before = max((places - 1) * stride + dilation * (kernel - 1) + 1 - size, 0) // 2
    met = at * stride - before + dilation * np.arange(kernel)
    return np.where((met >= 0) & (met < size), met, NOWHERE)


def _met_backwards(at: int, size: int, kernel: int, stride: int, _dilation: int, is_padded: bool) -> NDArray[np.int64]:
    """A transposed convolution: each place of the input is spread over a window of the output, `stride` places further each."""
    before = max(kernel - stride, 0) // 2 if is_padded else 0
    spread = at + before - np.arange(kernel)
    met = spread // stride
    return np.where((spread % stride == 0) & (met >= 0) & (met < size), met, NOWHERE)


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (int(value[0]), int(value[1]))
