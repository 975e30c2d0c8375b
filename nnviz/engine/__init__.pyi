"""Made by `python -m nnviz.engine.stub` from `__init__.py` and the catalog: not to be edited."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

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
from nnviz.spec import Component

_Part: TypeAlias = Component | Mapping[str, Any]
_Each: TypeAlias = Mapping[str, Any]
"""`{"each": [...]}`, or a formula over the number of the copy: a parameter that varies within a Repeat."""
_ActivationName: TypeAlias = Literal[
    "linear",
    "relu",
    "tanh",
    "sigmoid",
    "gelu",
    "silu",
    "elu",
    "selu",
    "celu",
    "leaky_relu",
    "relu6",
    "softplus",
    "softsign",
    "mish",
    "exponential",
    "softmax",
    "log_softmax",
    "log_sigmoid",
    "hard_sigmoid",
    "hard_silu",
    "hard_tanh",
    "tanh_shrink",
    "soft_shrink",
    "hard_shrink",
    "threshold",
    "squareplus",
    "sparse_plus",
    "sparse_sigmoid",
]
_InitializerName: TypeAlias = Literal[
    "glorot_uniform",
    "glorot_normal",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "zeros",
    "ones",
    "identity",
]
_InitializerName2: TypeAlias = Literal["zeros", "ones", "random_normal", "random_uniform", "truncated_normal"]
_InitializerName3: TypeAlias = Literal[
    "glorot_uniform",
    "glorot_normal",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "zeros",
    "ones",
]
_ActivationName2: TypeAlias = Literal[
    "tanh", "relu", "sigmoid", "hard_sigmoid", "softsign", "elu", "selu", "gelu", "silu", "linear"
]
_Activation: TypeAlias = _ActivationName | str | Mapping[str, Any]

__all__ = [  # noqa: RUF022
    "AMSGrad",
    "Activation",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "AveragePooling1D",
    "AveragePooling2D",
    "BatchNormalization",
    "BinaryFocalCrossentropy",
    "Branched",
    "CategoricalFocalCrossentropy",
    "CategoricalGeneralizedCrossEntropy",
    "CategoricalHinge",
    "Change",
    "Control",
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "CosineDecay",
    "CosineDecayRestarts",
    "CosineSimilarity",
    "CostLayer",
    "CrossEntropy",
    "CrossValidation",
    "Dense",
    "DepthwiseConv2D",
    "Dice",
    "Dropout",
    "Embedding",
    "EpochRecord",
    "Evaluation",
    "ExponentialDecay",
    "Expression",
    "Flatten",
    "Frame",
    "Ftrl",
    "GRU",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GroupNormalization",
    "Hinge",
    "Huber",
    "InverseTimeDecay",
    "KLDivergence",
    "LSTM",
    "Lamb",
    "LayerNormalization",
    "Lion",
    "LogCosh",
    "MaxPooling1D",
    "MaxPooling2D",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Model",
    "Momentum",
    "MultiHeadAttention",
    "Muon",
    "Nadam",
    "Nesterov",
    "Network",
    "OneCycle",
    "Parallel",
    "Perceptron",
    "PiecewiseConstantDecay",
    "Poisson",
    "PolynomialDecay",
    "Progress",
    "Quality",
    "RMSprop",
    "RandomBrightness",
    "RandomContrast",
    "RandomFlip",
    "RandomRotation",
    "RandomTranslation",
    "RandomZoom",
    "RateSweep",
    "ReduceOnPlateau",
    "Repeat",
    "Reshape",
    "Residual",
    "Result",
    "SGD",
    "SVM",
    "SeparableConv1D",
    "SeparableConv2D",
    "Session",
    "SimpleRNN",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "Spread",
    "SquaredHinge",
    "State",
    "StepStory",
    "Tversky",
    "UpSampling2D",
    "WarmUp",
    "ZeroPadding2D",
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

def Dense(
    units: int | _Each,
    activation: _Activation = "linear",
    use_bias: bool | _Each = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    kernel_constraint: Mapping[str, Any] | None = None,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Connects every input with every one of its units."""

def Activation(activation: _Activation, name: str | None = None, trainable: bool = True) -> Component:
    """Bends each value by a function."""

