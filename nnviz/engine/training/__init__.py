"""A training from its first step to its result: pace, live changes, branches, snapshots, and one step explained.
Imported by `nnviz.engine` alone. Start at `train`."""
