import pytest
from ledger_world import World

from servicetitan_netsuite.ledger.engine import Ledger
from support.ledgers import (
    bare_url,
    ledger,
    ledger_url,
    migrated_file,
    postgresql_server,
)

__all__ = ["bare_url", "ledger", "ledger_url", "migrated_file", "postgresql_server"]


@pytest.fixture
def world(ledger: Ledger) -> World:
    """One tenant's ledger, moved only by the functions that the steps use."""
    return World(ledger)
