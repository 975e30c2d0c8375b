"""An example of each layer for images and sequences: its parameters, small enough for finite differences."""

RANDOM = {
    "SpatialDropout2D": {"rate": 0.3},
    "RandomFlip": {"mode": "horizontal_and_vertical"},
    "RandomTranslation": {"height_factor": 0.2, "width_factor": 0.3},
    "RandomRotation": {"factor": 0.1},
    "RandomZoom": {"height_factor": 0.3, "fill_mode": "constant"},
    "RandomContrast": {"factor": 0.4},
    "RandomBrightness": {"factor": 0.2},
}
"""Each draws anew at every step."""
ON_IMAGES = {
    "SeparableConv2D": {"filters": 3, "kernel_size": 3, "depth_multiplier": 2},
    "DepthwiseConv2D": {"kernel_size": [2, 3]},
    "Conv2DTranspose": {"filters": 2, "kernel_size": 3, "strides": 2},
    "GlobalMaxPooling2D": {},
    "UpSampling2D": {"interpolation": "bilinear"},
    "ZeroPadding2D": {"padding": [0, 1]},
    "GroupNormalization": {"groups": 2},
    **RANDOM,
}
ON_SEQUENCES = {
    "Conv1D": {"filters": 2, "kernel_size": 2, "padding": "causal", "dilation_rate": 2},
    "SeparableConv1D": {"filters": 3, "kernel_size": 2},
    "MaxPooling1D": {},
    "AveragePooling1D": {"padding": "same"},
    "GlobalMaxPooling1D": {},
    "GlobalAveragePooling1D": {},
    "SpatialDropout1D": {"rate": 0.3},
    "LSTM": {"units": 3, "bidirectional": True},
    "GRU": {"units": 3},
    "SimpleRNN": {"units": 3, "return_sequences": True},
    "MultiHeadAttention": {"num_heads": 2, "key_dim": 3, "causal": True},
}
EMBEDDING = {"input_dim": 9, "output_dim": 3}
