"""Indexes to the newest records and those posted again: `include/sql/migrations/0003_lookups`."""

from alembic import op

from servicetitan_netsuite.ledger.statements import migrate

revision = "0003_lookups"
down_revision = "0002_documents"


def upgrade() -> None:
    """Add the indexes."""
    migrate(op.get_bind(), revision)
