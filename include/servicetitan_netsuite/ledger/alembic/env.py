"""Alembic's entry: runs the migrations on the connection that `migrations.migrate` opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], version_table="ledger_version"
)
context.run_migrations()
