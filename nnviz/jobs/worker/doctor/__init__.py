"""The job `doctor`: gathers what a run left in the store and what its network was at a few moments, has it judged, and keeps the
findings with the run. Start reading at `diagnose.py`."""
