"""What alembic runs for every upgrade: inside the transaction that `nnviz.store.versions` opened."""

from alembic import context

from nnviz.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
