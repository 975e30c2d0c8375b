"""Rows that do not stand in memory: Parquet and NumPy files read in chunks, and rows encoded on demand.
Imported by the sources and by `nnviz.data.prepare`. Start at `stored_rows`."""
