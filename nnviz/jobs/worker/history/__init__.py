"""Looking back at a run: its networks as they were, what views show of them, answers of then, an animation, a replay.
Imported by `nnviz.jobs.worker.tasks`. Start at `recorded`."""
