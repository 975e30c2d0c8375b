"""Images: single files, zips and folders of them, and where their classes are written (folders, or a table beside them).
Imported by the readers and sources of `nnviz.data`. Start at `image_zip`."""
