"""What the entries of costs share."""

BOTH_TASKS = {"classification": "softmax", "regression": "identity"}
"""By task, the default output transform of a cost that fits both."""
