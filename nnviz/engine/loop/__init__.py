"""The compiled loop: one step, many steps a call, the optimizer, the order of the rows, and the state between two steps.
Imports `nnviz.engine.network` and `metrics`; imported by `nnviz.engine.training`. Start at `loop`, then `session`."""
