"""What the columns of a table are: cells, numbers, dates, types, the target, leaks, and their encoding for a network.
Imported by everything in `nnviz.data` that works on tables. Start at `infer`, then `encode`."""
