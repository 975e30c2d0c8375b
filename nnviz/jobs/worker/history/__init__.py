"""Looking back at a run: its networks as they were, one step explained, answers of then, and an animation.
Imported by `nnviz.jobs.worker.tasks`. Start at `recorded`."""
