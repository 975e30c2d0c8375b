"""A trained network asked about new rows: read in batches, answered in constant memory, written as a file.
Imported by `nnviz.jobs.worker.answering` and `exporting`. Start at `trained`."""
