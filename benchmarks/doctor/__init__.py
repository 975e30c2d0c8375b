"""The doctor's bench: plants faults into sound trainings, and counts what it says of both. `python -m benchmarks.doctor`."""
