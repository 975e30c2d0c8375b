"""The view `way`: two weights on the cost's surface, and where optimizers would take them. Start at `weight_way.py`."""
