"""Looking back at a run: its networks as they were, what views show of them, answers of then, and an animation.
Imported by `nnviz.jobs.worker.tasks`. Start at `recorded`."""
