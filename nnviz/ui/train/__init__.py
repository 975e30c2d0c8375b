"""The Train page: data, stack, optimizer, and the run that is watched.
Imported by `pages/train.py` alone. Start at `run_panel`."""
