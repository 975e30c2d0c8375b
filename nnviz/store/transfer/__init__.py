"""Runs as files: packed, checked as foreign when they come in, backed up.
Imported by `nnviz.store.store`. Start at `pack`."""
