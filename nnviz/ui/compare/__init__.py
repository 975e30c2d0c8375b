"""The Compare page: the runs side by side, how their specs differ, and their results.
Imported by `pages/compare.py` alone. Start at `view`."""
