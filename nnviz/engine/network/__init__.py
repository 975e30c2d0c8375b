"""The network: layers, costs and activations of the spec as a `keras.Model`, and Keras layers as layers of the spec.
Imported by the rest of `nnviz.engine`; imports none of it. Start at `network`."""
