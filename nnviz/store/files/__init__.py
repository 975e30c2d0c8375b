"""Bytes beside the rows: blobs, opened data files, and what all of it takes on the disk.
Imported by `nnviz.store.store`. Start at `blobs`."""
