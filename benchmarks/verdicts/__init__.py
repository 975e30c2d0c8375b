"""How often verdicts are right: comparisons drawn from real trainings of small nets, with and without a planted difference.
Start at `__main__.py`."""
