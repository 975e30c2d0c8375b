"""Rows that do not stand in memory: Parquet and NumPy files read in chunks, and rows encoded when they are asked for.
Imported by the sources and by `nnviz.data.prepare`. Start at `stored_rows`."""
