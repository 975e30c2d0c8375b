"""The Data page: pick a data set, read the report on it, overrule what it says.
Imported by `pages/data.py` alone. Start at `report`."""
