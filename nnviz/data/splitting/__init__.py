"""Which rows train, validate and test: hold-out, folds, groups, time, and rows that stand more than once.
Imported by `nnviz.data.prepare`, and `parts` also by `nnviz.export`. Start at `folds`."""
