"""Bring a ledger up to date: Alembic orders the migrations, `include/sql` holds them."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from servicetitan_netsuite.connections import LEDGER_ID
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger.engine import Ledger

logging.getLogger("alembic").setLevel(logging.WARNING)

VERSION_TABLE = "ledger_version"
MOVED = "moved"
_WAS_MOVED = (
    "This ledger was moved to another database and is kept as it was then: "
    f"connection {LEDGER_ID} must name the new one."
)
_ONE_AT_A_TIME = 5_739_114_202


def migrate(url: str) -> str:
    """Bring the ledger at `url` to this code's revision; the revision it now has.

    Raises:
        ConfigurationError: it was moved, or a newer release brought it further.
    """
    with Ledger(url) as ledger, ledger.writing() as connection:
        found = _revision_of(connection)
        if found and not knows(found):
            raise ConfigurationError(advice(found) or "")
        if ledger.dialect == "postgresql":
            # Of two that start at once the second waits, and then finds nothing to do.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return head()


def head() -> str:
    """The revision this code works with."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found, "the package ships at least one migration"
    return found


def advice(found: str | None) -> str | None:
    """What to do with a ledger at revision `found`; None when it is this code's own.

    Every screen and log that meets another revision says this one sentence.
    """
    if found == head():
        return None
    if found == MOVED:
        return _WAS_MOVED
    if found is not None and not knows(found):
        return (
            f"The ledger is at revision {found}, which this release does not know (it needs "
            f"{head()}): a newer release has worked with it. Start that release again, or restore "
            "the backup made before it was upgraded; nothing was read or sent."
        )
    return (
        f"The ledger is at revision {found or 'none'}, this code needs {head()}: "
        "run `servicetitan-netsuite ledger migrate`."
    )


def knows(revision: str) -> bool:
    """Whether it is of this release or of one before; what is not is of a newer one, or moved."""
    made = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision in {one.revision for one in made}


def current(url: str) -> str | None:
    """The revision of the ledger at `url`, None when it was never migrated."""
    with Ledger(url) as ledger:
        return _revision(ledger)


def open_ledger(url: str) -> Ledger:
    """The ledger at `url`, known to be of this code's revision.

    Raises:
        ConfigurationError: it is older or newer, and what to do.
    """
    ledger = Ledger(url)
    try:
        if wrong := advice(_revision(ledger)):
            raise ConfigurationError(wrong)
    except BaseException:
        ledger.close()
        raise
    return ledger


def _revision(ledger: Ledger) -> str | None:
    with ledger.reading() as connection:
        return _revision_of(connection)


def _revision_of(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    return config
