"""The ledger's first tables: see `include/sql/migrations/0001_ledger`."""

from alembic import op

from servicetitan_netsuite.ledger.statements import migration_statements

revision = "0001_ledger"
down_revision = None


def upgrade() -> None:
    """Create every table, index and guard."""
    for sql in migration_statements(revision, op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(sql)
