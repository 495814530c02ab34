"""Alembic's environment: migrations run on the connection that the program gives."""

from alembic import context
from models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_schemas=True,
    include_name=lambda name, type_, parents: type_ != "schema" or name == "library",
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
