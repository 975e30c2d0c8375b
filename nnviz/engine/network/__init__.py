"""The network: layers, costs and activations of the spec as a `keras.Model`, and the way back to one.
Imported by the rest of `nnviz.engine`; imports none of it. Start at `network`."""
