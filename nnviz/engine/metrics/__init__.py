"""Metrics: from sums over batches, and from whole sets of rows.
Imports `nnviz.engine.network` only; imported by the loop and by a training. Start at `streaming`."""
