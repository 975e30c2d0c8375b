"""The job `train`: the run's data and session, the training itself, and the recorder of what it reports.
Imported by `nnviz.jobs.worker.tasks`. Start at `train`."""
