"""Files to tables and arrays: what a file is by its bytes, how it is written, and nothing yet of what its columns mean.
Imported by the rest of `nnviz.data`; knows columns only by how their cells are spelt. Start at `read`."""
