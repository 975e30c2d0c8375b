"""Runs and their numbers: created, queued, claimed, controlled, recorded.
Imported by `nnviz.store.store`, which is what everybody else uses. Start at `runs`."""
