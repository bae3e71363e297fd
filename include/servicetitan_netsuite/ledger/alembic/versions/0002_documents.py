"""All types, watermarks, order lines: see `include/sql/migrations/0002_documents`."""

from alembic import op

from servicetitan_netsuite.ledger.statements import migrate

revision = "0002_documents"
down_revision = "0001_ledger"


def upgrade() -> None:
    """Add the new types and tables."""
    migrate(op.get_bind(), revision)
