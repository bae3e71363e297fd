"""The ledger's first tables: see `include/sql/migrations/0001_ledger`."""

from alembic import op

from servicetitan_netsuite.ledger.statements import migration_statements

revision = "0001_ledger"
down_revision = None


def upgrade() -> None:
    """Create every table, index and guard."""
    # Without parameters a driver takes a percent sign for what it is.
    connection = op.get_bind().execution_options(no_parameters=True)
    for sql in migration_statements(revision, connection.dialect.name):
        connection.exec_driver_sql(sql)
