"""How a store of an older nnviz becomes one of today's: an alembic environment.

`versions/` holds a file a revision, named by its number; its `schema` is the digest of the tables as they are after it
(see `nnviz.store.versions.digest`), so that tables that changed without a revision are found by a test.
"""
