"""The ledger's first tables: see `include/sql/migrations/0001_ledger`."""

from alembic import op

from servicetitan_netsuite.ledger.statements import migrate

revision = "0001_ledger"
down_revision = None


def upgrade() -> None:
    """Create every table, index and guard."""
    migrate(op.get_bind(), revision)