def Dropout(rate: float | _Each, name: str | None = None, trainable: bool = True) -> Component:
    """Sets a random share of values to zero while training, against overfitting."""

def BatchNormalization(
    momentum: float | _Each = 0.99,
    epsilon: float | _Each = 0.001,
    center: bool | _Each = True,
    scale: bool | _Each = True,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Centers and scales each feature over the batch, which steadies training."""

def Flatten(name: str | None = None, trainable: bool = True) -> Component:
    """Lays an image out as one vector."""

def Reshape(target_shape: Sequence[int] | _Each, name: str | None = None, trainable: bool = True) -> Component:
    """Gives the same values another shape."""

def Conv2D(
    filters: int | _Each,
    kernel_size: int | Sequence[int] | _Each,
    strides: int | Sequence[int] | _Each = 1,
    padding: Literal["valid", "same"] | _Each = "valid",
    activation: _Activation = "linear",
    use_bias: bool | _Each = True,
    dilation_rate: int | Sequence[int] | _Each = 1,
    kernel_initializer: _InitializerName3 | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    kernel_constraint: Mapping[str, Any] | None = None,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Slides small filters over an image; each finds one pattern anywhere."""

def MaxPooling2D(
    pool_size: int | Sequence[int] | _Each = 2,
    strides: int | Sequence[int] | _Each | None = None,
    padding: Literal["valid", "same"] | _Each = "valid",
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Keeps the largest value of each window: a smaller image."""

def AveragePooling2D(
    pool_size: int | Sequence[int] | _Each = 2,
    strides: int | Sequence[int] | _Each | None = None,
    padding: Literal["valid", "same"] | _Each = "valid",
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Keeps the mean of each window: a smaller image."""

def GlobalAveragePooling2D(name: str | None = None, trainable: bool = True) -> Component:
    """Keeps the mean of each channel: an image becomes a vector."""

def Conv1D(
    filters: int | _Each,
    kernel_size: int | _Each,
    strides: int | _Each = 1,
    padding: Literal["valid", "same", "causal"] | _Each = "valid",
    activation: _Activation = "linear",
    use_bias: bool | _Each = True,
    dilation_rate: int | _Each = 1,
    kernel_initializer: _InitializerName3 | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    kernel_constraint: Mapping[str, Any] | None = None,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Slides small filters along a sequence; each finds one pattern anywhere."""

def SeparableConv1D(
    filters: int | _Each,
    kernel_size: int | _Each,
    strides: int | _Each = 1,
    padding: Literal["valid", "same"] | _Each = "valid",
    activation: _Activation = "linear",
    use_bias: bool | _Each = True,
    dilation_rate: int | _Each = 1,
    depth_multiplier: int | _Each = 1,
    depthwise_initializer: _InitializerName3 | Mapping[str, Any] = "glorot_uniform",
    pointwise_initializer: _InitializerName3 | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    depthwise_regularizer: Mapping[str, Any] | None = None,
    pointwise_regularizer: Mapping[str, Any] | None = None,
    depthwise_constraint: Mapping[str, Any] | None = None,
    pointwise_constraint: Mapping[str, Any] | None = None,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """A convolution along a sequence in two cheap steps: each channel by itself, then a mix of channels."""

def SeparableConv2D(
    filters: int | _Each,
    kernel_size: int | Sequence[int] | _Each,
    strides: int | _Each = 1,
    padding: Literal["valid", "same"] | _Each = "valid",
    activation: _Activation = "linear",
    use_bias: bool | _Each = True,
    dilation_rate: int | Sequence[int] | _Each = 1,
    depth_multiplier: int | _Each = 1,
    depthwise_initializer: _InitializerName3 | Mapping[str, Any] = "glorot_uniform",
    pointwise_initializer: _InitializerName3 | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    depthwise_regularizer: Mapping[str, Any] | None = None,
    pointwise_regularizer: Mapping[str, Any] | None = None,
    depthwise_constraint: Mapping[str, Any] | None = None,
    pointwise_constraint: Mapping[str, Any] | None = None,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """A convolution in two cheap steps: each channel by itself, then a mix of channels."""

def DepthwiseConv2D(
    kernel_size: int | Sequence[int] | _Each,
    strides: int | _Each = 1,
    padding: Literal["valid", "same"] | _Each = "valid",
    depth_multiplier: int | _Each = 1,
    activation: _Activation = "linear",
    use_bias: bool | _Each = True,
    dilation_rate: int | Sequence[int] | _Each = 1,
    depthwise_initializer: _InitializerName3 | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    depthwise_regularizer: Mapping[str, Any] | None = None,
    depthwise_constraint: Mapping[str, Any] | None = None,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Slides filters over each channel by itself, without mixing channels."""

def Conv2DTranspose(
    filters: int | _Each,
    kernel_size: int | Sequence[int] | _Each,
    strides: int | Sequence[int] | _Each = 1,
    padding: Literal["valid", "same"] | _Each = "valid",
    activation: _Activation = "linear",
    use_bias: bool | _Each = True,
    kernel_initializer: _InitializerName3 | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    kernel_constraint: Mapping[str, Any] | None = None,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """A convolution the other way round: strides make the image larger."""

def MaxPooling1D(
    pool_size: int | _Each = 2,
    strides: int | _Each | None = None,
    padding: Literal["valid", "same"] | _Each = "valid",
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Keeps the largest value of each window: a shorter sequence."""

def AveragePooling1D(
    pool_size: int | _Each = 2,
    strides: int | _Each | None = None,
    padding: Literal["valid", "same"] | _Each = "valid",
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Keeps the mean of each window: a shorter sequence."""

def GlobalMaxPooling2D(name: str | None = None, trainable: bool = True) -> Component:
    """Keeps the largest value of each channel: an image becomes a vector."""

def GlobalAveragePooling1D(name: str | None = None, trainable: bool = True) -> Component:
    """Keeps the mean over all steps: a sequence becomes a vector."""

def GlobalMaxPooling1D(name: str | None = None, trainable: bool = True) -> Component:
    """Keeps the largest value over all steps: a sequence becomes a vector."""

def UpSampling2D(
    size: int | Sequence[int] | _Each = 2,
    interpolation: Literal["nearest", "bilinear"] | _Each = "nearest",
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Makes an image larger."""

def ZeroPadding2D(padding: int | Sequence[int] | _Each = 1, name: str | None = None, trainable: bool = True) -> Component:
    """Puts a border of zeros around an image."""

def LayerNormalization(
    epsilon: float | _Each = 0.001,
    center: bool | _Each = True,
    scale: bool | _Each = True,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Centers and scales the features of each row, whatever the rest of the batch is."""

def GroupNormalization(
    groups: int | _Each,
    epsilon: float | _Each = 0.001,
    center: bool | _Each = True,
    scale: bool | _Each = True,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Centers and scales groups of channels in each row, whatever the rest of the batch is."""

def SpatialDropout2D(rate: float | _Each, name: str | None = None, trainable: bool = True) -> Component:
    """Sets whole channels of an image to zero while training, against overfitting."""

def SpatialDropout1D(rate: float | _Each, name: str | None = None, trainable: bool = True) -> Component:
    """Sets whole channels of a sequence to zero while training, against overfitting."""

def GaussianNoise(stddev: float | _Each, name: str | None = None, trainable: bool = True) -> Component:
    """Adds random numbers to each value while training, against overfitting."""

def LSTM(
    units: int | _Each,
    bidirectional: bool | _Each = False,
    return_sequences: bool | _Each = False,
    activation: _ActivationName2 | _Each = "tanh",
    recurrent_activation: _ActivationName2 | _Each = "sigmoid",
    use_bias: bool | _Each = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    recurrent_initializer: _InitializerName | Mapping[str, Any] = "orthogonal",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    kernel_constraint: Mapping[str, Any] | None = None,
    recurrent_regularizer: Mapping[str, Any] | None = None,
    recurrent_constraint: Mapping[str, Any] | None = None,
    unit_forget_bias: bool | _Each = True,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Reads a sequence step by step and learns what to keep, to forget and to tell."""

def GRU(
    units: int | _Each,
    bidirectional: bool | _Each = False,
    return_sequences: bool | _Each = False,
    activation: _ActivationName2 | _Each = "tanh",
    recurrent_activation: _ActivationName2 | _Each = "sigmoid",
    use_bias: bool | _Each = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    recurrent_initializer: _InitializerName | Mapping[str, Any] = "orthogonal",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    kernel_constraint: Mapping[str, Any] | None = None,
    recurrent_regularizer: Mapping[str, Any] | None = None,
    recurrent_constraint: Mapping[str, Any] | None = None,
    reset_after: bool | _Each = True,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Reads a sequence step by step with two gates: often as good as an LSTM, and smaller."""

def SimpleRNN(
    units: int | _Each,
    bidirectional: bool | _Each = False,
    return_sequences: bool | _Each = False,
    activation: _ActivationName2 | _Each = "tanh",
    use_bias: bool | _Each = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    recurrent_initializer: _InitializerName | Mapping[str, Any] = "orthogonal",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    kernel_constraint: Mapping[str, Any] | None = None,
    recurrent_regularizer: Mapping[str, Any] | None = None,
    recurrent_constraint: Mapping[str, Any] | None = None,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Reads a sequence step by step; what it remembers goes through its weights at every step."""

def MultiHeadAttention(
    num_heads: int | _Each,
    key_dim: int | _Each,
    causal: bool | _Each = False,
    use_bias: bool | _Each = True,
    kernel_initializer: _InitializerName3 | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    kernel_constraint: Mapping[str, Any] | None = None,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Each step of a sequence looks at all steps of it and takes what is like what it looks for."""

def Embedding(
    input_dim: int | _Each,
    output_dim: int | _Each,
    embeddings_initializer: _InitializerName | Mapping[str, Any] = "random_uniform",
    embeddings_regularizer: Mapping[str, Any] | None = None,
    embeddings_constraint: Mapping[str, Any] | None = None,
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Learns a vector for each whole number: for words or categories that are given as numbers."""

def RandomFlip(
    mode: Literal["horizontal", "vertical", "horizontal_and_vertical"] | _Each = "horizontal",
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Mirrors half of the images while training."""

def RandomTranslation(
    height_factor: float | _Each,
    width_factor: float | _Each,
    fill_mode: Literal["reflect", "nearest", "wrap", "constant"] | _Each = "reflect",
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Moves each image a little while training."""

def RandomRotation(
    factor: float | _Each,
    fill_mode: Literal["reflect", "nearest", "wrap", "constant"] | _Each = "reflect",
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Turns each image a little while training."""

def RandomZoom(
    height_factor: float | _Each,
    fill_mode: Literal["reflect", "nearest", "wrap", "constant"] | _Each = "reflect",
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Makes each image a little larger or smaller while training."""

def RandomContrast(factor: float | _Each, name: str | None = None, trainable: bool = True) -> Component:
    """Strengthens or weakens each image's contrast while training."""

def RandomBrightness(factor: float | _Each, name: str | None = None, trainable: bool = True) -> Component:
    """Makes each image brighter or darker while training."""

def Repeat(times: int | _Each, layers: Sequence[_Part], name: str | None = None, trainable: bool = True) -> Component:
    """Several copies of a list of layers, one after another."""

def Residual(
    layers: Sequence[_Part], project: bool | _Each = False, name: str | None = None, trainable: bool = True
) -> Component:
    """Adds its input to what its inner layers make of it: a way around them, on which deep stacks learn."""

def Parallel(
    branches: Sequence[Sequence[_Part]],
    join: Literal["concatenate", "add", "average"] | _Each = "concatenate",
    name: str | None = None,
    trainable: bool = True,
) -> Component:
    """Several lists of layers side by side: each gets the same input, and what they give is joined."""

def CrossEntropy(
    label_smoothing: float = 0.0,
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """How surprised the network is by the right class: the usual cost for classes."""

def MeanSquaredError(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """The squared distance to the target: the usual cost for numbers; large misses weigh most."""

def MeanAbsoluteError(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """The distance to the target: outliers weigh no more than their distance."""

def Huber(
    delta: float = 1.0,
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """Squared for small misses, straight for large ones: smooth, and calm about outliers."""

def LogCosh(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """Much like Huber, smooth everywhere."""

def MeanAbsolutePercentageError(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """The miss in percent of the target; not for targets at or near zero."""

def MeanSquaredLogarithmicError(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """Compares ratios rather than differences; for targets from zero up over several orders of magnitude."""

def Poisson(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """For counts (0, 1, 2, ...): the network gives the expected count."""

def KLDivergence(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """The distance between two distributions; on plain classes the same as cross-entropy."""

def CategoricalHinge(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """Asks the right class to lead the best wrong one by 1; no cost beyond that."""

def Hinge(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """Each class against the rest with a margin of 1, as in a support vector machine."""

def SquaredHinge(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """The hinge squared: smooth at the margin, harder on large misses."""

def CategoricalFocalCrossentropy(
    alpha: float = 0.25,
    gamma: float = 2.0,
    label_smoothing: float = 0.0,
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """Cross-entropy that plays down what is right already, so that rare and hard rows count (Lin et al., 2017)."""

def BinaryFocalCrossentropy(
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    label_smoothing: float = 0.0,
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """The focal cost for each class by itself, yes or no; two classes share one output."""

def CategoricalGeneralizedCrossEntropy(
    q: float = 0.5,
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """Between cross-entropy (q near 0) and absolute error (q near 1): bears wrong labels (Zhang and Sabuncu, 2018)."""

def CosineSimilarity(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """The angle between target and prediction, -1 where they point the same way; their lengths do not matter."""

def Dice(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """How little target and prediction overlap, row by row (Keras takes a whole batch unless told axis=-1)."""

def Tversky(
    alpha: float = 0.5,
    beta: float = 0.5,
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """Dice with weights for what is missed and what is claimed, row by row (Keras: by batch unless told axis=-1)."""

def Perceptron(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """How far the best wrong class is ahead of the right one: nothing once a row is right (Rosenblatt, 1958; for two classes
    max(0, -y z))."""

def SVM(
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """Asks the right class to lead every wrong one by 1, as a support vector machine for classes does (Weston and Watkins,
    1999)."""

def Expression(
    expression: str,
    transform: Literal["softmax", "sigmoid", "softplus", "identity"] | None = None,
    project: bool = True,
    use_bias: bool = True,
    kernel_initializer: _InitializerName | Mapping[str, Any] = "glorot_uniform",
    bias_initializer: _InitializerName2 | Mapping[str, Any] = "zeros",
    bias_regularizer: Mapping[str, Any] | None = None,
    kernel_regularizer: Mapping[str, Any] | None = None,
    class_weight: Literal["balanced"] | Mapping[str, float] | None = None,
) -> Component:
    """Your own formula over y_true and y_pred; summed over columns, averaged over rows."""

def CosineDecay(
    decay_steps: int = 1000, alpha: float = 0.0, warmup_target: float | None = None, warmup_steps: int = 0
) -> Component:
    """Falls along half a cosine and stays at its end; may first warm up to a higher rate."""

def CosineDecayRestarts(first_decay_steps: int = 500, t_mul: float = 2.0, m_mul: float = 1.0, alpha: float = 0.0) -> Component:
    """Falls along half a cosine, jumps up again, and so on with longer periods."""

def ExponentialDecay(decay_steps: int = 1000, decay_rate: float = 0.9, staircase: bool = False) -> Component:
    """Shrinks by the same factor over every decay_steps."""

def InverseTimeDecay(decay_steps: int = 1000, decay_rate: float = 0.5, staircase: bool = False) -> Component:
    """Falls fast at first, then ever more slowly."""

def PolynomialDecay(
    decay_steps: int = 1000, end_learning_rate: float = 0.0001, power: float = 1.0, cycle: bool = False
) -> Component:
    """Falls to an end rate along a straight line or a power of it."""

def PiecewiseConstantDecay(boundaries: Sequence[int] = ..., values: Sequence[float] | None = None) -> Component:
    """Changes in steps: one rate up to each boundary, the last one after them."""

def WarmUp(warmup_steps: int = 100, start: float = 0.01) -> Component:
    """Climbs to the learning rate along a straight line and stays there."""

def OneCycle(
    total_steps: int = 1000, warmup: float = 0.3, start_divisor: float = 25.0, end_divisor: float = 10000.0
) -> Component:
    """Climbs from a small rate to the learning rate and falls far below the first: one long wave (Smith, 2018)."""

def ReduceOnPlateau(
    factor: float = 0.5, patience: int = 10, min_rate: float = 0.0, cooldown: int = 0, min_delta: float = 0.0001
) -> Component:
    """Shrinks the rate whenever the validation loss (without validation rows: the loss) no longer improves."""

def SGD(
    learning_rate: float = 0.2,
    momentum: float = 0.0,
    nesterov: bool = False,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Steps straight down the gradient; momentum lets it roll on."""

def Adam(
    learning_rate: float = 0.01,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-07,
    amsgrad: bool = False,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Momentum, and a rate of its own for every weight: a good first choice."""

def AdamW(
    learning_rate: float = 0.01,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-07,
    amsgrad: bool = False,
    weight_decay: float | None = 0.004,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Adam with weight decay on by default."""

def RMSprop(
    learning_rate: float = 0.01,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-07,
    centered: bool = False,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Divides the gradient by its recent size."""

def Adagrad(
    learning_rate: float = 0.3,
    initial_accumulator_value: float = 0.1,
    epsilon: float = 1e-07,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Weights that moved much move less and less."""

def Adadelta(
    learning_rate: float = 10.0,
    rho: float = 0.95,
    epsilon: float = 1e-07,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Finds its own step sizes from recent gradients and steps."""

def Adamax(
    learning_rate: float = 0.02,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-07,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Adam with the largest recent gradient in place of the average square."""

def Nadam(
    learning_rate: float = 0.01,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-07,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Adam that looks ahead along its momentum."""

def Lion(
    learning_rate: float = 0.003,
    beta_1: float = 0.9,
    beta_2: float = 0.99,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Steps of one size in the direction of the sign: wants a smaller rate than Adam."""

def Ftrl(
    learning_rate: float = 0.1,
    learning_rate_power: float = -0.5,
    initial_accumulator_value: float = 1e-06,
    l1_regularization_strength: float = 0.0,
    l2_regularization_strength: float = 0.0,
    l2_shrinkage_regularization_strength: float = 0.0,
    beta: float = 0.0,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """For wide, sparse inputs; an L1 strength sets weights to exactly zero. Its rate only falls: the spirals end at 0.87 of
    Adam's accuracy, with larger rates the small CNN does not learn."""

def Momentum(
    learning_rate: float = 0.03,
    momentum: float = 0.9,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Gradient descent that rolls on: each step keeps a share of the last one."""

def Nesterov(
    learning_rate: float = 0.03,
    momentum: float = 0.9,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Momentum that looks ahead: it steps on from where the momentum carries it."""

def AMSGrad(
    learning_rate: float = 0.01,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-07,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Adam that divides by the largest average square so far, so that no rate grows again."""

def Lamb(
    learning_rate: float = 0.01,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-07,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Adam whose step is scaled to the size of each weight array: for very large batches. With batches of 16 the spirals end at
    0.70 of Adam's accuracy at any rate: its steps do not get smaller as gradients do."""

def Adafactor(
    learning_rate: float = 1.0,
    beta_2_decay: float = -0.8,
    epsilon_1: float = 1e-16,
    epsilon_2: float = 0.001,
    clip_threshold: float = 1.0,
    relative_step: bool = True,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Steps relative to the size of the weights, with little memory: it keeps only sums over rows and columns."""

def Muon(
    learning_rate: float = 0.01,
    adam_beta_1: float = 0.9,
    adam_beta_2: float = 0.999,
    adam_weight_decay: float | None = 0.004,
    epsilon: float = 1e-07,
    exclude_embeddings: bool = True,
    muon_a: float = 3.4445,
    muon_b: float = -4.775,
    muon_c: float = 2.0315,
    adam_lr_ratio: float = 1.0,
    momentum: float = 0.95,
    ns_steps: int = 5,
    nesterov: bool = True,
    rms_rate: float | None = 0.2,
    weight_decay: float | None = 0.004,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    use_ema: bool = False,
    ema_momentum: float = 0.99,
    gradient_accumulation_steps: int | None = None,
    schedule: _Part | None = None,
) -> Component:
    """Steps along the nearest orthogonal matrix of the momentum; biases, convolutions and the projection to the target take
    AdamW."""
