"""Jobs, the workers that do them, and the queue of runs that wait for one.
Imported by `nnviz.store.store`, which is what everybody else uses. Start at `jobs`, then `sharing`."""
