"""The Runs page: the table of runs, what can be done with them, and the queue.
Imported by `pages/runs.py` alone. Start at `view`."""
